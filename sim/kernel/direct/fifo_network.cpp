#include "sim/kernel/direct/fifo_network.hpp"

#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

// A message on its way through the links of its route, without their latencies.
struct Head {
  Time now;
  std::int64_t bytes;
  Time start;
  Time tail;

  void cross(LinkQueue& link) {
    const Duration length = serialization(bytes, link.nanoseconds_per_byte);
    if (link.free_at > start) start = link.free_at;
    link.free_at = (link.free_at > now ? link.free_at : now) + length;
    if (start + length > tail) tail = start + length;
  }
};

}  // namespace

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

Time FifoNetwork::send(Time now, HostId from, HostId to, std::int64_t bytes) {
  if (from == to) return now + state_.loopback(bytes);
  const Duration latency = state_.latency(from, to);
  const NetworkState::Host& source = state_.host(from);
  const NetworkState::Host& target = state_.host(to);
  Head head{now, bytes, now, now};
  head.cross(hosts_[from.index()].up);
  if (source.zone != target.zone) {
    head.cross(zones_[source.zone].up);
    if (source.region != target.region) {
      head.cross(regions_[source.region].up);
      head.cross(regions_[target.region].down);
    }
    head.cross(zones_[target.zone].down);
  }
  head.cross(hosts_[to.index()].down);
  return head.tail + latency;
}

void FifoNetwork::set_bandwidth_factor(HostId host, double factor) {
  hosts_[host.index()].up.nanoseconds_per_byte = planned_[host.index()].up / factor;
  hosts_[host.index()].down.nanoseconds_per_byte = planned_[host.index()].down / factor;
}

void FifoNetwork::forget_backlog(HostId host) {
  hosts_[host.index()].up.free_at = {};
  hosts_[host.index()].down.free_at = {};
}

}  // namespace soundcheck
