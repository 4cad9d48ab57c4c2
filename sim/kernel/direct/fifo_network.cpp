#include "sim/kernel/direct/fifo_network.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"

namespace soundcheck {

LinkQueue::LinkQueue(const LinkSpec& spec) : nanoseconds_per_byte(1e9 / spec.bytes_per_second) {
  SOUNDCHECK_ASSERT(spec.bytes_per_second > 0, "a link needs a bandwidth");
}

FifoNetwork::FifoNetwork(const Platform& platform, const NetworkState& state) : state_(state) {
  hosts_.reserve(platform.hosts.size());
  planned_.reserve(platform.hosts.size());
  for (const HostSpec& host : platform.hosts) {
    hosts_.push_back({LinkQueue(host.up), LinkQueue(host.down)});
    planned_.push_back(
        {hosts_.back().up.nanoseconds_per_byte, hosts_.back().down.nanoseconds_per_byte});
  }
  for (const ZoneSpec& zone : platform.zones) {
    zones_.push_back({LinkQueue(zone.backbone), LinkQueue(zone.backbone)});
  }
  for (const RegionSpec& region : platform.regions) {
    regions_.push_back({LinkQueue(region.wide_area), LinkQueue(region.wide_area)});
  }
}

// Calls `cross` with each link direction of the route, in its order.
template <class Visitor>
void FifoNetwork::cross_route(HostId from, HostId to, Visitor cross) {
  const NetworkState::Host& source = state_.host(from);
  const NetworkState::Host& target = state_.host(to);
  cross(hosts_[from.index()].up);
  if (source.zone != target.zone) {
    cross(zones_[source.zone].up);
    if (source.region != target.region) {
      cross(regions_[source.region].up);
      cross(regions_[target.region].down);
    }
    cross(zones_[target.zone].down);
  }
  cross(hosts_[to.index()].down);
}

Time FifoNetwork::send(Time now, HostId from, HostId to, std::int64_t bytes) {
  if (from == to) return now + state_.loopback(bytes);
  Time start = now;  // of the message at the link, without latencies
  Time tail = now;
  cross_route(from, to, [&](LinkQueue& link) {
    const Duration length = serialization(bytes, link.nanoseconds_per_byte);
    start = std::max(start, link.free_at);
    link.free_at = std::max(link.free_at, now) + length;
    tail = std::max(tail, start + length);
  });
  return tail + state_.latency(from, to);
}

void FifoNetwork::withdraw(Time now, HostId from, HostId to, std::int64_t bytes) {
  if (from == to) return;
  cross_route(from, to, [&](LinkQueue& link) {
    const Duration length = serialization(bytes, link.nanoseconds_per_byte);
    link.free_at = std::max(now, link.free_at - length);
  });
}

void FifoNetwork::set_bandwidth_factor(HostId host, double factor) {
  hosts_[host.index()].up.nanoseconds_per_byte = planned_[host.index()].up / factor;
  hosts_[host.index()].down.nanoseconds_per_byte = planned_[host.index()].down / factor;
}

}  // namespace soundcheck
