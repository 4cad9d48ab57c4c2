#include "sim/kernel/network_state.hpp"

#include "sim/core/assert.hpp"

namespace soundcheck {

NetworkState::NetworkState(const Platform& platform)
    : loopback_latency_(platform.loopback.latency),
      loopback_nanoseconds_per_byte_(1e9 / platform.loopback.bytes_per_second) {
  for (const RegionSpec& region : platform.regions) wide_areas_.push_back(region.wide_area.latency);
  for (const ZoneSpec& zone : platform.zones) {
    SOUNDCHECK_ASSERT(zone.region.index() < platform.regions.size(), "zone '{}' has no region",
                      zone.name);
    backbones_.push_back(zone.backbone.latency);
  }
  hosts_.reserve(platform.hosts.size());
  planned_.reserve(platform.hosts.size());
  for (const HostSpec& host : platform.hosts) {
    SOUNDCHECK_ASSERT(host.zone.index() < platform.zones.size(), "host '{}' has no zone",
                      host.name);
    SOUNDCHECK_ASSERT(host.cores > 0 && host.speed > 0, "host '{}' cannot compute", host.name);
    hosts_.push_back({.up_latency = host.up.latency,
                      .down_latency = host.down.latency,
                      .zone = host.zone.index(),
                      .region = platform.zones[host.zone.index()].region.index()});
    planned_.push_back({host.up.latency, host.down.latency});
  }
}

Duration NetworkState::loopback(std::int64_t bytes) const {
  return loopback_latency_ + serialization(bytes, loopback_nanoseconds_per_byte_);
}

void NetworkState::set_extra_latency(HostId id, Duration extra) {
  hosts_[id.index()].up_latency = planned_[id.index()].up + extra;
  hosts_[id.index()].down_latency = planned_[id.index()].down + extra;
}

}  // namespace soundcheck
