#pragma once

#include <string_view>

namespace soundcheck::effects {

// The text of a file in this folder, compiled into the program: "schema.sql".
std::string_view document(std::string_view file);

}  // namespace soundcheck::effects
