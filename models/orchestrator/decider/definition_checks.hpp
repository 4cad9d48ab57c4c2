#pragma once

#include "models/orchestrator/decider/definition.hpp"
#include "models/orchestrator/decider/object_reader.hpp"

namespace soundcheck::conductor {

// What Conductor refuses (or silently never finishes) although each field is well formed: names
// used twice, a fork without its join, a join or an expression that names no task, nested loops.
void check_definition(const WorkflowDefinition& definition, ReadingContext& context);

}  // namespace soundcheck::conductor
