#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/ids.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// What all faults of a run know in common about hosts and processes, so that they compose: a host
// is up again when the last fault that wants it down has healed, and a process starts again when
// nothing keeps it down and its host is on. Used through the guards (guards.hpp). Outlives them;
// the world outlives it.
class Outages {
 public:
  explicit Outages(World& world);

  World& world() { return world_; }
  void power_off(HostId host);
  void power_on(HostId host);
  void crash(ProcessId process);
  void restart(ProcessId process);

 private:
  World& world_;
  std::vector<std::uint32_t> host_holds_;     // faults that want the host down
  std::vector<std::uint32_t> process_holds_;  // crashes that have not let it start again
  std::vector<bool> owed_start_;              // would have started, but its host was off
};

}  // namespace soundcheck
