#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/orchestrator/execution/execution.hpp"
#include "models/orchestrator/service/store.hpp"

namespace soundcheck::orchestrator {

// The steps of a saga with their roles, as its definition states them: `metadata.role` of each
// top-level task, and `metadata.byEvent` of the workflow for steps that are done by an event.
std::vector<std::pair<std::string, std::string>> saga_plan(const conductor::Blueprint& blueprint);

// Tells the ledger what changed, at the instant at which the database shows it: the events become
// part of the write.
void add_saga_events(const Env& env, Execution& execution, const Changes& changes, RowsWrite& rows);

}  // namespace soundcheck::orchestrator
