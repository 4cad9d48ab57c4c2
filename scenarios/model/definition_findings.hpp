#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "models/orchestrator/decider/definition.hpp"
#include "scenarios/model/workflow_tasks.hpp"
#include "sim/core/parameters_mistake.hpp"

namespace soundcheck {

// What is wrong with workflow definitions each of which can be read: in a scenario, or in a file of
// their own.
struct DefinitionFinding {
  MistakeCode code = MistakeCode::kBadDefinition;
  std::size_t workflow = 0;  // which of them
  TaskPath path;             // in it
  std::string sentence;
  std::string hint = {};
  bool is_warning = false;
};
using DefinitionFindings = std::vector<DefinitionFinding>;

// Scripts that no run could execute, and loops that no run could leave. Starts the helper process
// if there are scripts.
DefinitionFindings find_wrong_scripts(const std::vector<conductor::WorkflowDefinition>& workflows);

// Whether there may be other workflows besides these, or other versions of them.
enum class Others : bool { kNone, kPossible };

// Workflows that start themselves again, by way of others or at once; where other versions are
// possible, such a start is certain only if it names its version, and else a warning.
DefinitionFindings find_circles(const std::vector<conductor::WorkflowDefinition>& workflows,
                                Others others);

}  // namespace soundcheck
