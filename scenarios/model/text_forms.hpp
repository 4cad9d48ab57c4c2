#pragma once

#include <optional>
#include <string>

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

// What a measured value must fulfil: "< 400ms", ">= 99.9%".
enum class ThresholdComparison { kLess, kLessOrEqual, kGreater, kGreaterOrEqual };
template <typename T>
struct Threshold {
  ThresholdComparison comparison = ThresholdComparison::kLess;
  T value{};
  bool holds(const T& measured) const {
    switch (comparison) {
      case ThresholdComparison::kLess:
        return measured < value;
      case ThresholdComparison::kLessOrEqual:
        return measured <= value;
      case ThresholdComparison::kGreater:
        return measured > value;
      case ThresholdComparison::kGreaterOrEqual:
        return measured >= value;
    }
    __builtin_unreachable();
  }
};

std::string to_text(const ScenarioSettle& value);
std::string to_text(ThresholdComparison value);  // "<="
template <typename T>
std::string to_text(const Threshold<T>& value) {
  return to_text(value.comparison) + " " + to_text(value.value);
}

#define SOUNDCHECK_SCENARIO_TEXT(Type, phrase, pattern)                                  \
  template <>                                                                            \
  struct ParameterText<Type> {                                                           \
    static constexpr std::string_view kPhrase = phrase;                                  \
    static constexpr std::string_view kPattern = pattern;                                \
    static Parsed<Type> parse(const ParameterNode& node, const ParameterReader& reader); \
    static std::string print(const Type& value) {                                        \
      return to_text(value);                                                             \
    }                                                                                    \
  }
SOUNDCHECK_SCENARIO_TEXT(ScenarioSettle, "auto or a duration such as 5m", "^(auto| *[0-9].*)$");
SOUNDCHECK_SCENARIO_TEXT(Threshold<Duration>, "a threshold such as \"< 400ms\"",
                         "^ *[<>]=? *[0-9].*$");
SOUNDCHECK_SCENARIO_TEXT(Threshold<Percentage>, "a threshold such as \">= 99.9%\"",
                         "^ *[<>]=? *[0-9].*% *$");
SOUNDCHECK_SCENARIO_TEXT(Threshold<Rate>, "a threshold such as \">= 300/s\"",
                         "^ *[<>]=? *[0-9].*/.*$");
#undef SOUNDCHECK_SCENARIO_TEXT

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
