#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "reports/recorder/request_tally.hpp"

namespace soundcheck {

// What clients saw in one second.
struct SecondOfRequests {
  std::uint64_t started = 0;
  std::uint64_t ended = 0;
  std::uint64_t not_ok = 0;
  std::uint64_t slow = 0;  // succeeded, but took longer than the band's limit for their type
};

enum class SecondVerdict : std::uint8_t {
  kNormal,
  kDisturbed,
  kQuiet  // nothing ended and nothing waits: says neither
};

// How requests went before a fault, and whether a second looks like that again. A second is normal
// when all three hold, each with three standard deviations of room for chance:
//   failures   no larger share than before, plus one in a hundred
//   slow ones  no more than the one in a hundred that exceeded the p99 of before (with 25 % of
//   room) backlog    no more open requests than arrivals * 1.5 mean latency of before (Little's
//   law)
// The last one is how "the rate is back" is seen whatever the load does meanwhile: requests that
// come and are not answered pile up.
class RecoveryBand {
 public:
  static constexpr std::uint64_t kFewestRequests = 20;

  // Takes what was recorded while nothing was wrong, by request type.
  void learn(std::span<const RequestTally> calm);
  // Whether enough had been seen before the fault to say what normal is.
  bool known() const { return known_; }
  bool is_slow(std::uint32_t type, Duration latency) const {
    return type < slow_.size() && latency > slow_[type];
  }
  SecondVerdict judge(const SecondOfRequests& second, std::uint64_t open) const;

 private:
  bool known_ = false;
  double failure_share_ = 0;
  double mean_latency_ = 0;  // seconds
  std::vector<Duration> slow_;
};

}  // namespace soundcheck
