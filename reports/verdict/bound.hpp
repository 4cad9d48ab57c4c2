#pragma once

#include <cstdint>
#include <string_view>

namespace soundcheck {

enum class Comparison : std::uint8_t { kLess, kAtMost, kAtLeast, kGreater };
std::string_view symbol_of(Comparison comparison);  // "<", "<=", ">=", ">"

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

}  // namespace soundcheck
