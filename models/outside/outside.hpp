#pragma once

#include <vector>

#include "sim/env/service.hpp"

namespace soundcheck {

// The parties outside: they have their own databases and their own contracts, and no defect switch
// of ours changes them.
std::vector<ServiceBlueprint> outside_blueprints();

}  // namespace soundcheck
