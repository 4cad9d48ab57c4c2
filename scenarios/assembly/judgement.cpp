#include "scenarios/assembly/judgement.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <utility>
#include <vector>

#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

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

std::string target_text(const FaultTarget& target) {
  if (target.from || target.to)
    return fmt::format("{} -> {}", target.from.value_or("all"), target.to.value_or("all"));
  if (target.database) return *target.database + ".database";
  for (const auto* name : {&target.service, &target.host, &target.zone, &target.region}) {
    if (*name) return **name;
  }
  return "all";
}

}  // namespace

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
  for (const FaultSpec& fault : scenario.faults) {
    const bool by_chance = fault.when && fault.when->chance < Probability::always();
    facts.push_back({.number = static_cast<std::int64_t>(facts.size()),
                     .kind = fault.kind,
                     .target = target_text(fault.target),
                     .name = fault.name,
                     .by_chance = by_chance,
                     .may_miss = fault.may_miss});
  }
  return facts;
}

}  // namespace soundcheck
