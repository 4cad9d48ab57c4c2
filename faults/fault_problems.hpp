#pragma once

#include <vector>

#include "faults/fault_definition.hpp"

namespace soundcheck {

// The rules that hold between the parameters of a fault, each of which may be fine alone: when it
// strikes, how long it lasts, whether its kind takes that target. Whether what it names exists is
// the business of whoever knows the scenario. `spec.kind` is one of fault_kinds(), and
// `spec.settings` of its table.
std::vector<FaultProblem> problems_of(const FaultSpec& spec);
// The same for a kind that need not be registered; `spec.kind` is not looked at.
std::vector<FaultProblem> problems_of(const FaultSpec& spec, const FaultDefinition& kind);

// The role that holds when none is given: involved if the fault is aimed, else all.
ReplicaRole effective_role(const FaultSpec& spec);

}  // namespace soundcheck
