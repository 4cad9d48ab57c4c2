#pragma once

#include "faults/outages.hpp"
#include "sim/core/ids.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// Constructing begins a disturbance of the world, destroying ends it.
class DisturbanceGuard {
 public:
  explicit DisturbanceGuard(World& world) : world_(world) { world_.disturbances().begin(); }
  DisturbanceGuard(const DisturbanceGuard&) = delete;
  DisturbanceGuard& operator=(const DisturbanceGuard&) = delete;
  ~DisturbanceGuard() { world_.disturbances().end(world_.now()); }

 private:
  World& world_;
};

// Constructing cuts the power of a host, destroying brings it back.
class HostOff {
 public:
  HostOff(Outages& outages, HostId host) : outages_(outages), host_(host) {
    outages_.power_off(host_);
  }
  HostOff(const HostOff&) = delete;
  HostOff& operator=(const HostOff&) = delete;
  ~HostOff() { outages_.power_on(host_); }

 private:
  Outages& outages_;
  HostId host_;
};

// Constructing kills a process that runs, destroying starts it again.
class ProcessDown {
 public:
  ProcessDown(Outages& outages, ProcessId process) : outages_(outages), process_(process) {
    outages_.crash(process_);
  }
  ProcessDown(const ProcessDown&) = delete;
  ProcessDown& operator=(const ProcessDown&) = delete;
  ~ProcessDown() { outages_.restart(process_); }

 private:
  Outages& outages_;
  ProcessId process_;
};

// Constructing stops a process where it is, destroying lets it go on. Pauses overlap; a process
// that is killed meanwhile starts again as one that no pause holds.
class PausedProcess {
 public:
  PausedProcess(World& world, ProcessId process) : world_(world), pause_(world.pause(process)) {}
  PausedProcess(const PausedProcess&) = delete;
  PausedProcess& operator=(const PausedProcess&) = delete;
  ~PausedProcess() { world_.resume(pause_); }

 private:
  World& world_;
  ProcessPause pause_;
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

// Constructing arms a failpoint, destroying disarms it.
class ArmedFailpoint {
 public:
  ArmedFailpoint(Failpoints& failpoints, Failpoint failpoint, FailpointWatcher& watcher)
      : failpoints_(failpoints), failpoint_(failpoint), watcher_(watcher) {
    failpoints_.arm(failpoint_, watcher_);
  }
  ArmedFailpoint(const ArmedFailpoint&) = delete;
  ArmedFailpoint& operator=(const ArmedFailpoint&) = delete;
  ~ArmedFailpoint() { failpoints_.disarm(failpoint_, watcher_); }

 private:
  Failpoints& failpoints_;
  Failpoint failpoint_;
  FailpointWatcher& watcher_;
};

}  // namespace soundcheck
