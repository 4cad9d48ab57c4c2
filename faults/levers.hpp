#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/ids.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// What all faults of a run know in common about hosts and processes, so that they compose: a host
// is up again when the last fault that wants it down has healed, and a process starts again when
// nothing keeps it down and its host is on. Used through the guards below. Outlives them; the world
// outlives it.
class Levers {
 public:
  explicit Levers(World& world);

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

// Constructing ends the calm of the world, destroying restores it if nothing else disturbs it.
class CalmBroken {
 public:
  explicit CalmBroken(World& world) : world_(world) { world_.disturbances().begin(); }
  CalmBroken(const CalmBroken&) = delete;
  CalmBroken& operator=(const CalmBroken&) = delete;
  ~CalmBroken() { world_.disturbances().end(world_.now()); }

 private:
  World& world_;
};

// Constructing cuts the power of a host, destroying brings it back.
class HostOff {
 public:
  HostOff(Levers& levers, HostId host) : levers_(levers), host_(host) { levers_.power_off(host_); }
  HostOff(const HostOff&) = delete;
  HostOff& operator=(const HostOff&) = delete;
  ~HostOff() { levers_.power_on(host_); }

 private:
  Levers& levers_;
  HostId host_;
};

// Constructing kills a process that runs, destroying starts it again.
class ProcessDown {
 public:
  ProcessDown(Levers& levers, ProcessId process) : levers_(levers), process_(process) {
    levers_.crash(process_);
  }
  ProcessDown(const ProcessDown&) = delete;
  ProcessDown& operator=(const ProcessDown&) = delete;
  ~ProcessDown() { levers_.restart(process_); }

 private:
  Levers& levers_;
  ProcessId process_;
};

// Constructing puts a rule in force on the network, destroying takes it away.
class RuleInForce {
 public:
  RuleInForce(Network& network, NetworkRule rule)
      : network_(network), rule_(network.add_rule(std::move(rule))) {}
  RuleInForce(const RuleInForce&) = delete;
  RuleInForce& operator=(const RuleInForce&) = delete;
  ~RuleInForce() { network_.remove_rule(rule_); }

 private:
  Network& network_;
  NetworkRuleId rule_;
};

// Constructing arms a checkpoint, destroying disarms it.
class ArmedCheckpoint {
 public:
  ArmedCheckpoint(Checkpoints& checkpoints, Checkpoint checkpoint, CheckpointWatcher& watcher)
      : checkpoints_(checkpoints), checkpoint_(checkpoint), watcher_(watcher) {
    checkpoints_.arm(checkpoint_, watcher_);
  }
  ArmedCheckpoint(const ArmedCheckpoint&) = delete;
  ArmedCheckpoint& operator=(const ArmedCheckpoint&) = delete;
  ~ArmedCheckpoint() { checkpoints_.disarm(checkpoint_, watcher_); }

 private:
  Checkpoints& checkpoints_;
  Checkpoint checkpoint_;
  CheckpointWatcher& watcher_;
};

}  // namespace soundcheck
