#pragma once

#include <cstdint>
#include <string>

#include "sim/core/time.hpp"

namespace soundcheck {

// Numbers as reports write them: three or four digits that matter, always with the unit.
std::string short_text(Duration duration);    // "1.24 s", "52.1 ms", "15m20s"
std::string short_text(Time time);            // "131.204 s"
std::string percent_text(double share);       // "99.95 %"; 100 % only if it is all
std::string rate_text(double per_second);     // "41.2/s"
std::string count_text(std::uint64_t count);  // "1 204 511"
std::string counted(std::uint64_t count, const char* one, const char* several);  // "2 sagas"

// Whether a percentile scatters widely for want of values: fewer than ten lie beyond it. A p99
// wants a thousand values.
bool rests_on_few(double share, std::uint64_t values);

}  // namespace soundcheck
