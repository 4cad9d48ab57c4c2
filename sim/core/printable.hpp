#pragma once

#include <string>
#include <string_view>

namespace soundcheck {

// The text for one line of a terminal: what a terminal would obey (control characters of ASCII and
// of Unicode) or what would show other characters than are there (bidirectional overrides) is
// written out, as "\x1b", "\n" or "\u202e". UTF-8.
std::string printable(std::string_view text);

// The position of the first such character, or npos.
std::size_t first_unprintable(std::string_view text);

}  // namespace soundcheck
