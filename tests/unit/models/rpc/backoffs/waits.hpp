#pragma once

#include <vector>

#include "models/rpc/policies/backoff.hpp"

namespace soundcheck {

// The waits after the first, the second, ... failed attempt.
inline std::vector<Duration> waits(const Strategy<Backoff>& backoff, std::uint32_t count) {
  std::vector<Duration> all;
  for (std::uint32_t attempts = 1; attempts <= count; ++attempts)
    all.push_back(backoff->after(attempts));
  return all;
}

}  // namespace soundcheck
