#include <algorithm>

#include "scenarios/model/cross_checks.hpp"

namespace soundcheck {

void CrossChecker::check_expectations() {
  const InvariantSelection& invariants = scenario_.expect.invariants;
  for (std::size_t i = 0; i < invariants.names.size(); ++i) {
    check_known({"expect", "invariants", std::to_string(i)}, "invariant", invariants.names[i],
                catalogue_.invariants.names());
  }
  for (std::size_t i = 0; i < scenario_.expect.objectives.size(); ++i) {
    check_objective({"expect", "slo", std::to_string(i)}, scenario_.expect.objectives[i]);
  }
  const auto& workflows = scenario_.expect.workflows;
  for (std::size_t i = 0; i < workflows.size(); ++i)
    check_workflow_expectation({"expect", "workflows", std::to_string(i)}, workflows[i]);
  const auto& tasks = scenario_.expect.tasks;
  for (std::size_t i = 0; i < tasks.size(); ++i)
    check_task_expectation({"expect", "tasks", std::to_string(i)}, tasks[i]);
  check_saga_goal({"expect", "sagas"}, scenario_.expect.sagas);
  if (scenario_.expect.recovery.within && scenario_.faults.empty()) {
    contradiction({"expect", "recovery"}, "there is no fault to recover from",
                  "remove it, or add faults");
  }
}

void CrossChecker::check_saga_goal(const ScenarioPath& path, const SagaGoal& sagas) {
  if (sagas.during != Period::kAlways && !sagas.completed && !sagas.demands_something() &&
      !was_misread(path)) {
    contradiction(path, "the limits are those of the whole run: during says nothing",
                  "add completed: \">= 99%\" or p99: \"< 10s\"");
  }
  check_during(path, sagas);
}

void CrossChecker::check_workflow_expectation(const ScenarioPath& path,
                                              const WorkflowGoal& workflow) {
  ScenarioPath name = path;
  name.emplace_back("workflow");
  if (!workflow.workflow.empty())
    check_known(name, "workflow", workflow.workflow, workflows_.names());
  if (!workflow.demands_something() && !was_misread(path))
    contradiction(path, "nothing is demanded", "add completed: \">= 99%\" or longest: \"< 10s\"");
  check_during(path, workflow);
}

// A part of the run that faults make, of a run without any.
void CrossChecker::check_during(const ScenarioPath& path, const WorkGoal& goal) {
  if (goal.during == Period::kAlways || !scenario_.faults.empty()) return;
  ScenarioPath during = path;
  during.emplace_back("during");
  contradiction(during, "there is no fault in this scenario", "write always");
}

void CrossChecker::check_task_expectation(const ScenarioPath& path, const TaskGoal& task) {
  ScenarioPath name = path;
  name.emplace_back("task");
  std::vector<std::string> known;
  for (const auto& [workflow, references] : workflows_)
    known.insert(known.end(), references.begin(), references.end());
  if (!task.task.empty()) check_known(name, "task", task.task, known);
  if (!task.demands_something() && !was_misread(path))
    contradiction(path, "nothing is demanded",
                  "add repeated: 0, overlapping: 0 or retry-peak: \"< 20/s\"");
}

void CrossChecker::check_objective(const ScenarioPath& path, const Objective& objective) {
  const auto below = [&](const char* name) {
    ScenarioPath result = path;
    result.emplace_back(name);
    return result;
  };
  std::vector<std::string> requests = requests_;
  for (const ScenarioWorkload& load : scenario_.workload) {
    if (!load.workflow.empty()) requests.push_back(load.workflow);
  }
  if (!objective.request.empty()) {
    const bool requested =
        std::ranges::any_of(scenario_.workload, [&](const ScenarioWorkload& load) {
          return load.mix.contains(objective.request) || load.workflow == objective.request;
        });
    if (check_known(below("request"), "request type", objective.request, requests) && !requested &&
        !was_misread({"workload"})) {
      contradiction(below("request"), fmt::format("no workload asks for '{}'", objective.request),
                    "add it to a mix");
    }
  }
  if (!objective.demands_something() && !was_misread(path)) {
    contradiction(path, "nothing is demanded", "add a threshold, like p99: \"< 400ms\"");
  }
  check_during(path, objective);
}

}  // namespace soundcheck
