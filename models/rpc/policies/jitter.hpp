#pragma once

#include "sim/core/random.hpp"
#include "sim/core/strategy.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

// How much of a back-off is left to chance (Brooker, "Exponential Backoff and Jitter", 2015), so
// that callers who failed together do not come back together: a file in jitters/.
class Jitter : public StrategyObject {
 public:
  static const StrategyFamily& family();
  // What a wait becomes.
  virtual Duration of(Duration wait, RandomStream& random) const = 0;
};

// Uniform between zero and the duration, both included.
inline Duration any_up_to(Duration most, RandomStream& random) {
  return Duration::nanoseconds(
      static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most.count()) + 1)));
}

}  // namespace soundcheck
