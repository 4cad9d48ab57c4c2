#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "models/orchestrator/decider/blueprint.hpp"
#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// The branches of a FORK_JOIN_DYNAMIC, made from its evaluated input.
struct DynamicFork {
  struct Branch {
    std::shared_ptr<const Node> node;
  };
  std::vector<Branch> branches;
  Json inputs = Json::object();  // reference -> what is added to that branch's input
};

// In the order Conductor tries them: the shorthand (forkTaskName or forkTaskWorkflow with a list of
// forkTaskInputs; references _name_0, _name_1, ...), dynamicForkTasksParam with a map of inputs, or
// the deprecated dynamicForkJoinTasksParam. The error is the reason the workflow fails with.
std::expected<DynamicFork, std::string> make_dynamic_fork(const TaskInWorkflow& fork,
                                                          const Json& input,
                                                          const Definitions& definitions);

}  // namespace soundcheck::conductor
