#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/world/world.hpp"

namespace soundcheck {

// Everything about a world that faults can change, as a value: when all faults have healed, it is
// what it was before the first one.
struct WorldCondition {
  struct OfProcess {
    ProcessState state = ProcessState::kDown;
    bool paused = false;
    Duration clock_offset;
    bool operator==(const OfProcess&) const = default;
  };
  std::vector<bool> hosts_on;
  std::vector<OfProcess> processes;
  std::size_t network_rules = 0;
  std::array<std::size_t, kFailpointCount> watchers{};  // of each failpoint
  std::uint32_t disturbances = 0;
  bool operator==(const WorldCondition&) const = default;
};
WorldCondition condition_of(const World& world);

// What differs from `before` now: "host payments-0 is off", "2 network rules are in force, not 0".
std::vector<std::string> differences(const World& world, const WorldCondition& before);

}  // namespace soundcheck
