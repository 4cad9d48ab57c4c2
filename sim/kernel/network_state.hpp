#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/ids.hpp"
#include "sim/core/time.hpp"
#include "sim/kernel/platform.hpp"

namespace soundcheck {

// How long `bytes` take at this rate: rounds up to a nanosecond, but what a double adds of its own
// (far below a thousandth) does not count.
inline Duration serialization(double bytes, double nanoseconds_per_byte) {
  const double exact = bytes * nanoseconds_per_byte - 1e-3;
  const auto whole = static_cast<std::int64_t>(exact);
  return Duration::nanoseconds(whole + (static_cast<double>(whole) < exact ? 1 : 0));
}
inline Duration serialization(std::int64_t bytes, double nanoseconds_per_byte) {
  return serialization(static_cast<double>(bytes), nanoseconds_per_byte);
}

// What both kernels know of the network without asking a model of it: which hosts and links are on,
// and how long the way is. Bandwidth and queueing are the kernel's own business.
class NetworkState {
 public:
  struct Host {
    Duration up_latency;  // with what set_extra_latency added
    Duration down_latency;
    std::uint32_t zone = 0;
    std::uint32_t region = 0;
    bool on = true;
    bool link_on = true;
    bool reachable = true;  // both
  };

  explicit NetworkState(const Platform& platform);

  const Host& host(HostId id) const { return hosts_[id.index()]; }
  void set_host_on(HostId id, bool on) {
    Host& host = hosts_[id.index()];
    host.on = on;
    host.reachable = on && host.link_on;
  }
  void set_link_on(HostId id, bool on) {
    Host& host = hosts_[id.index()];
    host.link_on = on;
    host.reachable = on && host.on;
  }
  // On top of the platform's latency, in each direction.
  void set_extra_latency(HostId id, Duration extra);

  // Whether a message may set out: both hosts on and, unless it stays on its host, both links.
  bool open(HostId from, HostId to) const {
    const Host& source = host(from);
    if (source.reachable && host(to).reachable) [[likely]]
      return true;
    return from == to && source.on;
  }

  // What a message from a host to itself takes: the loopback does not queue and no link failure
  // touches it.
  Duration loopback(std::int64_t bytes) const;

  Duration latency(HostId from, HostId to) const {
    if (from == to) return loopback_latency_;
    const Host& source = host(from);
    const Host& target = host(to);
    Duration total = source.up_latency + target.down_latency;
    if (source.zone != target.zone) total += backbones_[source.zone] + backbones_[target.zone];
    if (source.region != target.region)
      total += wide_areas_[source.region] + wide_areas_[target.region];
    return total;
  }

 private:
  struct Links {
    Duration up;
    Duration down;
  };
  std::vector<Host> hosts_;
  std::vector<Links> planned_;  // the platform's latencies
  std::vector<Duration> backbones_;
  std::vector<Duration> wide_areas_;
  Duration loopback_latency_;
  double loopback_nanoseconds_per_byte_;
};

}  // namespace soundcheck
