#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "models/orchestrator/decider/blueprint.hpp"
#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// The branches of a FORK_JOIN_DYNAMIC, made from its evaluated input. What the fork gives a branch
// is added to the branch's input parameters before it is mapped, so expressions in it are resolved,
// and a WAIT or SUB_WORKFLOW takes its parameters from it as well.
using DynamicBranches = std::vector<std::shared_ptr<const Node>>;

// In the order Conductor tries them: the shorthand (forkTaskName or forkTaskWorkflow with a list of
// forkTaskInputs; references _name_0, _name_1, ..., and in a workflow that has forked dynamically
// before _fork_name_0, ...), dynamicForkTasksParam with a map of inputs, or the deprecated
// dynamicForkJoinTasksParam. The error is the reason the workflow fails with.
std::expected<DynamicBranches, std::string> make_dynamic_branches(const TaskInWorkflow& fork,
                                                                  const Json& input,
                                                                  bool forked_before,
                                                                  const Definitions& definitions);

}  // namespace soundcheck::conductor
