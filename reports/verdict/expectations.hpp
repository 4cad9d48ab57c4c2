#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/ledger/saga_record.hpp"
#include "reports/verdict/bound.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

// What must hold, as the scenario's `expect:` says it. Plain values that the scenario layer fills
// in.

// Part of the load that an objective is about.
enum class Period : std::uint8_t {
  kAlways,
  kFaults,  // what met an active fault
  kBefore,  // the first fault
  kAfter    // while none is active, but some have been
};
std::string_view name_of(Period period);  // "faults"

// The latency that a share of what succeeded may take; 1 is the slowest.
struct LatencyObjective {
  double share = 0.99;
  Bound<Duration> bound;
};

// A service level objective for one request type.
struct Objective {
  std::string request;  // a request type; empty: all together
  Period during = Period::kAlways;
  std::optional<Bound<double>> success;  // share of the ended requests, 0 to 1
  std::vector<LatencyObjective> latency;
  std::optional<Bound<Duration>> mean;
  // Per second of the period, of the load, of what ended in it:
  std::optional<Bound<double>> throughput;  // successful requests, the goodput
  std::optional<Bound<double>> answered;    // requests that ended, however
};

// How many sagas may end in a way, by SagaOutcome; nothing: as many as like.
using SagaLimits = std::array<std::optional<std::uint64_t>, kSagaOutcomes>;

// How executions of one workflow must end, from end to end.
struct WorkflowGoal {
  std::string workflow;
  Period during = Period::kAlways;
  // Share of the started ones, 0 to 1; in a period of those that met it, ended or not.
  std::optional<Bound<double>> completed;
  std::optional<Bound<Duration>> longest;  // of those that ended
  // Of the sagas that began with it, and completed.
  std::vector<LatencyObjective> latency;
  std::optional<Bound<Duration>> mean;
  std::optional<Bound<double>> throughput;  // completed sagas per second
};

// How often scripted workers may do the work of one task.
struct TaskGoal {
  std::string task;                          // its reference, without the number of an iteration
  std::optional<std::uint64_t> repeated;     // at most
  std::optional<std::uint64_t> overlapping;  // at most
  std::optional<Bound<double>> retry_peak;   // further attempts in the busiest second
};

struct Expectations {
  // The run may pass though nothing, or nearly nothing, of what was asked succeeded.
  bool may_fail = false;
  // Every invariant whose tables are there; or only those listed, each of which must then have
  // something to check.
  bool all_invariants = true;
  std::vector<std::string> invariants;
  // Nothing, or just that: none stuck and none inconsistent, if there are sagas. Other limits are
  // unknown when no saga was started.
  std::optional<SagaLimits> sagas;
  std::vector<WorkflowGoal> workflows;
  std::vector<TaskGoal> tasks;
  std::vector<Objective> objectives;
  std::optional<Duration> recovery_within;  // of each fault, after its end
};

}  // namespace soundcheck
