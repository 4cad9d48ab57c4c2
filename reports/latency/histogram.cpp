#include "reports/latency/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace soundcheck {

namespace {

Duration as_duration(std::uint64_t nanoseconds) {
  return Duration::nanoseconds(static_cast<std::int64_t>(nanoseconds));
}

}  // namespace

Histogram& Histogram::operator=(const Histogram& other) {
  if (this != &other) {
    clear();
    merge(other);
  }
  return *this;
}

void Histogram::merge(const Histogram& other) {
  if (other.count_ == 0) return;
  for (std::uint32_t octave = 0; octave < kOctaves; ++octave) {
    if (!other.octaves_[octave]) continue;
    if (!octaves_[octave]) octaves_[octave] = std::make_unique<Octave>();
    for (std::uint32_t bucket = 0; bucket < kBuckets; ++bucket)
      (*octaves_[octave])[bucket] += (*other.octaves_[octave])[bucket];
  }
  count_ += other.count_;
  sum_ += other.sum_;
  minimum_ = std::min(minimum_, other.minimum_);
  maximum_ = std::max(maximum_, other.maximum_);
}

void Histogram::clear() {
  if (count_ == 0) return;
  for (auto& octave : octaves_) {
    if (octave) octave->fill(0);
  }
  count_ = 0;
  sum_ = 0;
  minimum_ = ~std::uint64_t{0};
  maximum_ = 0;
}

Duration Histogram::mean() const {
  if (count_ == 0) return {};
  return as_duration(static_cast<std::uint64_t>((sum_ + count_ / 2) / count_));
}

Duration Histogram::minimum() const {
  return count_ == 0 ? Duration() : as_duration(minimum_);
}
Duration Histogram::maximum() const {
  return as_duration(maximum_);
}

Duration Histogram::quantile(double share) const {
  if (count_ == 0) return {};
  // The product may lie a rounding error above a whole number: 0.07 * 100 = 7.000000000000001.
  const double wanted = std::ceil(share * static_cast<double>(count_) * (1 - 1e-12));
  if (wanted >= static_cast<double>(count_)) return maximum();
  if (wanted <= 1) return minimum();
  const auto rank = static_cast<std::uint64_t>(wanted);
  std::uint64_t seen = 0;
  for (std::uint32_t octave = 0; octave < kOctaves; ++octave) {
    if (!octaves_[octave]) continue;
    for (std::uint32_t bucket = 0; bucket < kBuckets; ++bucket) {
      seen += (*octaves_[octave])[bucket];
      if (seen >= rank)
        return as_duration(std::clamp(middle_of(octave, bucket), minimum_, maximum_));
    }
  }
  return maximum();
}

std::uint64_t Histogram::count_above(Duration limit) const {
  const std::uint64_t value = limit.count() < 0 ? 0 : static_cast<std::uint64_t>(limit.count());
  const std::uint32_t limit_octave = octave_of(value);
  const std::uint32_t limit_bucket = bucket_of(value, limit_octave);
  std::uint64_t above = 0;
  for (std::uint32_t octave = limit_octave; octave < kOctaves; ++octave) {
    if (!octaves_[octave]) continue;
    for (std::uint32_t bucket = octave == limit_octave ? limit_bucket + 1 : 0; bucket < kBuckets;
         ++bucket)
      above += (*octaves_[octave])[bucket];
  }
  return above;
}

}  // namespace soundcheck
