#pragma once

#include "faults/fault_spec.hpp"
#include "reports/verdict/expectations.hpp"
#include "reports/verdict/run_report.hpp"
#include "scenarios/model/scenario.hpp"

namespace soundcheck {

// A scenario's values as the faults and reports layers want them.
FaultSpec fault_spec_of(const ScenarioFault& fault);
Expectations expectations_of(const ScenarioExpectations& expect);
std::vector<FaultFact> fault_facts_of(const Scenario& scenario);

}  // namespace soundcheck
