#pragma once

#include <vector>

#include "sim/env/service.hpp"

namespace soundcheck {

// Every service of the reference architecture, by name. Those that a scenario does not use are left
// alone.
std::vector<ServiceBlueprint> service_blueprints();

}  // namespace soundcheck
