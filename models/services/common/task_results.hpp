#pragma once

#include <optional>
#include <string>

#include "sim/core/result.hpp"
#include "sim/env/service.hpp"

namespace soundcheck {

// The input of a task as a message type; none when a member has another type than it should.
template <HasFields Input>
std::optional<Input> read_input(const TaskInput& task) {
  Input input;
  if (!from_json_value(task.input, input)) return std::nullopt;
  return input;
}
TaskResult bad_input(const TaskInput& task);

// What a failed step tells the orchestrator. A rejection by business logic is final and starts the
// compensation; every other failure, definite or not, is worth a retry.
TaskResult step_failed(const Error& error);
// What a failed undo tells it: try again. A compensation that gives up leaves a saga half undone.
TaskResult undo_failed(const Error& error);

}  // namespace soundcheck
