#include "faults/aim_point.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "sim/core/did_you_mean.hpp"

namespace soundcheck {
namespace {

constexpr std::array kAimPhases{
    AimPhase{"before",
             {Failpoint::kRpcHandlerStart},
             "the request or task has reached the service, its work has not begun"},
    AimPhase{"before-commit",
             {Failpoint::kDbBeforeCommit},
             "COMMIT has reached the database of the service, nothing is visible yet"},
    AimPhase{"in-commit",
             {Failpoint::kDbInCommit},
             "the commit is visible to others but not durable yet"},
    AimPhase{"after-commit",
             {Failpoint::kDbAfterCommit},
             "the commit is durable, the service does not know it yet"},
    AimPhase{"before-reply",
             {Failpoint::kRpcReplyReady},
             "the service has done its work, the reply or result has not left yet"},
    AimPhase{"after-reply",
             {Failpoint::kRpcReplyArrived, true},
             "the reply of the service has reached its caller"},
};

}  // namespace

std::span<const AimPhase> aim_phases() {
  return kAimPhases;
}

Parsed<AimPoint> parse_aim_point(std::string_view text) {
  for (const AimPhase& phase : kAimPhases) {
    if (phase.name == text) return phase.point;
  }
  if (const auto failpoint = failpoint_named(text)) return AimPoint{*failpoint};
  std::vector<std::string> names;
  for (const AimPhase& phase : kAimPhases) names.emplace_back(phase.name);
  std::string phases;
  for (const std::string& name : names) phases += (phases.empty() ? "" : ", ") + name;
  for (std::size_t i = 0; i < kFailpointCount; ++i) {
    names.emplace_back(name_of(static_cast<Failpoint>(i)));
  }
  const std::string nearest = nearest_name(text, names);
  return std::unexpected(
      fmt::format("'{}' is neither a phase ({}) nor a failpoint{}", text, phases,
                  nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
}

std::string to_text(const AimPoint& point) {
  for (const AimPhase& phase : kAimPhases) {
    if (phase.point == point) return std::string(phase.name);
  }
  return std::string(name_of(point.failpoint));
}

}  // namespace soundcheck
