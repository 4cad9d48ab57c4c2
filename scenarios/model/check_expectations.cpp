#include <algorithm>

#include "scenarios/model/cross_checks.hpp"

namespace soundcheck {

void CrossChecker::check_expectations() {
  const InvariantSelection& invariants = scenario_.expect.invariants;
  for (std::size_t i = 0; i < invariants.names.size(); ++i) {
    check_known({"expect", "invariants", std::to_string(i)}, "invariant", invariants.names[i],
                catalogue_.invariants.names());
  }
  for (std::size_t i = 0; i < scenario_.expect.slo.size(); ++i) {
    check_slo({"expect", "slo", std::to_string(i)}, scenario_.expect.slo[i]);
  }
  const auto& workflows = scenario_.expect.workflows;
  for (std::size_t i = 0; i < workflows.size(); ++i)
    check_workflow_expectation({"expect", "workflows", std::to_string(i)}, workflows[i]);
  const auto& tasks = scenario_.expect.tasks;
  for (std::size_t i = 0; i < tasks.size(); ++i)
    check_task_expectation({"expect", "tasks", std::to_string(i)}, tasks[i]);
  if (scenario_.expect.recovery.within && scenario_.faults.empty()) {
    contradiction({"expect", "recovery"}, "there is no fault to recover from",
                  "remove it, or add faults");
  }
}

void CrossChecker::check_workflow_expectation(const ScenarioPath& path,
                                              const WorkflowExpectation& workflow) {
  ScenarioPath name = path;
  name.emplace_back("workflow");
  if (!workflow.workflow.empty())
    check_known(name, "workflow", workflow.workflow, workflows_.names());
  const bool has_threshold = workflow.completed || workflow.longest || workflow.mean ||
                             workflow.p50 || workflow.p90 || workflow.p95 || workflow.p99 ||
                             workflow.max || workflow.goodput;
  if (!has_threshold && !was_misread(path))
    contradiction(path, "nothing is demanded", "add completed: \">= 99%\" or longest: \"< 10s\"");
  if (workflow.during != SloPhase::kAlways && scenario_.faults.empty()) {
    ScenarioPath during = path;
    during.emplace_back("during");
    contradiction(during, "there is no fault in this scenario", "write always");
  }
}

void CrossChecker::check_task_expectation(const ScenarioPath& path, const TaskExpectation& task) {
  ScenarioPath name = path;
  name.emplace_back("task");
  std::vector<std::string> known;
  for (const auto& [workflow, references] : workflows_)
    known.insert(known.end(), references.begin(), references.end());
  if (!task.task.empty()) check_known(name, "task", task.task, known);
  if (!task.repeated && !task.overlapping && !task.retry_peak && !was_misread(path))
    contradiction(path, "nothing is demanded",
                  "add repeated: 0, overlapping: 0 or retry-peak: \"< 20/s\"");
}

void CrossChecker::check_slo(const ScenarioPath& path, const SloExpectation& slo) {
  const auto below = [&](const char* name) {
    ScenarioPath result = path;
    result.emplace_back(name);
    return result;
  };
  std::vector<std::string> requests = requests_;
  for (const ScenarioWorkload& load : scenario_.workload) {
    if (!load.workflow.empty()) requests.push_back(load.workflow);
  }
  if (!slo.request.empty()) {
    const bool requested =
        std::ranges::any_of(scenario_.workload, [&](const ScenarioWorkload& load) {
          return load.mix.contains(slo.request) || load.workflow == slo.request;
        });
    if (check_known(below("request"), "request type", slo.request, requests) && !requested &&
        !was_misread({"workload"})) {
      contradiction(below("request"), fmt::format("no workload asks for '{}'", slo.request),
                    "add it to a mix");
    }
  }
  const bool has_threshold = slo.success || slo.mean || slo.p50 || slo.p90 || slo.p95 || slo.p99 ||
                             slo.p999 || slo.max || slo.throughput || slo.goodput;
  if (!has_threshold && !was_misread(path)) {
    contradiction(path, "nothing is demanded", "add a threshold, like p99: \"< 400ms\"");
  }
  if (slo.during != SloPhase::kAlways && scenario_.faults.empty()) {
    contradiction(below("during"), "there is no fault in this scenario", "write always");
  }
}

}  // namespace soundcheck
