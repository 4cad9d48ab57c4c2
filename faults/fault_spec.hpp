#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "faults/aim_point.hpp"
#include "faults/replica_role.hpp"
#include "sim/core/distribution.hpp"
#include "sim/core/parameters.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

// The ways of naming what a fault strikes; a route is written as from and to.
enum class TargetForm : std::uint8_t { kService, kDatabase, kHost, kZone, kRegion, kRoute };
std::string_view name_of(TargetForm form);  // the parameter that says it: "service", "from"

// What a fault strikes, by name. One of service, database, host, zone and region, or a route. A
// service's or database's `replica` says which of its processes; a host, zone or region means
// everything in it. The ends of a route are services (`payments`, `clients`, `psp`,
// `payments.database`), zones, regions or hosts, looked up in this order; one left out means
// everybody else.
struct FaultTarget {
  std::optional<std::string> service;
  std::optional<std::string> database;  // of the service of that name
  std::optional<std::string> host;
  std::optional<std::string> zone;
  std::optional<std::string> region;
  std::optional<std::string> from;
  std::optional<std::string> to;
  std::optional<ReplicaRole> replica;  // default: involved if the fault is aimed, else all
  std::optional<std::string> method;   // faults of calls: only that endpoint of the callee

  std::vector<TargetForm> forms() const;  // those that are given, in the order of the enumeration
  static const ParameterTable<FaultTarget>& parameters();
};

// The moment at which an aimed fault strikes: some point of the work on a step of a saga. What is
// left out matches everything.
struct FaultAim {
  std::optional<std::string> saga;     // name of the workflow, forward or undo
  std::optional<std::string> step;     // reference name of the task
  std::optional<std::string> service;  // whose process has come there; default: the target's, if a
                                       // replica of it must be involved
  std::optional<AimPoint> phase;       // default: each of aim_phases() that the kind can strike at
  std::optional<bool> undo;            // only compensations, or only forward work
  std::optional<std::uint32_t> attempt;        // of the step, 1 is the first try
  Probability chance = Probability::always();  // drawn once for each time it is reached
  std::optional<std::uint64_t> occurrence;     // only the n-th time, from 1
  std::optional<std::uint64_t> occurrences;    // at most that many strikes
  static const ParameterTable<FaultAim>& parameters();
};

// One fault of a scenario: what, where, when, for how long. A plain value. Exactly one of `at`,
// `every` and `when` says when, except that `at` may say when an `every` begins.
struct FaultSpec {
  std::string name;                   // what reports call it, and names its random streams; may be
                                      // empty
  std::string kind;                   // one of fault_kinds()
  std::optional<Duration> at;         // after the injector's start
  std::optional<Distribution> every;  // from one start to the next; a start while the last strike
                                      // still lasts is passed over
  std::optional<FaultAim> when;
  std::optional<Duration> lasts;  // left out: until all faults are healed
  FaultTarget target;
  bool may_miss = false;  // the run says something even if no strike had an effect
  Settings settings;      // the kind's own parameters, made from its table
  static const ParameterTable<FaultSpec>& parameters();  // without those of the kind
};

}  // namespace soundcheck
