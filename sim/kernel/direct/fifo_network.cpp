#include "sim/kernel/direct/fifo_network.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"

namespace soundcheck {

LinkQueue::LinkQueue(const LinkSpec& spec) : nanoseconds_per_byte(1e9 / spec.bytes_per_second) {
  SOUNDCHECK_ASSERT(spec.bytes_per_second > 0, "a link needs a bandwidth");
}

FifoNetwork::FifoNetwork(const Platform& platform, const NetworkState& state)
    : state_(state), links_(platform, state) {
  planned_.reserve(platform.hosts.size());
  for (const HostSpec& host : platform.hosts)
    planned_.push_back({1e9 / host.up.bytes_per_second, 1e9 / host.down.bytes_per_second});
}

Time FifoNetwork::send(Time now, HostId from, HostId to, std::int64_t bytes) {
  if (from == to) return now + state_.loopback(bytes);
  Time start = now;  // of the message at the link, without latencies
  Time tail = now;
  links_.cross(from, to, [&](LinkQueue& link) {
    const Duration length = link.length_of(bytes);
    start = std::max(start, link.free_at);
    link.free_at = std::max(link.free_at, now) + length;
    tail = std::max(tail, start + length);
  });
  return tail + state_.latency(from, to);
}

void FifoNetwork::withdraw(Time now, HostId from, HostId to, std::int64_t bytes) {
  if (from == to) return;
  links_.cross(from, to, [&](LinkQueue& link) {
    const Duration length = link.length_of(bytes);
    link.free_at = std::max(now, link.free_at - length);
  });
}

void FifoNetwork::set_bandwidth_factor(HostId host, double factor) {
  links_.of(host).up.set_speed(planned_[host.index()].up / factor);
  links_.of(host).down.set_speed(planned_[host.index()].down / factor);
}

}  // namespace soundcheck
