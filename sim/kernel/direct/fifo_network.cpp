#include "sim/kernel/direct/fifo_network.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"

namespace soundcheck {

LinkQueue::LinkQueue(const LinkSpec& spec)
    : shared(spec.shared), nanoseconds_per_byte(1e9 / spec.bytes_per_second) {
  SOUNDCHECK_ASSERT(spec.bytes_per_second > 0, "a link needs a bandwidth");
}

FifoNetwork::FifoNetwork(const Platform& platform, const NetworkState& state)
    : state_(state), links_(platform, state) {
  planned_.reserve(platform.hosts.size());
  for (const HostSpec& host : platform.hosts)
    planned_.push_back({1e9 / host.up.bytes_per_second, 1e9 / host.down.bytes_per_second});
}

template <class LengthOf>
Time FifoNetwork::book(Time now, HostId from, HostId to, LengthOf length_of) {
  Time start = now;  // of the message at the link, without latencies
  Time tail = now;
  links_.cross(from, to, [&](LinkQueue& link) {
    const Duration length = length_of(link);
    start = std::max(start, link.free_at);
    if (link.shared) link.free_at = std::max(link.free_at, now) + length;
    tail = std::max(tail, start + length);
  });
  return tail;
}

Time FifoNetwork::send(Time now, HostId from, HostId to, std::int64_t bytes) {
  if (from == to) return now + state_.loopback(bytes) - state_.latency(from, to);
  return book(now, from, to, [bytes](LinkQueue& link) { return link.length_of(bytes); });
}

Time FifoNetwork::send_rest(Time now, HostId from, HostId to, double bytes) {
  return book(now, from, to, [bytes](const LinkQueue& link) {
    return serialization(bytes, link.nanoseconds_per_byte);
  });
}

double FifoNetwork::withdraw(Time now, HostId from, HostId to, double bytes, Time through) {
  if (from == to || through <= now) return 0;
  double slowest = 0;  // nanoseconds for a byte: the pace of the message on all of its links
  links_.cross(from, to, [&](const LinkQueue& link) {
    slowest = std::max(slowest, link.nanoseconds_per_byte);
  });
  const double rest = std::min(bytes, static_cast<double>((through - now).count()) / slowest);
  links_.cross(from, to, [&](LinkQueue& link) {
    const Duration length = serialization(rest, link.nanoseconds_per_byte);
    link.free_at = std::max(now, link.free_at - length);
  });
  return rest;
}

void FifoNetwork::set_bandwidth_factor(HostId host, double factor) {
  links_.of(host).up.set_speed(planned_[host.index()].up / factor);
  links_.of(host).down.set_speed(planned_[host.index()].down / factor);
}

}  // namespace soundcheck
