#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace soundcheck {

// How many insertions, deletions, substitutions and swaps of neighbours turn one text into the
// other (optimal string alignment, the restricted distance of Damerau and Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b);

bool equals_ignoring_case(std::string_view a, std::string_view b);

// The name that somebody who typed `typed` most likely meant: the nearest one, the first of
// several, if it is at most two edits or a third of the length away, or differs by case and by '-'
// against '_' only. Else empty.
std::string nearest_name(std::string_view typed, std::span<const std::string> names);

}  // namespace soundcheck
