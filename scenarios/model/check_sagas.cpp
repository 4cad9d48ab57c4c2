// What `sagas:` states, against the workflows that it speaks of.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "scenarios/model/cross_checks.hpp"
#include "scenarios/model/workflow_tasks.hpp"

namespace soundcheck {
namespace {

// The references and names of a workflow's tasks. `open`: some are only known when it runs.
struct KnownTasks {
  std::vector<std::string> names;
  bool open = false;
};

void add_tasks(const conductor::WorkflowDefinition& workflow, KnownTasks& known) {
  for_each_task(workflow, [&](const conductor::TaskInWorkflow& task, const TaskPath&) {
    using conductor::TaskType;
    known.names.push_back(task.reference);
    if (task.name != task.reference) known.names.push_back(task.name);
    const bool inline_child =
        task.sub_workflow && !task.sub_workflow->workflow_definition.is_null();
    known.open = known.open || inline_child || task.type == TaskType::kDynamic ||
                 task.type == TaskType::kForkJoinDynamic;
  });
}

}  // namespace

void CrossChecker::check_sagas() {
  for (const auto& [workflow, steps] : scenario_.sagas) {
    const ScenarioPath path = {"sagas", workflow};
    if (scenario_.architecture != kOwnArchitecture && catalogue_.sagas.contains(workflow)) {
      contradiction(
          path, fmt::format("the steps of '{}' are known: it is a saga of the program", workflow),
          "remove it");
      continue;
    }
    std::vector<std::string> own;
    bool open = false;
    for (const conductor::WorkflowDefinition& definition : scenario_.workflows) {
      own.push_back(definition.name);
      KnownTasks known;
      add_tasks(definition, known);
      open = open || known.open;
    }
    const bool is_inline = open && std::ranges::find(own, workflow) == own.end();
    if (!is_inline && !check_known(path, "workflow", workflow, own, Point::kName)) continue;
    for (const auto& [step, statement] : steps)
      check_step(below(path, step), workflow, step, statement);
  }
}

void CrossChecker::check_step(const ScenarioPath& path, const std::string& workflow,
                              const std::string& step, const StepStatement& statement) {
  KnownTasks own;
  KnownTasks all;
  for (const conductor::WorkflowDefinition& definition : scenario_.workflows) {
    add_tasks(definition, all);
    if (definition.name == workflow) add_tasks(definition, own);
  }
  if (!own.open && !own.names.empty())
    check_known(path, "task", step, own.names, Point::kName, workflow);
  if (!statement.undo.empty()) {
    if (!all.open) check_known(below(path, "undo"), "task", statement.undo, all.names);
    const bool can_be_undone =
        statement.role == StepRole::kCompensatable || statement.role == StepRole::kPivot;
    if (!can_be_undone) {
      contradiction(below(path, "undo"),
                    fmt::format("a step that is {} is not undone", to_text(statement.role)),
                    "write role: compensatable, or remove undo");
    }
  } else if (statement.role == StepRole::kCompensatable && !was_misread(path)) {
    warn(path, Point::kName, fmt::format("nothing undoes '{}'", step),
         "name the task that does: undo: cancel_it; or write another role");
  }
}

}  // namespace soundcheck
