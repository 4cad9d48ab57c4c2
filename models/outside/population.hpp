#pragma once

#include <span>

#include "models/services/population.hpp"

namespace soundcheck {

// What the parties outside know of the users before a run starts; run these after seeded_tables().
std::span<const SeededTable> outside_seeded_tables();

}  // namespace soundcheck
