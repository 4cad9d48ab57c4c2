#pragma once

#include "scenarios/model/catalogue.hpp"

namespace soundcheck {

// A small catalogue in the shape of the real one, so that these tests do not change when a service
// is added.
const Catalogue& example_catalogue();

}  // namespace soundcheck
