#pragma once

#include <string>

#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// A value as Java's String.valueOf writes it, which is what Conductor puts into a text around an
// expression and compares with a case's name: null is "null", a map {a=1, b=[x, y]}, 49.0 "49.0".
std::string java_text(const Json& value);

}  // namespace soundcheck::conductor
