#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/ids.hpp"
#include "sim/core/time.hpp"
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
  void resume(ProcessPause pause);
  // When a fault last healed that left the process standing still, because another holds it.
  Time left_paused(ProcessId process) const { return left_paused_[process.index()]; }
  // When a fault last healed that left the host or the process down, because another holds it.
  Time left_down(HostId host) const { return hosts_[host.index()].left_down; }
  Time left_down(ProcessId process) const { return processes_[process.index()].left_down; }

 private:
  struct Holds {
    std::uint32_t faults = 0;  // that want it down
    Time left_down = Time::never();
  };

  World& world_;
  std::vector<Holds> hosts_;
  std::vector<Holds> processes_;
  std::vector<Time> left_paused_;
  std::vector<bool> owed_start_;  // of a process: would have started, but its host was off
};

}  // namespace soundcheck
