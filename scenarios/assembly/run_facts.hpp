#pragma once

#include <vector>

#include "reports/recorder/resource_log.hpp"
#include "reports/verdict/run_report.hpp"
#include "scenarios/assembly/system.hpp"
#include "scenarios/model/scenario.hpp"

namespace soundcheck {

// What events do not tell of a system, as reports want it.

// The faults of a scenario as reports name them.
std::vector<FaultFact> fault_facts_of(const Scenario& scenario);
// Everything of which there is only so much. Refers to the system.
std::vector<Resource> resources_of(const Scenario& scenario, System& system);
// At the end of the run.
std::vector<DatabaseFact> database_facts_of(System& system);
std::vector<FailureReason> failure_reasons_of(System& system);

}  // namespace soundcheck
