#pragma once

#include <optional>
#include <string>

#include "models/orchestrator/worker/api.hpp"
#include "sim/core/result.hpp"

namespace soundcheck {

bool is_null_in(const TaskInput& task, std::string_view member);

// The input of a task as a message type; none when a member is null or has another type than it
// should. Null is what an orchestrator that died in the middle of a retry leaves: the expression
// names the output of the newer attempt, which has none yet, while the older one was taken for the
// end of the step. The retry of this task reads its input anew.
template <HasFields Input>
std::optional<Input> read_input(const TaskInput& task) {
  Input input;
  const bool complete =
      std::apply([&](const auto&... field) { return (!is_null_in(task, field.name) && ...); },
                 Input::fields());
  if (!complete || !from_json_value(task.input, input)) return std::nullopt;
  return input;
}
// Failed, to be tried again, when a member is null; failed for good otherwise.
TaskResult bad_input(const TaskInput& task);

// What a failed step tells the orchestrator. A rejection by business logic is final and starts the
// compensation; every other failure, definite or not, is worth a retry.
TaskResult step_failed(const Error& error);
// What a failed undo tells it: try again. A compensation that gives up leaves a saga half undone.
TaskResult undo_failed(const Error& error);

}  // namespace soundcheck
