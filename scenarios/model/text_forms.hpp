#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/core/parameters.hpp"
#include "sim/kernel/kernel.hpp"
#include "sim/kernel/platform.hpp"

namespace soundcheck {

// Small values of a scenario that are written as one text.

// Of the load, and of the settle phase after it.
inline constexpr Duration kLongestRun = Duration::days(3650);

// The upper limit of the settle phase: `auto` (derived from the longest retries of the workflows)
// or a duration.
struct ScenarioSettle {
  std::optional<Duration> limit;  // empty: auto
};

std::string to_text(const ScenarioSettle& value);

template <>
struct ParameterText<ScenarioSettle> {
  static constexpr std::string_view kPhrase = "auto or a duration such as 5m";
  static std::string pattern() { return "^(auto| *[0-9].*)$"; }
  static Parsed<ScenarioSettle> parse(const ParameterNode& node, const ParameterReader& reader);
  static std::string print(const ScenarioSettle& value) { return to_text(value); }
};

template <>
struct ParameterChoices<Fidelity> {
  static constexpr ParameterChoice<Fidelity> kChoices[] = {
      {Fidelity::kFlow, "flow",
       "SimGrid shares links, cores and disks fairly between what uses them"},
      {Fidelity::kDirect, "direct", "the own event queue: faster, each link a queue"},
  };
};
template <>
struct ParameterChoices<Sharing> {
  static constexpr ParameterChoice<Sharing> kChoices[] = {
      {Sharing::kShared, "shared", "all computations run at once, each slower (processor sharing)"},
      {Sharing::kFifo, "fifo", "one computation a core, the others wait in order of arrival"},
  };
};

}  // namespace soundcheck
