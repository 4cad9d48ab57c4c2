#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "reports/recorder/work_tally.hpp"

namespace soundcheck {

// What became of work in one second, or in several in a row.
struct SecondOfWork {
  std::uint64_t started = 0;
  std::uint64_t ended = 0;
  std::uint64_t not_ok = 0;
  std::uint64_t slow = 0;  // succeeded, but took longer than the band's limit for their type

  void add(const SecondOfWork& other) {
    started += other.started;
    ended += other.ended;
    not_ok += other.not_ok;
    slow += other.slow;
  }
};

enum class SecondVerdict : std::uint8_t {
  kNormal,
  kDisturbed,
  kQuiet  // nothing ended and nothing waits, or nobody knows what is normal: says neither
};

// How work went before a fault, and whether a second looks like that again. A second is normal when
// all three hold, with three standard deviations of room for chance:
//   failures   no larger share than before, plus one in a hundred
//   slow ones  no more than the one in a hundred that exceeded the p99 of before (with 25 % of
//              room)
//   backlog    no more is open than arrivals * 1.5 mean latency of before (Little's law), or than
//              was open at most before (with 25 % of room: what takes longer than a second is not
//              told by the arrivals of one)
// The last one is how "the rate is back" is seen whatever the load does meanwhile: what comes and
// does not end piles up. The first two are asked of all normal seconds in a row as well, so that
// work that ends once a second cannot fail or be slow each time.
class RecoveryBand {
 public:
  static constexpr std::uint64_t kFewest = 20;

  // Takes what was recorded while nothing was wrong, by type.
  void learn(std::span<const WorkTally> calm);
  // So much was open at the end of a second while nothing was wrong.
  void was_open(std::uint64_t open) { most_open_ = std::max(most_open_, open); }
  // Whether enough had been seen before the fault to say what normal is.
  bool known() const { return known_; }
  bool any_succeeded() const { return any_succeeded_; }
  bool is_slow(std::uint32_t type, Duration latency) const {
    return type < slow_.size() && latency > slow_[type];
  }
  SecondVerdict judge(const SecondOfWork& second, std::uint64_t open) const;
  // More failures or slow ones than before.
  bool disturbs(const SecondOfWork& work) const;

 private:
  bool known_ = false;
  bool any_succeeded_ = false;
  double failure_share_ = 0;
  double mean_latency_ = 0;  // seconds
  std::uint64_t most_open_ = 0;
  std::vector<Duration> slow_;
};

}  // namespace soundcheck
