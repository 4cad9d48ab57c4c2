#include "scenarios/model/workflow_tasks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace soundcheck {
namespace {

using Visit = std::function<void(const conductor::TaskInWorkflow&, const TaskPath&)>;

TaskPath below(TaskPath path, std::initializer_list<std::string> steps) {
  path.insert(path.end(), steps);
  return path;
}

void walk(const std::vector<conductor::TaskInWorkflow>& tasks, const TaskPath& list,
          const Visit& visit) {
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const conductor::TaskInWorkflow& task = tasks[i];
    const TaskPath here = below(list, {std::to_string(i)});
    visit(task, here);
    for (const auto& [name, inner] : task.decision_cases)
      walk(inner, below(here, {"decisionCases", name}), visit);
    walk(task.default_case, below(here, {"defaultCase"}), visit);
    for (std::size_t branch = 0; branch < task.fork_tasks.size(); ++branch)
      walk(task.fork_tasks[branch], below(here, {"forkTasks", std::to_string(branch)}), visit);
    walk(task.loop_over, below(here, {"loopOver"}), visit);
  }
}

}  // namespace

void for_each_task(const conductor::WorkflowDefinition& workflow, const Visit& visit) {
  walk(workflow.tasks, {"tasks"}, visit);
}

std::vector<std::string> references_of(const conductor::WorkflowDefinition& workflow) {
  std::vector<std::string> references;
  for_each_task(workflow, [&](const conductor::TaskInWorkflow& task, const TaskPath&) {
    references.push_back(task.reference);
  });
  return references;
}

void collect_texts(const Json& json, std::set<std::string>& texts) {
  if (json.is_string()) texts.insert(json.get<std::string>());
  if (json.is_structured()) {
    for (const Json& element : json) collect_texts(element, texts);
  }
}

bool is_expression(const std::string& name) {
  return name.find('$') != std::string::npos;
}

bool needs_worker(const conductor::TaskInWorkflow& task) {
  return !conductor::is_system(task.type) && task.type != conductor::TaskType::kDynamic;
}

bool needs_person(const conductor::TaskInWorkflow& task) {
  if (task.type == conductor::TaskType::kHuman) return true;
  return task.type == conductor::TaskType::kWait && !task.input_parameters.contains("duration") &&
         !task.input_parameters.contains("until");
}

std::string missing_input(const conductor::TaskInWorkflow& task,
                          const std::vector<conductor::TaskDefinition>& definitions) {
  std::vector<std::string_view> needed;  // one of them
  if (task.type == conductor::TaskType::kHttp) needed = {"http_request", "uri", "method"};
  if (task.type == conductor::TaskType::kJsonJqTransform) needed = {"queryExpression"};
  const auto has_one = [&](const Json& inputs) {
    return std::ranges::any_of(needed,
                               [&](std::string_view name) { return inputs.contains(name); });
  };
  if (needed.empty() || has_one(task.input_parameters)) return {};
  if (task.task_definition && has_one(task.task_definition->input_template)) return {};
  const auto registered =
      std::ranges::find(definitions, task.name, &conductor::TaskDefinition::name);
  if (registered != definitions.end() && has_one(registered->input_template)) return {};
  return fmt::format("'{}' needs '{}' among its inputs: Conductor would refuse to register it",
                     task.reference, fmt::join(needed, "' or '"));
}

const std::string& queue_of(const conductor::TaskInWorkflow& task) {
  return task.type == conductor::TaskType::kUserDefined ? task.type_text : task.name;
}

namespace {

const conductor::WorkflowDefinition* workflow_called(
    const std::string& name, const std::vector<conductor::WorkflowDefinition>& workflows) {
  const auto found = std::ranges::find(workflows, name, &conductor::WorkflowDefinition::name);
  return found == workflows.end() ? nullptr : &*found;
}

const conductor::TaskInWorkflow* task_called(const conductor::WorkflowDefinition& workflow,
                                             const std::string& reference) {
  const conductor::TaskInWorkflow* found = nullptr;
  for_each_task(workflow, [&](const conductor::TaskInWorkflow& task, const TaskPath&) {
    if (task.reference == reference) found = &task;
  });
  return found;
}

}  // namespace

NamedTask task_named(const std::string& name,
                     const std::vector<conductor::WorkflowDefinition>& workflows) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t dot = std::min(name.find('.', begin), name.size());
    parts.push_back(name.substr(begin, dot - begin));
    begin = dot + 1;
  }
  NamedTask named;
  if (parts.size() < 2) return named;
  const conductor::WorkflowDefinition* workflow = workflow_called(parts.front(), workflows);
  for (std::size_t i = 1; workflow != nullptr; ++i) {
    const conductor::TaskInWorkflow* const task = task_called(*workflow, parts[i]);
    if (task == nullptr) return {};
    if (i + 1 == parts.size())
      return {workflow, task, parts.front(), {parts.begin() + 1, parts.end() - 1}};
    workflow = task->sub_workflow ? workflow_called(task->sub_workflow->name, workflows) : nullptr;
  }
  return {};
}

}  // namespace soundcheck
