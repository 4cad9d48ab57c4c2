#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace soundcheck {

// A length of simulated time: a whole number of nanoseconds, about +-292 years.
class Duration {
 public:
  constexpr Duration() = default;
  static constexpr Duration nanoseconds(std::int64_t count) { return Duration(count); }
  static constexpr Duration microseconds(std::int64_t count) { return Duration(count * 1'000); }
  static constexpr Duration milliseconds(std::int64_t count) { return Duration(count * 1'000'000); }
  static constexpr Duration seconds(std::int64_t count) { return Duration(count * 1'000'000'000); }
  static constexpr Duration minutes(std::int64_t count) { return seconds(count * 60); }
  static constexpr Duration hours(std::int64_t count) { return minutes(count * 60); }
  static constexpr Duration days(std::int64_t count) { return hours(count * 24); }
  static constexpr Duration max() { return Duration(std::numeric_limits<std::int64_t>::max()); }
  // Rounds to the nearest nanosecond; values beyond the range saturate.
  static constexpr Duration from_seconds(double seconds) {
    const double count = seconds * 1e9;
    if (count >= 9.2e18) return max();
    if (count <= -9.2e18) return Duration(-std::numeric_limits<std::int64_t>::max());
    return Duration(static_cast<std::int64_t>(count + (count < 0 ? -0.5 : 0.5)));
  }

  constexpr std::int64_t count() const { return count_; }  // nanoseconds
  constexpr double in_seconds() const { return static_cast<double>(count_) * 1e-9; }
  constexpr std::int64_t in_milliseconds() const { return count_ / 1'000'000; }  // towards zero

  constexpr auto operator<=>(const Duration&) const = default;
  constexpr Duration operator+(Duration other) const { return Duration(count_ + other.count_); }
  constexpr Duration operator-(Duration other) const { return Duration(count_ - other.count_); }
  constexpr Duration operator-() const { return Duration(-count_); }
  constexpr Duration operator*(std::int64_t factor) const { return Duration(count_ * factor); }
  constexpr Duration operator/(std::int64_t divisor) const { return Duration(count_ / divisor); }
  constexpr std::int64_t operator/(Duration other) const { return count_ / other.count_; }
  constexpr Duration& operator+=(Duration other) {
    count_ += other.count_;
    return *this;
  }
  constexpr Duration& operator-=(Duration other) {
    count_ -= other.count_;
    return *this;
  }

 private:
  explicit constexpr Duration(std::int64_t count) : count_(count) {}
  std::int64_t count_ = 0;
};

// An instant of a run: nanoseconds since its start.
class Time {
 public:
  constexpr Time() = default;
  static constexpr Time at(Duration since_start) { return Time(since_start); }
  static constexpr Time from_nanoseconds(std::int64_t count) {
    return Time(Duration::nanoseconds(count));
  }
  static constexpr Time never() { return Time(Duration::max()); }  // later than every event

  constexpr Duration since_start() const { return since_start_; }
  constexpr std::int64_t count() const { return since_start_.count(); }  // nanoseconds
  constexpr double in_seconds() const { return since_start_.in_seconds(); }
  constexpr std::int64_t in_milliseconds() const { return since_start_.in_milliseconds(); }

  constexpr auto operator<=>(const Time&) const = default;
  constexpr Time operator+(Duration d) const { return Time(since_start_ + d); }
  constexpr Time operator-(Duration d) const { return Time(since_start_ - d); }
  constexpr Duration operator-(Time other) const { return since_start_ - other.since_start_; }
  constexpr Time& operator+=(Duration d) {
    since_start_ += d;
    return *this;
  }

 private:
  explicit constexpr Time(Duration since_start) : since_start_(since_start) {}
  Duration since_start_;
};

inline namespace literals {
constexpr Duration operator""_ns(unsigned long long n) {
  return Duration::nanoseconds(static_cast<std::int64_t>(n));
}
constexpr Duration operator""_us(unsigned long long n) {
  return Duration::microseconds(static_cast<std::int64_t>(n));
}
constexpr Duration operator""_ms(unsigned long long n) {
  return Duration::milliseconds(static_cast<std::int64_t>(n));
}
constexpr Duration operator""_s(unsigned long long n) {
  return Duration::seconds(static_cast<std::int64_t>(n));
}
constexpr Duration operator""_min(unsigned long long n) {
  return Duration::minutes(static_cast<std::int64_t>(n));
}
constexpr Duration operator""_h(unsigned long long n) {
  return Duration::hours(static_cast<std::int64_t>(n));
}
constexpr Duration operator""_d(unsigned long long n) {
  return Duration::days(static_cast<std::int64_t>(n));
}
}  // namespace literals

}  // namespace soundcheck
