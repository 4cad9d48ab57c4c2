#pragma once

#include <string>
#include <vector>

#include "models/orchestrator/decider/blueprint.hpp"
#include "models/orchestrator/worker/scripted_worker.hpp"
#include "models/workload/people.hpp"
#include "models/workload/workload.hpp"
#include "scenarios/model/scenario.hpp"

namespace soundcheck {

// What a scenario's own workflows need: their registration, the scripts of their workers, and the
// clients who start them.

// Those of the program (unless the architecture is the scenario's own), then the scenario's.
void register_definitions(const Scenario& scenario, conductor::Definitions& definitions);

// The longest that a saga's retries can take, as the definitions say: every task of a workflow may
// use up its retries, each after its longest pause and a lost answer; so may its compensation.
Duration longest_saga(const Scenario& scenario, const conductor::Definitions& definitions);

std::vector<orchestrator::WorkScript> work_scripts(const Scenario& scenario);
// One for each queue in which a task with a script can wait.
std::vector<WorkerBinding> scripted_bindings(const Scenario& scenario);

// What people do with tasks that wait for them.
std::vector<PersonScript> person_scripts(const Scenario& scenario);
// Clients who start the workload's workflow and, if they are to, cancel it.
RequestKind workflow_request(const ScenarioWorkload& workload);

}  // namespace soundcheck
