#pragma once

#include <vector>

#include "models/orchestrator/decider/definition.hpp"
#include "models/orchestrator/decider/object_reader.hpp"

namespace soundcheck::conductor {

// What Conductor refuses (or silently never finishes) although each field is well formed: names
// used twice, a fork without its join, a join or an expression that names no task, nested loops.
void check_definition(const WorkflowDefinition& definition, ReadingContext& context);

class Definitions;
// Failure workflows and sub-workflows (of the latest versions) that are not registered: in
// Conductor these are found out when they are needed. Call it when everything is registered.
std::vector<DefinitionProblem> check_references(const Definitions& definitions);

}  // namespace soundcheck::conductor
