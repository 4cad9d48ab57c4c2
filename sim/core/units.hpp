#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "sim/core/time.hpp"

namespace soundcheck {

// A number of bytes.
class Bytes {
 public:
  constexpr Bytes() = default;
  static constexpr Bytes bytes(std::int64_t count) { return Bytes(count); }
  static constexpr Bytes kilobytes(std::int64_t count) { return Bytes(count * 1'000); }
  static constexpr Bytes kibibytes(std::int64_t count) { return Bytes(count * 1'024); }

  constexpr std::int64_t count() const { return count_; }
  constexpr auto operator<=>(const Bytes&) const = default;
  constexpr Bytes operator+(Bytes other) const { return Bytes(count_ + other.count_); }
  constexpr Bytes operator-(Bytes other) const { return Bytes(count_ - other.count_); }
  constexpr Bytes operator*(std::int64_t factor) const { return Bytes(count_ * factor); }
  constexpr Bytes& operator+=(Bytes other) { return *this = *this + other; }

 private:
  explicit constexpr Bytes(std::int64_t count) : count_(count) {}
  std::int64_t count_ = 0;
};

// What a link or a disk moves: a whole number of bits a second.
class Bandwidth {
 public:
  constexpr Bandwidth() = default;
  static constexpr Bandwidth bits_per_second(std::int64_t count) { return Bandwidth(count); }
  static constexpr Bandwidth bytes_per_second(std::int64_t count) { return Bandwidth(count * 8); }
  static constexpr Bandwidth megabits_per_second(std::int64_t n) {
    return Bandwidth(n * 1'000'000);
  }
  static constexpr Bandwidth gigabits_per_second(std::int64_t n) {
    return Bandwidth(n * 1'000'000'000);
  }

  constexpr std::int64_t in_bits_per_second() const { return count_; }
  constexpr double in_bytes_per_second() const { return static_cast<double>(count_) / 8.0; }
  constexpr auto operator<=>(const Bandwidth&) const = default;

 private:
  explicit constexpr Bandwidth(std::int64_t count) : count_(count) {}
  std::int64_t count_ = 0;
};

// How long `size` occupies something that moves `bandwidth`, rounded up to the nanosecond. A
// bandwidth of zero moves nothing: Duration::max().
constexpr Duration transmission_time(Bytes size, Bandwidth bandwidth) {
  const auto bits_per_second = static_cast<__int128>(bandwidth.in_bits_per_second());
  if (bits_per_second <= 0) return Duration::max();
  const __int128 count =
      (static_cast<__int128>(size.count()) * 8 * 1'000'000'000 + bits_per_second - 1) /
      bits_per_second;
  if (count > Duration::max().count()) return Duration::max();
  return Duration::nanoseconds(static_cast<std::int64_t>(count));
}

// How often something happens, per second of simulated time.
class Rate {
 public:
  constexpr Rate() = default;
  static constexpr Rate per_second(double count) { return Rate(count); }

  constexpr double count_per_second() const { return count_; }
  // The mean distance of two events; Duration::max() for a rate of zero.
  constexpr Duration interval() const {
    return count_ > 0 ? Duration::from_seconds(1.0 / count_) : Duration::max();
  }
  constexpr auto operator<=>(const Rate&) const = default;
  constexpr Rate operator*(double factor) const { return Rate(count_ * factor); }

 private:
  explicit constexpr Rate(double count) : count_(count) {}
  double count_ = 0;
};

// A chance between 0 (never) and 1 (always).
class Probability {
 public:
  constexpr Probability() = default;
  static constexpr Probability of(double value) { return Probability(value); }
  static constexpr Probability percent(double value) { return Probability(value / 100.0); }
  static constexpr Probability always() { return Probability(1.0); }
  static constexpr Probability never() { return Probability(0.0); }

  constexpr double value() const { return value_; }
  constexpr auto operator<=>(const Probability&) const = default;

 private:
  explicit constexpr Probability(double value) : value_(value) {}
  double value_ = 0;
};

// A share of something that may exceed the whole: 150% is 1.5. At least 0.
class Percentage {
 public:
  constexpr Percentage() = default;
  static constexpr Percentage of(double share) { return Percentage(share); }
  static constexpr Percentage percent(double value) { return Percentage(value / 100.0); }

  constexpr double share() const { return share_; }
  constexpr auto operator<=>(const Percentage&) const = default;

 private:
  explicit constexpr Percentage(double share) : share_(share) {}
  double share_ = 0;
};

// An amount of the one currency of a run, in whole minor units (cents).
class Money {
 public:
  constexpr Money() = default;
  static constexpr Money minor_units(std::int64_t count) { return Money(count); }

  constexpr std::int64_t in_minor_units() const { return count_; }
  constexpr auto operator<=>(const Money&) const = default;
  constexpr Money operator+(Money other) const { return Money(count_ + other.count_); }
  constexpr Money operator-(Money other) const { return Money(count_ - other.count_); }
  constexpr Money operator-() const { return Money(-count_); }
  constexpr Money operator*(std::int64_t factor) const { return Money(count_ * factor); }
  constexpr Money& operator+=(Money other) { return *this = *this + other; }
  constexpr Money& operator-=(Money other) { return *this = *this - other; }

 private:
  explicit constexpr Money(std::int64_t count) : count_(count) {}
  std::int64_t count_ = 0;
};

inline namespace literals {
constexpr Bytes operator""_B(unsigned long long n) {
  return Bytes::bytes(static_cast<std::int64_t>(n));
}
constexpr Bytes operator""_KB(unsigned long long n) {
  return Bytes::kilobytes(static_cast<std::int64_t>(n));
}
constexpr Bytes operator""_KiB(unsigned long long n) {
  return Bytes::kibibytes(static_cast<std::int64_t>(n));
}
constexpr Bandwidth operator""_Mbps(unsigned long long n) {
  return Bandwidth::megabits_per_second(static_cast<std::int64_t>(n));
}
constexpr Bandwidth operator""_Gbps(unsigned long long n) {
  return Bandwidth::gigabits_per_second(static_cast<std::int64_t>(n));
}
}  // namespace literals

// Values as people write them. A unit is required (`300ms`, never `300`); blanks around numbers and
// units are allowed; the decimal point is a point. What cannot be read comes back as a sentence
// without a full stop that says what is wrong and which units fit.
template <typename T>
using Parsed = std::expected<T, std::string>;

Parsed<Duration> parse_duration(std::string_view text);    // 300ms  1m30s  -5s  (ns us ms s m h d)
Parsed<Bytes> parse_bytes(std::string_view text);          // 900B  64KiB  2MB
Parsed<Bandwidth> parse_bandwidth(std::string_view text);  // 10Gbps are bits, 500MB/s are bytes
Parsed<Rate> parse_rate(std::string_view text);            // 200/s  10/h
Parsed<Probability> parse_probability(std::string_view text);  // 30%, between 0% and 100%
Parsed<Percentage> parse_percentage(std::string_view text);    // 150%
Parsed<Money> parse_money(std::string_view text);              // 9.99EUR

// ECMA 262 regular expressions of what the readers take, within one that says what stands around
// it: without a sign and blanks before it.
std::string duration_pattern();
std::string rate_pattern();
Parsed<std::int64_t> parse_integer(std::string_view text);  // 42: decimal digits only
Parsed<double> parse_number(std::string_view text);         // 0.5  1e-3
Parsed<bool> parse_boolean(std::string_view text);          // true or false

// The canonical text, which parses back to the same value, bit for bit.
std::string to_text(Duration value);
std::string to_text(Bytes value);
std::string to_text(Bandwidth value);
std::string to_text(Rate value);
std::string to_text(Probability value);
std::string to_text(Percentage value);
std::string to_text(Money value);
std::string to_text(double value);

}  // namespace soundcheck
