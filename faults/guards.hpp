#pragma once

#include <cstdint>

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
  HostOff(Outages& outages, HostId host)
      : outages_(outages),
        host_(host),
        since_(outages.world().now()),
        was_on_(outages.world().host_on(host)) {
    outages_.power_off(host_);
  }
  HostOff(const HostOff&) = delete;
  HostOff& operator=(const HostOff&) = delete;
  ~HostOff() { outages_.power_on(host_); }

  // It went down for this, or stays down longer than others wanted.
  bool has_effect() const {
    const Time others_healed = outages_.left_down(host_);
    return was_on_ || (others_healed >= since_ && others_healed < outages_.world().now());
  }

 private:
  Outages& outages_;
  HostId host_;
  Time since_;
  bool was_on_;
};

// Constructing kills a process that runs, destroying starts it again.
class ProcessDown {
 public:
  ProcessDown(Outages& outages, ProcessId process)
      : outages_(outages),
        process_(process),
        since_(outages.world().now()),
        was_running_(outages.world().running(process)) {
    outages_.crash(process_);
  }
  ProcessDown(const ProcessDown&) = delete;
  ProcessDown& operator=(const ProcessDown&) = delete;
  ~ProcessDown() { outages_.restart(process_); }

  // It ended for this, or stays down longer than others wanted.
  bool has_effect() const {
    const Time others_healed = outages_.left_down(process_);
    return was_running_ || (others_healed >= since_ && others_healed < outages_.world().now());
  }

 private:
  Outages& outages_;
  ProcessId process_;
  Time since_;
  bool was_running_;
};

// Constructing stops a process where it is, destroying lets it go on. Pauses overlap; a process
// that is killed meanwhile starts again as one that no pause holds.
class PausedProcess {
 public:
  PausedProcess(Outages& outages, ProcessId process)
      : outages_(outages),
        since_(outages.world().now()),
        was_paused_(outages.world().paused(process)),
        pause_(outages.world().pause(process)) {}
  PausedProcess(const PausedProcess&) = delete;
  PausedProcess& operator=(const PausedProcess&) = delete;
  ~PausedProcess() { outages_.resume(pause_); }

  // It stopped for this, or stands still longer than others wanted.
  bool has_effect() const {
    const Time others_healed = outages_.left_paused(pause_.process);
    return !was_paused_ || (others_healed >= since_ && others_healed < outages_.world().now());
  }

 private:
  Outages& outages_;
  Time since_;
  bool was_paused_;
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
  // Messages that it has held back or lost.
  std::uint64_t messages() const { return network_.messages_hit(rule_); }

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
