#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "reports/verdict/bound.hpp"
#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

// A number that was held against a limit, both in one unit.
struct Measure {
  double value = 0;
  Comparison comparison = Comparison::kAtMost;
  double limit = 0;
  std::string_view unit;  // "ms", "%", "/s", "s", "sagas"
};

// A value as it is written beside the limit that it was held against: with as many digits as it
// takes to stand on the same side of the limit as the value itself does.
struct Measured {
  bool holds = false;
  std::string limit;     // "< 102ms"
  std::string observed;  // "102.2 ms"
  Measure measure;
};
Measured measure_duration(Duration value, const Bound<Duration>& bound);
Measured measure_share(double value, const Bound<Percentage>& bound);
Measured measure_rate(double value, const Bound<Rate>& bound);

}  // namespace soundcheck
