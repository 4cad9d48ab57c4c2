#pragma once

#include <optional>

#include "sim/core/strategy.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

// How long a caller waits for an answer before it asks a further replica as well: a file in
// hedge_delays/. Each caller process has an object of its own for each call site, which may
// remember what it likes.
class HedgeDelay : public StrategyObject {
 public:
  static const StrategyFamily& family();
  // Nothing: it does not know yet, and asks no other.
  virtual std::optional<Duration> wait() const = 0;
  // The first replica has answered after so long; or it had not, when the call ended without it.
  virtual void learn(Duration) {}
};

}  // namespace soundcheck
