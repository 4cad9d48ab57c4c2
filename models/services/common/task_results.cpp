#include "models/services/common/task_results.hpp"

#include <fmt/format.h>

namespace soundcheck {
namespace {

std::string reason_of(const Error& error) {
  if (error.text.empty()) return std::string(name_of(error.code));
  return fmt::format("{}: {}", name_of(error.code), error.text.str());
}

bool rejected(const Error& error) {
  return error.definite && is_rejection(error.code);
}

}  // namespace

bool is_null_in(const TaskInput& task, std::string_view member) {
  const auto found = task.input.find(member);
  return found != task.input.end() && found->is_null();
}

TaskResult bad_input(const TaskInput& task) {
  for (const auto& [member, value] : task.input.items()) {
    if (value.is_null())
      return TaskResult::failed(
          fmt::format("the input of {} has no {} yet", task.reference, member));
  }
  return TaskResult::terminal(
      fmt::format("the input of {} has a member of the wrong type", task.reference));
}

TaskResult step_failed(const Error& error) {
  return rejected(error) ? TaskResult::terminal(reason_of(error))
                         : TaskResult::failed(reason_of(error));
}

TaskResult undo_failed(const Error& error) {
  return TaskResult::failed(reason_of(error));
}

}  // namespace soundcheck
