#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sim/core/units.hpp"
#include "sim/world/failpoints.hpp"

namespace soundcheck {

// Where in the work on a saga step an aimed fault strikes: a phase such as `after-commit`, or any
// failpoint by its own name (sim/env/failpoints.def).
struct AimPoint {
  Failpoint failpoint = Failpoint::kDbAfterCommit;
  // The process that is aimed at is the other side of the failpoint: the callee where it belongs
  // to the caller.
  bool at_peer = false;
  bool operator==(const AimPoint&) const = default;
};

struct AimPhase {
  std::string_view name;
  AimPoint point;
  std::string_view help;
};
// In the order in which they come in the life of a step.
std::span<const AimPhase> aim_phases();

Parsed<AimPoint> parse_aim_point(std::string_view text);
std::string to_text(const AimPoint& point);  // the phase's name where there is one

}  // namespace soundcheck
