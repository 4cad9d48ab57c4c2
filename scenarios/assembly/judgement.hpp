#pragma once

#include "reports/verdict/expectations.hpp"
#include "reports/verdict/run_report.hpp"
#include "scenarios/model/scenario.hpp"

namespace soundcheck {

// A scenario's values as the reports layer wants them.
Expectations expectations_of(const ScenarioExpectations& expect);
std::vector<FaultFact> fault_facts_of(const Scenario& scenario);

}  // namespace soundcheck
