#include <algorithm>
#include <set>
#include <string>

#include "scenarios/model/cross_checks.hpp"
#include "scenarios/model/workflow_tasks.hpp"
#include "sim/core/did_you_mean.hpp"

namespace soundcheck {
namespace {

ScenarioPath joined(ScenarioPath path, const TaskPath& more) {
  path.insert(path.end(), more.begin(), more.end());
  return path;
}

bool is_scripted(const Scenario& scenario, const conductor::WorkflowDefinition& workflow,
                 const conductor::TaskInWorkflow& task) {
  return std::ranges::any_of(scenario.workers, [&](const auto& worker) {
    return worker.first == task.reference || worker.first == queue_of(task) ||
           worker.first == workflow.name + "." + task.reference ||
           task_named(worker.first, scenario.workflows).task == &task;
  });
}

}  // namespace

// What Conductor would find out when it comes there: names of workflows and tasks that nobody has
// registered, or that nobody works on.
void CrossChecker::check_workflows() {
  for (std::size_t i = 0; i < scenario_.workflows.size(); ++i) {
    const conductor::WorkflowDefinition& workflow = scenario_.workflows[i];
    const ScenarioPath path = {"workflows", std::to_string(i)};
    const bool is_ours =
        scenario_.architecture != kOwnArchitecture && catalogue_.sagas.contains(workflow.name);
    if (is_ours) {
      contradiction(joined(path, {"name"}),
                    fmt::format("'{}' is a saga of the program", workflow.name),
                    "give your workflow another name, or write architecture: own");
    }
    if (!workflow.failure_workflow.empty() && !is_expression(workflow.failure_workflow)) {
      check_known(joined(path, {"failureWorkflow"}), "workflow", workflow.failure_workflow,
                  workflows_.names());
    }
    for_each_task(workflow, [&](const conductor::TaskInWorkflow& task, const TaskPath& inside) {
      check_task(joined(path, inside), workflow, task);
    });
  }
  check_workers();
  check_domains();
  check_sagas();
}

void CrossChecker::check_task(const ScenarioPath& path,
                              const conductor::WorkflowDefinition& workflow,
                              const conductor::TaskInWorkflow& task) {
  if (task.sub_workflow && !task.sub_workflow->workflow_definition.is_object() &&
      !task.sub_workflow->name.empty() && !is_expression(task.sub_workflow->name)) {
    check_known(joined(path, {"subWorkflowParam", "name"}), "workflow", task.sub_workflow->name,
                workflows_.names());
  }
  if (const std::string missing = missing_input(task, scenario_.tasks); !missing.empty())
    report(MistakeCode::kBadDefinition, path, Point::kValue, missing);
  if (!needs_worker(task) || task.reference.empty() || was_misread({"workers"})) return;
  const std::string* const worker =
      scenario_.architecture == kOwnArchitecture
          ? nullptr
          : catalogue_.workflows.workers_of_tasks.find(queue_of(task));
  if (worker != nullptr || is_scripted(scenario_, workflow, task)) return;
  const std::string nearest = nearest_name(task.reference, scenario_.workers.names());
  report(MistakeCode::kUnknownName, joined(path, {"taskReferenceName"}), Point::kValue,
         fmt::format("nobody works on '{}': it would wait for ever", task.reference),
         nearest.empty()
             ? fmt::format("add workers: {{ {}: [ {{ time: 100ms }} ] }}", task.reference)
             : fmt::format("did you mean '{}' under workers?", nearest));
}

// Every name under `workers` is a task's reference or name.
void CrossChecker::check_workers() {
  std::vector<std::string> known;
  std::set<std::string> met;
  const auto add = [&](const std::string& name) {
    if (!name.empty() && met.insert(name).second) known.push_back(name);
  };
  std::vector<std::string> qualified;
  std::set<std::string> workers, persons;  // by all their names
  for (const conductor::WorkflowDefinition& workflow : scenario_.workflows) {
    for_each_task(workflow, [&](const conductor::TaskInWorkflow& task, const TaskPath&) {
      if (!needs_worker(task) && !needs_person(task)) return;
      add(task.reference);
      add(queue_of(task));
      const std::string name = workflow.name + "." + task.reference;
      qualified.push_back(name);
      auto& whose = needs_worker(task) ? workers : persons;
      whose.insert({task.reference, queue_of(task), name});
    });
  }
  for (const conductor::TaskDefinition& task : scenario_.tasks) add(task.name);
  for (const auto& [name, script] : scenario_.workers) {
    const ScenarioPath path = {"workers", name};
    const NamedTask inside = task_named(name, scenario_.workflows);
    const bool leads_there = inside.task != nullptr && !inside.through.empty();
    if (leads_there && !needs_worker(*inside.task)) {
      contradiction(path, fmt::format("no worker works on '{}'", inside.task->reference),
                    "only tasks of workers have scripts inside a sub-workflow");
    } else if (!leads_there && std::ranges::find(qualified, name) == qualified.end()) {
      const bool has_dot = name.find('.') != std::string::npos;
      check_known(path, "task", name, has_dot ? qualified : known, Point::kName);
    }
    const std::string* const worker = catalogue_.workflows.workers_of_tasks.find(name);
    if (worker != nullptr && scenario_.architecture != kOwnArchitecture) {
      contradiction(path, fmt::format("'{}' works on '{}' already", *worker, name),
                    "give your task another name");
    }
    if (script.empty() && !was_misread(path))
      contradiction(path, "the script is empty", "write what is done: [ { time: 100ms } ]");
    check_script(path, script);
    if (persons.contains(name) && workers.contains(name))
      contradiction(path, "it names a task for a worker and one for a person",
                    "write two scripts: workflow.reference names one task");
    else
      check_actor(path, script, persons.contains(name));
  }
}

// What only a worker can do, or only a person.
void CrossChecker::check_actor(const ScenarioPath& path,
                               const std::vector<orchestrator::ScriptedWork>& script,
                               bool is_person) {
  for (std::size_t i = 0; i < script.size(); ++i) {
    const ScenarioPath entry = joined(path, {std::to_string(i)});
    const orchestrator::ScriptedWork& work = script[i];
    if (!is_person && work.chance < Probability::always())
      contradiction(below(entry, "chance"), "only persons may never do a task",
                    "a worker that dies is a fault: process.crash");
    if (is_person && work.heartbeat)
      contradiction(below(entry, "heartbeat"), "persons give no signs of life", "remove it");
    if (is_person && !work.domain.empty())
      contradiction(below(entry, "domain"), "persons poll in no domain", "remove it");
    if (is_person && work.status == TaskStatus::kInProgress)
      contradiction(below(entry, "status"), "a person has done a task, or has not",
                    "write chance: 0% for one who never does it");
  }
}

void CrossChecker::check_script(const ScenarioPath& path,
                                const std::vector<orchestrator::ScriptedWork>& script) {
  for (std::size_t i = 0; i < script.size(); ++i) {
    const orchestrator::ScriptedWork& work = script[i];
    const ScenarioPath entry = joined(path, {std::to_string(i)});
    if (work.callback_after && work.status != TaskStatus::kInProgress) {
      contradiction(joined(entry, {"callback_after"}),
                    fmt::format("a task that is {} does not come back", to_text(work.status)),
                    "write status: IN_PROGRESS");
    }
    const bool last = std::none_of(
        script.begin() + static_cast<std::ptrdiff_t>(i) + 1, script.end(),
        [&](const orchestrator::ScriptedWork& later) { return later.domain == work.domain; });
    if (work.status == TaskStatus::kInProgress && last) {
      contradiction(joined(entry, {"status"}),
                    "the last entry repeats, so this task would be in progress for ever",
                    "add what follows, such as { status: COMPLETED }");
    }
  }
}

void CrossChecker::check_started_workflow(const ScenarioPath& path, const ScenarioWorkload& load) {
  const auto below = [&path](const char* name) {
    ScenarioPath result = path;
    result.emplace_back(name);
    return result;
  };
  if (load.workflow.empty()) {
    const auto refuse = [&](const char* name) {
      contradiction(below(name), "nothing is started that could have it", "add 'workflow'");
    };
    if (!load.input.empty()) refuse("input");
    if (load.cancel) refuse("cancel");
    if (!load.task_to_domain.empty()) refuse("task_to_domain");
    return;
  }
  check_known(below("workflow"), "workflow", load.workflow, workflows_.names());
  if (!load.mix.empty()) {
    contradiction(below("mix"), "every request starts the workflow, so there is no mix",
                  "make it two workloads");
  }
}

}  // namespace soundcheck
