#pragma once

#include <vector>

#include "reports/checkers/invariant.hpp"

namespace soundcheck {

// The invariants of all services that the program knows, in the order of the registry.
const std::vector<Invariant>& reference_invariants();

}  // namespace soundcheck
