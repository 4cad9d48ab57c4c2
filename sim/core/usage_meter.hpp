#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/core/time.hpp"

namespace soundcheck {

// How much is used of something of which there is only so much: cores of a host, connections of a
// pool. Users beyond the capacity wait, and nothing is idle while one does.
class UsageMeter {
 public:
  UsageMeter() = default;
  explicit UsageMeter(std::uint32_t capacity) : capacity_(capacity) {}

  void enter(Time now) {
    advance(now);
    ++users_;
  }
  void leave(Time now) {
    advance(now);
    --users_;
  }
  // All are gone.
  void clear(Time now) {
    advance(now);
    users_ = 0;
  }

  std::uint32_t capacity() const { return capacity_; }
  // Added up since the start, in seconds: units that were used, and users that waited for one.
  struct Total {
    double used = 0;
    double waited = 0;
  };
  Total total(Time now) const {
    UsageMeter until = *this;
    until.advance(now);
    return {.used = static_cast<double>(until.used_) / 1e9,
            .waited = static_cast<double>(until.present_ - until.used_) / 1e9};
  }

 private:
  using Sum = unsigned __int128;  // nanoseconds times units: more than 64 bits in some years

  void advance(Time now) {
    const auto elapsed = static_cast<Sum>((now - since_).count());
    since_ = now;
    present_ += elapsed * users_;
    used_ += elapsed * std::min(users_, capacity_);
  }

  Time since_;
  Sum present_ = 0;
  Sum used_ = 0;
  std::uint32_t users_ = 0;
  std::uint32_t capacity_ = 1;
};

}  // namespace soundcheck
