#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "models/orchestrator/decider/definition.hpp"
#include "sim/core/json.hpp"

namespace soundcheck {

// The members and indexes that lead to a task from its workflow definition: tasks, 2, forkTasks, 0,
// 1.
using TaskPath = std::vector<std::string>;

// Calls `visit` for each task of a workflow, at any depth, in the order in which they are written.
void for_each_task(
    const conductor::WorkflowDefinition& workflow,
    const std::function<void(const conductor::TaskInWorkflow&, const TaskPath&)>& visit);

// The references of all tasks.
std::vector<std::string> references_of(const conductor::WorkflowDefinition& workflow);

// The task that a scenario names by the way there: order.ship_it.pack is task `pack` of the
// workflow that the SUB_WORKFLOW task `ship_it` of `order` starts. Null if there is none, or if the
// workflow is known only when it runs.
struct NamedTask {
  const conductor::WorkflowDefinition* workflow = nullptr;
  const conductor::TaskInWorkflow* task = nullptr;
  std::string outermost;             // workflow
  std::vector<std::string> through;  // SUB_WORKFLOW tasks
};
NamedTask task_named(const std::string& name,
                     const std::vector<conductor::WorkflowDefinition>& workflows);

// All texts in a definition, among them the names of the workflows and tasks that it uses.
void collect_texts(const Json& json, std::set<std::string>& texts);

// Whether a name is made while the workflow runs.
bool is_expression(const std::string& name);

// Whether a worker has to poll for the task, and the name of the queue where it waits.
bool needs_worker(const conductor::TaskInWorkflow& task);
// A task that somebody outside ends: HUMAN, or a WAIT without a time of its own.
bool needs_person(const conductor::TaskInWorkflow& task);
const std::string& queue_of(const conductor::TaskInWorkflow& task);

// A sentence about an input without which Conductor does not register the task (HTTP, jq): it may
// stand in the template of the task's definition as well. Empty: nothing is missing.
std::string missing_input(const conductor::TaskInWorkflow& task,
                          const std::vector<conductor::TaskDefinition>& definitions);

}  // namespace soundcheck
