#include "scenarios/assembly/judgement.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <utility>
#include <vector>

#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

std::optional<std::string> given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

FaultTarget target_of(const ScenarioFaultTarget& from) {
  FaultTarget target;
  target.service = given(from.service);
  target.database = given(from.database);
  target.host = given(from.host);
  target.zone = given(from.zone);
  target.region = given(from.region);
  target.from = given(from.from);
  target.to = given(from.to);
  target.method = given(from.method);
  if (!from.replica.empty())
    target.replica = *parse_replica_role(from.replica);  // checked when it was read
  return target;
}

FaultAim aim_of(const ScenarioFaultAim& from) {
  FaultAim aim;
  aim.saga = given(from.saga);
  aim.step = given(from.step);
  aim.service = given(from.service);
  aim.undo = from.undo;
  if (!from.phase.empty()) aim.phase = *parse_aim_point(from.phase);
  aim.chance = from.chance;
  if (from.attempt) aim.attempt = static_cast<std::uint32_t>(*from.attempt);
  if (from.occurrence) aim.occurrence = static_cast<std::uint64_t>(*from.occurrence);
  if (from.occurrences) aim.occurrences = static_cast<std::uint64_t>(*from.occurrences);
  return aim;
}

Comparison comparison_of(ThresholdComparison comparison) {
  switch (comparison) {
    case ThresholdComparison::kLess:
      return Comparison::kLess;
    case ThresholdComparison::kLessOrEqual:
      return Comparison::kAtMost;
    case ThresholdComparison::kGreater:
      return Comparison::kGreater;
    case ThresholdComparison::kGreaterOrEqual:
      return Comparison::kAtLeast;
  }
  __builtin_unreachable();
}

Period period_of(SloPhase phase) {
  switch (phase) {
    case SloPhase::kAlways:
      return Period::kAlways;
    case SloPhase::kBefore:
      return Period::kBefore;
    case SloPhase::kFaults:
      return Period::kFaults;
    case SloPhase::kAfter:
      return Period::kAfter;
  }
  __builtin_unreachable();
}

std::optional<Bound<Duration>> bound_of(const std::optional<Threshold<Duration>>& threshold) {
  if (!threshold) return std::nullopt;
  return Bound<Duration>{comparison_of(threshold->comparison), threshold->value};
}

std::optional<Bound<double>> bound_of(const std::optional<Threshold<Percentage>>& threshold) {
  if (!threshold) return std::nullopt;
  return Bound<double>{comparison_of(threshold->comparison), threshold->value.share()};
}

std::optional<Bound<double>> bound_of(const std::optional<Threshold<Rate>>& threshold) {
  if (!threshold) return std::nullopt;
  return Bound<double>{comparison_of(threshold->comparison), threshold->value.count_per_second()};
}

// Those that are there.
template <class Expectation>
std::vector<LatencyObjective> latencies_of(
    const Expectation& expectation,
    std::initializer_list<std::pair<double, std::optional<Threshold<Duration>> Expectation::*>>
        percentiles) {
  std::vector<LatencyObjective> latencies;
  for (const auto& [share, threshold] : percentiles) {
    if (const auto bound = bound_of(expectation.*threshold)) latencies.push_back({share, *bound});
  }
  return latencies;
}

Objective objective_of(const SloExpectation& slo) {
  Objective objective;
  objective.request = slo.request;
  objective.during = period_of(slo.during);
  objective.success = bound_of(slo.success);
  objective.latency = latencies_of(slo, {{0.5, &SloExpectation::p50},
                                         {0.9, &SloExpectation::p90},
                                         {0.95, &SloExpectation::p95},
                                         {0.99, &SloExpectation::p99},
                                         {0.999, &SloExpectation::p999},
                                         {1, &SloExpectation::max}});
  objective.mean = bound_of(slo.mean);
  objective.answered = bound_of(slo.throughput);
  objective.throughput = bound_of(slo.goodput);
  return objective;
}

WorkflowGoal goal_of(const WorkflowExpectation& from) {
  WorkflowGoal goal;
  goal.workflow = from.workflow;
  goal.during = period_of(from.during);
  goal.completed = bound_of(from.completed);
  goal.longest = bound_of(from.longest);
  goal.latency = latencies_of(from, {{0.5, &WorkflowExpectation::p50},
                                     {0.9, &WorkflowExpectation::p90},
                                     {0.95, &WorkflowExpectation::p95},
                                     {0.99, &WorkflowExpectation::p99},
                                     {1, &WorkflowExpectation::max}});
  goal.mean = bound_of(from.mean);
  goal.throughput = bound_of(from.goodput);
  return goal;
}

TaskGoal goal_of(const TaskExpectation& from) {
  TaskGoal goal;
  goal.task = from.task;
  if (from.repeated) goal.repeated = static_cast<std::uint64_t>(*from.repeated);
  if (from.overlapping) goal.overlapping = static_cast<std::uint64_t>(*from.overlapping);
  goal.retry_peak = bound_of(from.retry_peak);
  return goal;
}

std::string target_text(const ScenarioFaultTarget& target) {
  if (!target.from.empty() || !target.to.empty()) {
    return fmt::format("{} -> {}", target.from.empty() ? "all" : target.from,
                       target.to.empty() ? "all" : target.to);
  }
  if (!target.database.empty()) return target.database + ".database";
  for (const std::string* name : {&target.service, &target.host, &target.zone, &target.region}) {
    if (!name->empty()) return *name;
  }
  return "all";
}

}  // namespace

FaultSpec fault_spec_of(const ScenarioFault& fault) {
  FaultSpec spec;
  spec.name = fault.name;
  spec.kind = fault.kind;
  spec.at = fault.at;
  spec.every = fault.every;
  if (fault.when) spec.when = aim_of(*fault.when);
  spec.lasts = fault.lasts;
  spec.target = target_of(fault.target);
  spec.settings = fault.settings;
  return spec;
}

Expectations expectations_of(const ScenarioExpectations& expect) {
  Expectations expectations;
  expectations.all_invariants = expect.invariants.kind == InvariantSelection::Kind::kAll;
  expectations.invariants = expect.invariants.names;
  SagaLimits limits;
  const auto limit = [&limits](SagaOutcome outcome, std::optional<int> most) {
    if (most) limits[static_cast<std::size_t>(outcome)] = static_cast<std::uint64_t>(*most);
  };
  limit(SagaOutcome::kStuck, expect.sagas.stuck);
  limit(SagaOutcome::kInconsistent, expect.sagas.inconsistent);
  limit(SagaOutcome::kNeedsHuman, expect.sagas.needs_human);
  limit(SagaOutcome::kFailedCleanly, expect.sagas.failed);
  limit(SagaOutcome::kCompensated, expect.sagas.compensated);
  limit(SagaOutcome::kNotUndone, expect.sagas.not_undone);
  expectations.sagas = limits;
  for (const WorkflowExpectation& workflow : expect.workflows)
    expectations.workflows.push_back(goal_of(workflow));
  for (const TaskExpectation& task : expect.tasks) expectations.tasks.push_back(goal_of(task));
  for (const SloExpectation& slo : expect.slo) expectations.objectives.push_back(objective_of(slo));
  expectations.recovery_within = expect.recovery.within;
  expectations.may_fail = expect.may_fail;
  return expectations;
}

std::vector<FaultFact> fault_facts_of(const Scenario& scenario) {
  std::vector<FaultFact> facts;
  for (const ScenarioFault& fault : scenario.faults) {
    facts.push_back({.number = static_cast<std::int64_t>(facts.size()),
                     .kind = fault.kind,
                     .target = target_text(fault.target),
                     .name = fault.name});
  }
  return facts;
}

}  // namespace soundcheck
