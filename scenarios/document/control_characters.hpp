#pragma once

#include <string>
#include <string_view>

namespace soundcheck {

// A sentence about the first character of a text that a terminal would obey, but for the ends of
// lines and tabs, which texts of several lines have. Empty: there is none.
std::string control_character_in(std::string_view text);

}  // namespace soundcheck
