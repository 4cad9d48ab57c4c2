#include "faults/aim_point.hpp"

#include <fmt/format.h>

#include <array>

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

std::vector<std::string> aim_point_names() {
  std::vector<std::string> names;
  for (const AimPhase& phase : kAimPhases) names.emplace_back(phase.name);
  for (std::size_t i = 0; i < kFailpointCount; ++i) {
    names.emplace_back(name_of(static_cast<Failpoint>(i)));
  }
  return names;
}

std::optional<AimPoint> parse_aim_point(std::string_view name) {
  for (const AimPhase& phase : kAimPhases) {
    if (phase.name == name) return phase.point;
  }
  const auto failpoint = failpoint_named(name);
  return failpoint ? std::optional(AimPoint{*failpoint}) : std::nullopt;
}

std::string to_text(const AimPoint& point) {
  for (const AimPhase& phase : kAimPhases) {
    if (phase.point == point) return std::string(phase.name);
  }
  return std::string(name_of(point.failpoint));
}

void ParameterForm<AimPoint>::read(const ParameterNode& node, AimPoint& into,
                                   ParameterReader& reader) {
  if (!expect_text(node, phrase(), reader)) return;
  if (const auto point = parse_aim_point(node.text)) {
    into = *point;
  } else {
    reader.report_unknown(MistakeCode::kUnknownName, node.position,
                          fmt::format("there is no phase '{}'", node.text), node.text,
                          aim_point_names(), "known");
  }
}

}  // namespace soundcheck
