#include "scenarios/model/stated_sagas.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "scenarios/model/workflow_tasks.hpp"
#include "sim/core/letters.hpp"

namespace soundcheck {
namespace {

using conductor::TaskInWorkflow;
using conductor::WorkflowDefinition;

struct UndoName {
  std::string_view step;  // empty: the undo's name ends with the whole name of the step
  std::string_view undo;
};
constexpr UndoName kUndoNames[] = {
#define SOUNDCHECK_UNDO(step, undo) {step, undo},
#define SOUNDCHECK_UNDO_OF(undo) {"", undo},
#include "scenarios/model/undo_names.def"
};

// "car" of book_car, book-car or bookCar; nothing if the name does not begin with that verb.
std::optional<std::string_view> object_of(std::string_view name, std::string_view verb) {
  if (verb.empty()) return name;
  if (!name.starts_with(verb) || name.size() <= verb.size() + 1) return std::nullopt;
  name.remove_prefix(verb.size());
  if (name.front() == '_' || name.front() == '-') return name.substr(1);
  if (is_upper_case(name.front())) return name;
  return std::nullopt;
}

bool same_object(std::string_view one, std::string_view other) {
  return !one.empty() && in_lower_case(one.front()) == in_lower_case(other.front()) &&
         one.substr(1) == other.substr(1);
}

bool undoes(std::string_view undo, std::string_view step) {
  return std::ranges::any_of(kUndoNames, [&](const UndoName& names) {
    const auto undone = object_of(undo, names.undo);
    const auto done = object_of(step, names.step);
    return undone && done && same_object(*undone, *done);
  });
}

// The workflows of the scenario and how they hang together, by name.
class Family {
 public:
  explicit Family(const Scenario& scenario) : scenario_(scenario) {}

  // All tasks that run when one of this workflow has failed: those of its failure workflow and of
  // those of the workflows that it is a part of, with their sub-workflows.
  std::vector<const TaskInWorkflow*> undo_tasks(const std::string& workflow) const {
    std::vector<const TaskInWorkflow*> tasks;
    std::set<std::string> wholes;
    add_wholes(workflow, wholes);
    std::set<std::string> visited;
    for (const std::string& whole : wholes) {
      each_named(whole, [&](const WorkflowDefinition& definition) {
        add_tasks(definition.failure_workflow, tasks, visited);
      });
    }
    return tasks;
  }
  // It and its sub-workflows, at any depth.
  std::set<std::string> parts(const std::string& workflow) const {
    std::set<std::string> found;
    add_parts(workflow, found);
    return found;
  }

 private:
  template <class Visit>
  void each_named(const std::string& name, const Visit& visit) const {
    for (const WorkflowDefinition& definition : scenario_.workflows) {
      if (definition.name == name) visit(definition);
    }
  }
  static bool has_part(const WorkflowDefinition& definition, const std::string& name) {
    bool found = false;
    for_each_task(definition, [&](const TaskInWorkflow& task, const TaskPath&) {
      found = found || (task.sub_workflow && task.sub_workflow->name == name);
    });
    return found;
  }
  void add_wholes(const std::string& workflow, std::set<std::string>& found) const {
    if (!found.insert(workflow).second) return;
    for (const WorkflowDefinition& definition : scenario_.workflows) {
      if (has_part(definition, workflow)) add_wholes(definition.name, found);
    }
  }
  void add_parts(const std::string& workflow, std::set<std::string>& found) const {
    if (!found.insert(workflow).second) return;
    each_named(workflow, [&](const WorkflowDefinition& definition) {
      for_each_task(definition, [&](const TaskInWorkflow& task, const TaskPath&) {
        if (task.sub_workflow) add_parts(task.sub_workflow->name, found);
      });
    });
  }
  void add_tasks(const std::string& workflow, std::vector<const TaskInWorkflow*>& tasks,
                 std::set<std::string>& visited) const {
    if (workflow.empty() || !visited.insert(workflow).second) return;
    each_named(workflow, [&](const WorkflowDefinition& definition) {
      for_each_task(definition, [&](const TaskInWorkflow& task, const TaskPath&) {
        tasks.push_back(&task);
        if (task.sub_workflow) add_tasks(task.sub_workflow->name, tasks, visited);
      });
      add_tasks(definition.failure_workflow, tasks, visited);
    });
  }

  const Scenario& scenario_;
};

bool may_take_effect(const TaskInWorkflow& task) {
  return needs_worker(task) || task.type == conductor::TaskType::kHttp;
}

std::optional<StepStatement> guess(const TaskInWorkflow& step,
                                   const std::vector<const TaskInWorkflow*>& undo_tasks) {
  std::set<std::string> found;
  for (const TaskInWorkflow* const undo : undo_tasks) {
    if (undoes(undo->name, step.name) || undoes(undo->reference, step.reference))
      found.insert(undo->reference);
  }
  if (found.size() != 1) return std::nullopt;
  return StepStatement{.undo = *found.begin()};
}

template <class Choice>
std::optional<Choice> choice_of(const Json& metadata, const char* member) {
  const auto text = metadata.find(member);
  if (text == metadata.end() || !text->is_string()) return std::nullopt;
  const std::string word = in_lower_case(text->get<std::string>());
  for (const auto& choice : ParameterChoices<Choice>::kChoices) {
    if (choice.name == word) return choice.value;
  }
  return std::nullopt;
}

// Metadata are the user's own: what is none of our words says nothing.
std::optional<StepStatement> stated_in(const Json& task) {
  const auto metadata = task.is_object() ? task.find("metadata") : task.end();
  if (!task.is_object() || metadata == task.end() || !metadata->is_object()) return std::nullopt;
  const auto role = choice_of<StepRole>(*metadata, "role");
  const auto undo = metadata->find("undo");
  const bool has_undo = undo != metadata->end() && undo->is_string();
  if (!role && !has_undo) return std::nullopt;
  StepStatement statement;
  statement.role = role.value_or(StepRole::kCompensatable);
  if (has_undo) statement.undo = undo->get<std::string>();
  statement.guard = choice_of<StepGuard>(*metadata, "guard").value_or(StepGuard::kNone);
  return statement;
}

const StepStatement* find(const Named<StepStatement>& steps, const TaskInWorkflow& task) {
  const StepStatement* const by_reference = steps.find(task.reference);
  return by_reference != nullptr ? by_reference : steps.find(task.name);
}

std::string role_text(StepRole role) {
  return in_upper_case(to_text(role));
}

void add_plan(const std::string& workflow, const std::vector<TaskInWorkflow>& tasks,
              const SagaStatements& statements,
              std::vector<std::pair<std::string, std::string>>& plan) {
  const Named<StepStatement>& steps = *statements.find(workflow);
  for (const TaskInWorkflow& task : tasks) {
    if (const StepStatement* const step = find(steps, task)) {
      const std::string& stated = steps.contains(task.reference) ? task.reference : task.name;
      plan.emplace_back(step_name(statements, workflow, stated, task.reference),
                        role_text(step->role));
    }
    for (const auto& branch : task.fork_tasks) add_plan(workflow, branch, statements, plan);
  }
}

}  // namespace

SagaStatements statements_of(const Scenario& scenario) {
  SagaStatements statements = scenario.sagas;
  const Family family(scenario);
  for (const WorkflowDefinition& workflow : scenario.workflows) {
    const auto undo_tasks = family.undo_tasks(workflow.name);
    const Named<StepStatement>* const given = scenario.sagas.find(workflow.name);
    for_each_task(workflow, [&](const TaskInWorkflow& task, const TaskPath&) {
      if (!may_take_effect(task) || (given != nullptr && find(*given, task) != nullptr)) return;
      std::optional<StepStatement> statement = stated_in(task.source);
      if (!statement) statement = guess(task, undo_tasks);
      if (statement)
        statements.at_or_add(workflow.name).at_or_add(task.reference) = std::move(*statement);
    });
  }
  return statements;
}

std::vector<std::string> unjudged_workflows(const Scenario& scenario,
                                            const SagaStatements& statements) {
  std::vector<std::string> unjudged;
  const Family family(scenario);
  for (const WorkflowDefinition& workflow : scenario.workflows) {
    const auto parts = family.parts(workflow.name);
    const bool stated = std::ranges::any_of(parts, [&](const std::string& part) {
      const Named<StepStatement>* const steps = statements.find(part);
      return steps != nullptr && !steps->empty();
    });
    if (!stated && std::ranges::find(unjudged, workflow.name) == unjudged.end())
      unjudged.push_back(workflow.name);
  }
  return unjudged;
}

std::vector<std::pair<std::string, std::string>> plan_of(const WorkflowDefinition& workflow,
                                                         const SagaStatements& statements) {
  std::vector<std::pair<std::string, std::string>> plan;
  if (statements.contains(workflow.name)) add_plan(workflow.name, workflow.tasks, statements, plan);
  return plan;
}

}  // namespace soundcheck
