#pragma once

#include <cstdint>

#include "sim/core/strategy.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

// How long a caller waits before a further attempt: a file in backoffs/.
class Backoff : public StrategyObject {
 public:
  static const StrategyFamily& family();
  // The wait after so many attempts have failed; at least 1.
  virtual Duration after(std::uint32_t attempts) const = 0;
};

}  // namespace soundcheck
