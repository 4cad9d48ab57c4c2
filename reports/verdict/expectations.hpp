#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/ledger/saga_record.hpp"
#include "reports/verdict/bound.hpp"
#include "reports/verdict/invariant_selection.hpp"
#include "sim/core/parameters.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

// What must hold, as the scenario's `expect:` says it.

// Part of the load that a goal is about.
enum class Period : std::uint8_t {
  kAlways,
  kFaults,  // what met an active fault
  kBefore,  // the first fault
  kAfter    // while none is active, but some have been
};

// What requests and sagas have in common: how long those that succeed take, and how many of them
// there are in a second.
struct WorkGoal {
  Period during = Period::kAlways;
  std::optional<Bound<Duration>> mean, p50, p90, p95, p99, p999, max;
  // Of those that ended while the period lasted: well, and however.
  std::optional<Bound<Rate>> goodput, throughput;

  // By the share of values that a percentile is not below; that of the slowest is 1.
  struct Percentile {
    std::string_view name;
    double share;
    std::optional<Bound<Duration>> WorkGoal::* bound;
  };
  static const std::array<Percentile, 6>& percentiles();
  bool demands_something() const;
  static const ParameterTable<WorkGoal>& parameters();
};

// A service level objective.
struct Objective : WorkGoal {
  std::string request;                       // a request type; empty: all together
  std::optional<Bound<Percentage>> success;  // share of the ended requests
  bool demands_something() const;
  static const ParameterTable<Objective>& parameters();
};

// How executions of one workflow must end, from end to end; whoever started them.
struct WorkflowGoal : WorkGoal {
  std::string workflow;
  // Of the started ones; in a period of those that met it, ended or not.
  std::optional<Bound<Percentage>> completed;
  std::optional<Bound<Duration>> longest;  // of those that ended, in the whole run
  bool demands_something() const;
  static const ParameterTable<WorkflowGoal>& parameters();
};

// How many sagas may end in a way, at most: 3, or "<= 5%" of all.
struct SagaLimit {
  std::uint32_t count = 0;
  std::optional<Bound<Percentage>> share;  // in place of the count
  bool operator==(const SagaLimit& other) const;
};

// How sagas must end, all workflows together; the limits are those of the whole run. No limit: as
// many as like.
struct SagaGoal : WorkGoal {
  using Limit = std::optional<SagaLimit>;
  Limit stuck = SagaLimit();
  Limit inconsistent = SagaLimit();
  Limit needs_human, failed, compensated, not_undone;
  std::optional<Bound<Percentage>> completed;  // in a period of those that met it
  Limit limit_of(SagaOutcome outcome) const;
  static const ParameterTable<SagaGoal>& parameters();
};

// How often scripted workers may do the work of one task.
struct TaskGoal {
  std::string task;                          // its reference, without the number of an iteration
  std::optional<std::uint32_t> repeated;     // executions whose work was done before, at most
  std::optional<std::uint32_t> overlapping;  // begun while another worker was at it, at most
  std::optional<Bound<Rate>> retry_peak;     // further attempts in the busiest second
  bool demands_something() const { return repeated || overlapping || retry_peak; }
  static const ParameterTable<TaskGoal>& parameters();
};

// After each fault, or the last of those that follow one another, everything must be as before.
struct RecoveryGoal {
  std::optional<Duration> within;
  static const ParameterTable<RecoveryGoal>& parameters();
};

struct Expectations {
  InvariantSelection invariants;
  SagaGoal sagas;
  std::vector<WorkflowGoal> workflows;
  std::vector<TaskGoal> tasks;
  std::vector<Objective> objectives;
  RecoveryGoal recovery;
  // The run may pass though nothing, or nearly nothing, of what was asked succeeded.
  bool may_fail = false;
  static const ParameterTable<Expectations>& parameters();
};

template <>
struct ParameterForm<SagaLimit> {
  static std::string phrase() { return "a whole number, or a share such as \"<= 5%\""; }
  static void read(const ParameterNode& node, SagaLimit& into, ParameterReader& reader);
  static ParameterNode print(const SagaLimit& value);
  static Json schema(SchemaWriter& writer);
};
template <>
struct ParameterChoices<Period> {
  static constexpr ParameterChoice<Period> kChoices[] = {
      {Period::kAlways, "always", "the whole load"},
      {Period::kBefore, "before", "before the first fault"},
      {Period::kFaults, "faults", "while a fault is active"},
      {Period::kAfter, "after", "after the last fault was healed"},
  };
};

}  // namespace soundcheck
