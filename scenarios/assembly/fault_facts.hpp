#pragma once

#include <vector>

#include "reports/verdict/run_report.hpp"
#include "scenarios/model/scenario.hpp"

namespace soundcheck {

// The faults of a scenario as reports name them.
std::vector<FaultFact> fault_facts_of(const Scenario& scenario);

}  // namespace soundcheck
