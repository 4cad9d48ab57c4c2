#pragma once

#include <cmath>
#include <cstdint>

namespace soundcheck::bench {

// splitmix64 (Steele, Lea, Flood 2014): enough for a baseline, and independent of the product's
// own random streams.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  // Exponentially distributed, in nanoseconds, by inversion.
  std::int64_t exponential(double mean_nanoseconds) {
    const double uniform = (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53;
    return static_cast<std::int64_t>(-std::log(uniform) * mean_nanoseconds);
  }

 private:
  std::uint64_t state_;
};

}  // namespace soundcheck::bench
