#pragma once

#include <vector>

#include "reports/checkers/invariant.hpp"

namespace soundcheck {

// The invariants of all services of the reference architecture, in the order of the services'
// names.
const std::vector<Invariant>& reference_invariants();

}  // namespace soundcheck
