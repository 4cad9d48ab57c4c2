#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/parameters_form.hpp"
#include "sim/env/failpoint.hpp"

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

std::vector<std::string> aim_point_names();  // phases, then failpoints
std::optional<AimPoint> parse_aim_point(std::string_view name);
std::string to_text(const AimPoint& point);  // the phase's name where there is one

template <>
struct ParameterForm<AimPoint> {
  static std::string phrase() { return "a phase such as after-commit"; }
  static void read(const ParameterNode& node, AimPoint& into, ParameterReader& reader);
  static ParameterNode print(const AimPoint& point) { return ParameterNode::plain(to_text(point)); }
  static Json schema(SchemaWriter&) { return {{"enum", aim_point_names()}}; }
};

}  // namespace soundcheck
