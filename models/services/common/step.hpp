#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/orchestrator/worker/api.hpp"
#include "sim/env/env.hpp"

namespace soundcheck {

// The step of a saga that a request works for. The undo of the step `x` is the task `undo_x` of the
// compensation.
struct Step {
  // 16 hexadecimal digits; empty outside of a saga: then there is nothing to fence.
  std::string saga_id;
  std::string name;  // of the forward step, also for its undo
  bool undo = false;

  bool in_saga() const { return !saga_id.empty(); }
  // The step's idempotency key: the same for each of its attempts.
  std::string key() const { return saga_id + ":" + name + (undo ? ":undo" : ""); }
};

// From a task's reference name.
Step step_of(std::string saga_id, std::string_view reference);
Step step_of(const TaskInput& task);
// From the context that a call inherited from the task it works for.
Step current_step(const Env& env);

std::string saga_text(std::uint64_t saga);

}  // namespace soundcheck
