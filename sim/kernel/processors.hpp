#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/time.hpp"
#include "sim/kernel/activity_table.hpp"

namespace soundcheck {

// Processor sharing: each of n computations on `cores` cores runs at speed * min(1, cores / n). As
// all have the same rate, one virtual clock V that advances at that rate orders them: a computation
// of work w that starts at V ends when the clock stands at V + w. A heap by that end makes start
// and end O(log n), and nothing is touched when n changes (Kleinrock, Queueing Systems II, 1976,
// section 4.4, calls it the attained service).
//
// V is a fixed-point number of nanoseconds with 24 fractional bits, 64 whole ones: it does not lose
// precision however long the processors stay busy, and each change of the rate costs at most 2^-25
// ns of rounding.
class Processors {
 public:
  Processors(int cores, double speed) : cores_(cores), speed_(speed) {}

  // work: nanoseconds on an idle core of speed 1.
  void add(ActivityId id, std::uint64_t sequence, double work, Time now);
  // Takes out one that is not to end.
  void remove(ActivityId id, Time now);
  // Takes out the one that ends next, which is due.
  ActivityId take(Time now);
  void set_speed(double speed, Time now);
  void clear() { heap_.clear(); }

  bool idle() const { return heap_.empty(); }
  // When the next one ends if nothing changes, rounded up to a nanosecond. Not idle.
  Time next_end() const;
  std::uint64_t next_sequence() const {
    return static_cast<std::uint64_t>(heap_.front().key) & kSequenceMask;
  }

 private:
  static constexpr int kFractionBits = 24;
  static constexpr int kSequenceBits = 40;
  static constexpr std::uint64_t kSequenceMask = (std::uint64_t{1} << kSequenceBits) - 1;

  using Virtual = unsigned __int128;  // 88 bits used
  struct Entry {
    unsigned __int128 key;  // end on the virtual clock, then order of start
    ActivityId id;
  };

  static Virtual fixed(double nanoseconds) {
    const auto whole = static_cast<std::uint64_t>(nanoseconds);
    const double fraction = (nanoseconds - static_cast<double>(whole)) * (1 << kFractionBits);
    return (Virtual{whole} << kFractionBits) + static_cast<std::uint64_t>(fraction + 0.5);
  }

  static double to_nanoseconds(Virtual value) {
    constexpr double kUnit = 1.0 / (1 << kFractionBits);
    return (value >> 63) == 0
               ? static_cast<double>(static_cast<std::int64_t>(value)) * kUnit
               : static_cast<double>(static_cast<std::int64_t>(value >> kFractionBits));
  }

  void advance(Time now);
  void set_rate();
  void remove_at(std::size_t index);
  void sift_up(std::size_t index, Entry entry);
  void sift_down(std::size_t index, Entry entry);

  std::vector<Entry> heap_;  // binary: few computations share a host
  Virtual virtual_ = 0;
  Time updated_;
  double rate_ = 1;
  int cores_;
  double speed_;
};

}  // namespace soundcheck
