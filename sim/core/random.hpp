#pragma once

#include <cstdint>
#include <string_view>

#include "sim/core/fingerprint.hpp"

namespace soundcheck {

// A named stream of random numbers: xoshiro256++ (Blackman and Vigna, 2019), seeded by hash(run
// seed, name), so that adding a fault or a service shifts no draw of another stream.
class RandomStream {
 public:
  RandomStream(std::uint64_t run_seed, std::string_view name);

  std::uint64_t bits() {
    const std::uint64_t result = rotate(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  // Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }
  // Uniform in (0, 1]: safe under a logarithm.
  double uniform_positive() { return static_cast<double>((bits() >> 11) + 1) * 0x1.0p-53; }
  // Uniform in 0 .. bound-1, without bias worth naming (Lemire's multiplication, 64 bits). bound
  // >= 1.
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(bits()) * bound) >> 64);
  }
  bool chance(double probability) { return uniform() < probability; }

 private:
  static constexpr std::uint64_t rotate(std::uint64_t x, int k) {
    return (x << k) | (x >> (64 - k));
  }
  std::uint64_t state_[4];
};

}  // namespace soundcheck
