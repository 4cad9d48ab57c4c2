#include "scenarios/model/workflow_tasks.hpp"

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

bool needs_worker(const conductor::TaskInWorkflow& task) {
  return !conductor::is_system(task.type) && task.type != conductor::TaskType::kDynamic;
}

const std::string& queue_of(const conductor::TaskInWorkflow& task) {
  return task.type == conductor::TaskType::kUserDefined ? task.type_text : task.name;
}

}  // namespace soundcheck
