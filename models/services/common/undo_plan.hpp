#pragma once

#include <string>
#include <vector>

#include "models/orchestrator/worker/api.hpp"
#include "sim/core/json.hpp"
#include "sim/env/service.hpp"

namespace soundcheck {

// Which steps of a failed workflow a compensation undoes.
enum class UndoRule : std::uint8_t {
  // Every step that was ever handed to a worker, whatever became of it: a task that failed or timed
  // out may have taken effect all the same. The reference design.
  kHandedOut,
  kCompletedOnly,  // the defect undo_completed_only
  kAll,            // the defect blind_undo: without looking
};
UndoRule undo_rule_of(const ServiceSettings& settings);

// `rows` are the task rows of the failed execution as Conductor gives them (failedWorkflow.tasks),
// `steps` the references that have an undo, in the order of doing. Returns those to undo, last one
// first.
std::vector<std::string> undo_plan(const Json& rows, const std::vector<std::string>& steps,
                                   UndoRule rule);

// The worker task `plan_undo`: input {tasks, steps}; output {undo: [references, in the order of
// undoing], plan: {reference: "undo" or "skip"}}, for SWITCH tasks to look at.
TaskResult plan_undo(const TaskInput& task, UndoRule rule);

}  // namespace soundcheck
