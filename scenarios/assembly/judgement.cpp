#include "scenarios/assembly/judgement.hpp"

#include <fmt/format.h>

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

Objective objective_of(const SloExpectation& slo) {
  Objective objective;
  objective.request = slo.request;
  objective.during = period_of(slo.during);
  if (slo.success) {
    objective.success =
        Bound<double>{comparison_of(slo.success->comparison), slo.success->value.share()};
  }
  const auto latency = [&objective](double share,
                                    const std::optional<Threshold<Duration>>& threshold) {
    if (threshold)
      objective.latency.push_back(
          {share, {comparison_of(threshold->comparison), threshold->value}});
  };
  latency(0.5, slo.p50);
  latency(0.9, slo.p90);
  latency(0.95, slo.p95);
  latency(0.99, slo.p99);
  latency(0.999, slo.p999);
  latency(1, slo.max);
  if (slo.mean)
    objective.mean = Bound<Duration>{comparison_of(slo.mean->comparison), slo.mean->value};
  if (slo.throughput) {
    objective.answered = Bound<double>{comparison_of(slo.throughput->comparison),
                                       slo.throughput->value.count_per_second()};
  }
  if (slo.goodput) {
    objective.throughput = Bound<double>{comparison_of(slo.goodput->comparison),
                                         slo.goodput->value.count_per_second()};
  }
  return objective;
}

WorkflowGoal goal_of(const WorkflowExpectation& from) {
  WorkflowGoal goal;
  goal.workflow = from.workflow;
  if (from.completed) {
    goal.completed =
        Bound<double>{comparison_of(from.completed->comparison), from.completed->value.share()};
  }
  if (from.longest)
    goal.longest = Bound<Duration>{comparison_of(from.longest->comparison), from.longest->value};
  return goal;
}

TaskGoal goal_of(const TaskExpectation& from) {
  TaskGoal goal;
  goal.task = from.task;
  if (from.repeated) goal.repeated = static_cast<std::uint64_t>(*from.repeated);
  if (from.overlapping) goal.overlapping = static_cast<std::uint64_t>(*from.overlapping);
  if (from.retry_peak) {
    goal.retry_peak = Bound<double>{comparison_of(from.retry_peak->comparison),
                                    from.retry_peak->value.count_per_second()};
  }
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
