#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "sim/kernel/platform.hpp"

namespace soundcheck::test {

// Hosts of these names side by side in one zone: between two of them are only the up link of the
// one and the down link of the other. All are like `host`.
inline Platform one_zone(std::vector<std::string> names, HostSpec host = {}) {
  Platform platform;
  platform.regions = {{"region", {}}};
  platform.zones = {{"zone", RegionId(0), {}}};
  host.zone = ZoneId(0);
  for (std::string& name : names) {
    host.name = std::move(name);
    platform.hosts.push_back(host);
  }
  return platform;
}

// The same, called host-0, host-1, ...
inline Platform one_zone(std::size_t hosts, HostSpec host = {}) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < hosts; ++i) names.push_back("host-" + std::to_string(i));
  return one_zone(std::move(names), std::move(host));
}

// A host with links of this latency in either direction that no number of bytes fills.
inline HostSpec linked_by(Duration latency) {
  HostSpec host;
  host.up = host.down = {latency, 1e18};
  return host;
}

}  // namespace soundcheck::test
