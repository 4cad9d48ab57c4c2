#pragma once

#include <optional>
#include <string>

#include "models/rpc/policy.hpp"
#include "sim/core/parameters.hpp"
#include "sim/kernel/kernel.hpp"
#include "sim/kernel/platform.hpp"

namespace soundcheck {

// Small values of a scenario that are written as one text.

// Of the load, and of the settle phase after it.
inline constexpr Duration kLongestRun = Duration::days(3650);

// Arrivals of one workload, at the peak of its shape. More would be a run that never ends.
inline constexpr Rate kFastestArrivals = Rate::per_second(1'000'000);

// The upper limit of the settle phase: `auto` (derived from the longest retries of the workflows)
// or a duration.
struct ScenarioSettle {
  std::optional<Duration> limit;  // empty: auto
};

// When requests of an open workload arrive: poisson(400/s), constant(400/s) or `every 5ms`.
struct ScenarioArrivals {
  enum class Kind { kPoisson, kConstant } kind = Kind::kPoisson;
  Rate rate = Rate::per_second(50);
  Duration interval;  // of kConstant: exactly this long apart
};

// A point of a load curve, [2m, 100%]: the share of the nominal rate (or of the clients) at that
// time after the start. Between two points it is interpolated linearly; before the first and after
// the last it stays.
struct ScenarioShapePoint {
  Duration at;
  Percentage share = Percentage::of(1);
};

// How long to wait before a further attempt: constant(50ms), linear(50ms, max 1s),
// exponential(50ms, max 1s).
struct ScenarioBackoff {
  Backoff kind = Backoff::kExponential;
  Duration base = Duration::milliseconds(100);
  Duration max = Duration::seconds(10);
};

// How a database feeds its replicas: `sync`, or `async(lag 20ms)` with a distribution of lags.
struct ScenarioReplication {
  bool synchronous = false;
  Distribution lag = Distribution::constant(Duration::milliseconds(20));
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
std::string to_text(const ScenarioArrivals& value);
std::string to_text(const ScenarioBackoff& value);
std::string to_text(const ScenarioReplication& value);
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
SOUNDCHECK_SCENARIO_TEXT(ScenarioArrivals, "poisson(400/s), constant(400/s) or every 5ms",
                         "^ *((poisson|constant) *\\(.*\\)|every .*) *$");
SOUNDCHECK_SCENARIO_TEXT(ScenarioBackoff,
                         "constant(50ms), linear(50ms, max 1s) or exponential(50ms, max 1s)",
                         "^ *(constant|linear|exponential) *\\([^)]*\\)? *$");
SOUNDCHECK_SCENARIO_TEXT(ScenarioReplication, "sync or async(lag 20ms)", "^ *(sync|async.*) *$");
SOUNDCHECK_SCENARIO_TEXT(Threshold<Duration>, "a threshold such as \"< 400ms\"",
                         "^ *[<>]=? *[0-9].*$");
SOUNDCHECK_SCENARIO_TEXT(Threshold<Percentage>, "a threshold such as \">= 99.9%\"",
                         "^ *[<>]=? *[0-9].*% *$");
SOUNDCHECK_SCENARIO_TEXT(Threshold<Rate>, "a threshold such as \">= 300/s\"",
                         "^ *[<>]=? *[0-9].*/.*$");
#undef SOUNDCHECK_SCENARIO_TEXT

template <>
struct ParameterForm<ScenarioShapePoint> {
  static std::string phrase() { return "a point such as [2m, 100%]"; }
  static void read(const ParameterNode& node, ScenarioShapePoint& into, ParameterReader& reader);
  static ParameterNode print(const ScenarioShapePoint& value);
  static Json schema(SchemaWriter& writer);
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
template <>
struct ParameterChoices<Jitter> {
  static constexpr ParameterChoice<Jitter> kChoices[] = {
      {Jitter::kNone, "none", "exactly the back-off"},
      {Jitter::kFull, "full", "uniform between zero and the back-off"},
      {Jitter::kEqual, "equal", "half the back-off, and up to the other half"},
  };
};
template <>
struct ParameterChoices<Balancing> {
  static constexpr ParameterChoice<Balancing> kChoices[] = {
      {Balancing::kRoundRobin, "round-robin", "one after the other"},
      {Balancing::kRandom, "random", "any, each as likely"},
      {Balancing::kPowerOfTwo, "power-of-two", "the less busy one of two drawn at random"},
      {Balancing::kLeastRequests, "least-requests", "the one with the fewest requests under way"},
  };
};

}  // namespace soundcheck
