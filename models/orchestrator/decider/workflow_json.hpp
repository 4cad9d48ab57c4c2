#pragma once

#include "models/orchestrator/decider/workflow.hpp"
#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// Conductor's JSON of executions: what its API answers, what a failure workflow gets as
// `failedWorkflow`, and what the orchestrator's database keeps. Times are milliseconds since 1970.
// What only the decider needs is there too, under names Conductor also has or would ignore.

Json to_json(const TaskRow& row, const Workflow& workflow);
// The record without its rows; the definition only if it is not registered under a name.
Json record_to_json(const Workflow& workflow);
// The same as a store keeps it, which reads the same: what follows from the rest is left out, and
// so are empty fields. The record comes in two steps, as most of it seldom changes: while its
// lasting part stays as it was, and no row is deleted, it need not be stored again with the rows.
std::string to_stored_text(const TaskRow& row);
std::string lasting_record_text(const Workflow& workflow);
std::string to_stored_record(std::string lasting, const Workflow& workflow);
// The record with all rows.
Json to_json(const Workflow& workflow);

// Reads what was written here. The definition is looked up by name and version; it must be
// registered unless it is in the JSON. Asserts on JSON that was not written here.
Workflow workflow_from_json(const Json& record, const std::vector<Json>& rows,
                            const Definitions& definitions);
Workflow workflow_from_json(const Json& whole, const Definitions& definitions);

}  // namespace soundcheck::conductor
