#include "models/services/common/step.hpp"

#include <fmt/format.h>

#include <utility>

namespace soundcheck {

Step step_of(std::string saga_id, std::string_view reference) {
  constexpr std::string_view kUndo = "undo_";
  const bool undo = reference.starts_with(kUndo);
  if (undo) reference.remove_prefix(kUndo.size());
  return Step{std::move(saga_id), std::string(reference), undo};
}

Step step_of(const TaskInput& task) {
  return step_of(task.saga_id, task.reference);
}

Step current_step(const Env& env) {
  const SagaContext& saga = env.context()->saga;
  if (saga.saga == 0 || !saga.step.valid()) return Step{};
  return step_of(saga_text(saga.saga), env.runtime().name_of(saga.step));
}

std::string saga_text(std::uint64_t saga) {
  return fmt::format("{:016x}", saga);
}

}  // namespace soundcheck
