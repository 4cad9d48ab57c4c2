#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/core/parameters_form.hpp"
#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

enum class Comparison : std::uint8_t { kLess, kAtMost, kAtLeast, kGreater };
std::string_view symbol_of(Comparison comparison);  // "<", "<=", ">=", ">"

// What a measured value must fulfil: "< 400ms", ">= 99.9%".
template <class Value>
struct Bound {
  Comparison comparison = Comparison::kAtMost;
  Value limit{};

  bool holds(Value value) const {
    switch (comparison) {
      case Comparison::kLess:
        return value < limit;
      case Comparison::kAtMost:
        return value <= limit;
      case Comparison::kAtLeast:
        return value >= limit;
      case Comparison::kGreater:
        return value > limit;
    }
    return false;
  }
};

template <class Value>
std::string to_text(const Bound<Value>& bound) {
  return std::string(symbol_of(bound.comparison)) + " " + to_text(bound.limit);
}

#define SOUNDCHECK_BOUND_TEXT(Value, phrase, regular_expression)                                 \
  template <>                                                                                    \
  struct ParameterText<Bound<Value>> {                                                           \
    static constexpr std::string_view kPhrase = phrase;                                          \
    static std::string pattern() {                                                               \
      return regular_expression;                                                                 \
    }                                                                                            \
    static Parsed<Bound<Value>> parse(const ParameterNode& node, const ParameterReader& reader); \
    static std::string print(const Bound<Value>& bound) {                                        \
      return to_text(bound);                                                                     \
    }                                                                                            \
  }
SOUNDCHECK_BOUND_TEXT(Duration, "a threshold such as \"< 400ms\"",
                      "^ *[<>]=? *" + duration_pattern() + "$");
SOUNDCHECK_BOUND_TEXT(Percentage, "a threshold such as \">= 99.9%\"", "^ *[<>]=? *[0-9].*% *$");
SOUNDCHECK_BOUND_TEXT(Rate, "a threshold such as \">= 300/s\"", "^ *[<>]=? *[0-9].*/.*$");
#undef SOUNDCHECK_BOUND_TEXT

}  // namespace soundcheck
