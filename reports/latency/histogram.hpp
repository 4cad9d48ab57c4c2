#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>

#include "sim/core/time.hpp"

namespace soundcheck {

// How long things took: counts in log-linear buckets, as HdrHistogram keeps them. Each octave of
// nanoseconds is cut into 128 buckets, so a quantile is off by at most 0.4 % (values below 256 ns
// are exact); count, mean, minimum and maximum are exact. Memory is fixed: an octave that was met
// takes 1 kB, all 57 together 58 kB. Negative durations count as zero.
class Histogram {
 public:
  Histogram() = default;
  Histogram(const Histogram& other) { merge(other); }
  Histogram& operator=(const Histogram& other);
  Histogram(Histogram&&) noexcept = default;
  Histogram& operator=(Histogram&&) noexcept = default;
  ~Histogram() = default;

  void record(Duration duration, std::uint64_t times = 1) {
    const std::uint64_t value =
        duration.count() < 0 ? 0 : static_cast<std::uint64_t>(duration.count());
    const std::uint32_t octave = octave_of(value);
    if (!octaves_[octave]) octaves_[octave] = std::make_unique<Octave>();
    (*octaves_[octave])[bucket_of(value, octave)] += times;
    count_ += times;
    sum_ += value * times;
    if (value < minimum_) minimum_ = value;
    if (value > maximum_) maximum_ = value;
  }
  void merge(const Histogram& other);
  void clear();  // keeps the memory

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  // All of these are zero when nothing was recorded.
  Duration mean() const;
  Duration minimum() const;
  Duration maximum() const;
  // The smallest duration that at least share * count values do not exceed (the middle of its
  // bucket), 0 <= share <= 1; the exact minimum and maximum at the ends.
  Duration quantile(double share) const;
  // How many values were above the limit; those in the limit's own bucket are not counted.
  std::uint64_t count_above(Duration limit) const;

 private:
  static constexpr std::uint32_t kBits = 7;
  static constexpr std::uint32_t kBuckets = 1U << kBits;
  static constexpr std::uint32_t kOctaves = 64 - kBits;
  using Octave = std::array<std::uint64_t, kBuckets>;

  static std::uint32_t octave_of(std::uint64_t value) {
    const auto width = static_cast<std::uint32_t>(std::bit_width(value));
    return width <= kBits ? 0 : width - kBits;
  }
  // Octave 0 holds [0, 128) one by one; octave k holds [128, 256) << (k - 1) in steps of
  // 1 << (k - 1).
  static std::uint32_t bucket_of(std::uint64_t value, std::uint32_t octave) {
    if (octave == 0) return static_cast<std::uint32_t>(value);
    return static_cast<std::uint32_t>(value >> (octave - 1)) - kBuckets;
  }
  static std::uint64_t middle_of(std::uint32_t octave, std::uint32_t bucket) {
    if (octave == 0) return bucket;
    const std::uint64_t lowest = (std::uint64_t{kBuckets} + bucket) << (octave - 1);
    return lowest + ((std::uint64_t{1} << (octave - 1)) - 1) / 2;
  }

  std::array<std::unique_ptr<Octave>, kOctaves> octaves_;
  std::uint64_t count_ = 0;
  unsigned __int128 sum_ = 0;
  std::uint64_t minimum_ = ~std::uint64_t{0};
  std::uint64_t maximum_ = 0;
};

}  // namespace soundcheck
