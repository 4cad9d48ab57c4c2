#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/model/text_forms.hpp"

namespace soundcheck {

// Which invariants are checked: all, none, or those of a list.
struct InvariantSelection {
  enum class Kind { kAll, kNone, kSome } kind = Kind::kAll;
  std::vector<std::string> names;  // of kSome
};

// How many sagas may end each way, at most.
struct SagaExpectation {
  int stuck = 0;
  int inconsistent = 0;
  std::optional<int> needs_human;
  std::optional<int> failed;
  std::optional<int> compensated;
  std::optional<int> not_undone;
  static const ParameterTable<SagaExpectation>& parameters();
};

// The part of the run that is measured.
enum class SloPhase { kAlways, kBefore, kFaults, kAfter };

struct SloExpectation {
  std::string request;  // a request type of the workload; empty: all requests together
  SloPhase during = SloPhase::kAlways;
  std::optional<Threshold<Percentage>> success;
  std::optional<Threshold<Duration>> mean, p50, p90, p95, p99, p999, max;
  std::optional<Threshold<Rate>> throughput;  // requests answered
  std::optional<Threshold<Rate>> goodput;     // requests answered with success
  static const ParameterTable<SloExpectation>& parameters();
};

// How executions of one workflow end, whoever started them.
struct WorkflowExpectation {
  std::string workflow;
  SloPhase during = SloPhase::kAlways;
  std::optional<Threshold<Percentage>> completed;                    // of all that were started
  std::optional<Threshold<Duration>> longest;                        // of those that ended, however
  std::optional<Threshold<Duration>> mean, p50, p90, p95, p99, max;  // of those that completed
  std::optional<Threshold<Rate>> goodput;                            // completed
  static const ParameterTable<WorkflowExpectation>& parameters();
};

// How scripted workers fare with one task.
struct TaskExpectation {
  std::string task;                // its reference
  std::optional<int> repeated;     // executions whose work was done before, at most
  std::optional<int> overlapping;  // executions begun while another worker was at it, at most
  std::optional<Threshold<Rate>> retry_peak;  // further attempts in the busiest second
  static const ParameterTable<TaskExpectation>& parameters();
};

// After the last fault was healed, everything must be as before within this time.
struct RecoveryExpectation {
  std::optional<Duration> within;
  static const ParameterTable<RecoveryExpectation>& parameters();
};

struct ScenarioExpectations {
  InvariantSelection invariants;
  SagaExpectation sagas;
  std::vector<WorkflowExpectation> workflows;
  std::vector<TaskExpectation> tasks;
  std::vector<SloExpectation> slo;
  RecoveryExpectation recovery;
  bool may_fail = false;  // nothing has to succeed
  static const ParameterTable<ScenarioExpectations>& parameters();
};

template <>
struct ParameterChoices<SloPhase> {
  static constexpr ParameterChoice<SloPhase> kChoices[] = {
      {SloPhase::kAlways, "always", "the whole load"},
      {SloPhase::kBefore, "before", "before the first fault"},
      {SloPhase::kFaults, "faults", "while a fault is active"},
      {SloPhase::kAfter, "after", "after the last fault was healed"},
  };
};
template <>
struct ParameterForm<InvariantSelection> {
  static std::string phrase() { return "all, none or a list of invariants"; }
  static void read(const ParameterNode& node, InvariantSelection& into, ParameterReader& reader);
  static ParameterNode print(const InvariantSelection& value);
  static Json schema(SchemaWriter& writer);
};

}  // namespace soundcheck
