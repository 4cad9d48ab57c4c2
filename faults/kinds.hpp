#pragma once

#include "faults/fault_definition.hpp"

namespace soundcheck::fault_kind {

// One function for each line of faults.def, defined in kinds/<function>.cpp.
#define SOUNDCHECK_FAULT(function, name) const FaultDefinition& function();
#include "faults/faults.def"
#undef SOUNDCHECK_FAULT

}  // namespace soundcheck::fault_kind
