#pragma once

#include <cstdint>
#include <optional>

#include "sim/core/strategy.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

// What a replica knows of its load when a request comes in.
struct ServerLoad {
  Time now;
  std::uint32_t working = 0;  // requests in workers
  std::uint32_t workers = 0;
  std::uint32_t waiting = 0;  // requests in the accept queue
};

// Whether a replica takes a request in at all: rate limits and load shedding, a file in
// admissions/. Each replica has an object of its own, which lives as long as its process. What is
// refused costs no worker and no computing time.
class Admission : public StrategyObject {
 public:
  static const StrategyFamily& family();
  // The HTTP status with which the request is refused; nothing: it may come in.
  virtual std::optional<int> refusal(const ServerLoad& load) = 0;
};

}  // namespace soundcheck
