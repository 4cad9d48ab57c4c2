#include "reports/verdict/measure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "reports/text/quantities.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {

namespace {

constexpr int kMostDecimals = 12;

// What a text says.
struct Written {
  std::string text;
  double value = 0;
};

bool same(double a, double b) {
  return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b));
}

int decimals_of(const std::string& text) {
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return 0;
  return static_cast<int>(text.find_first_not_of("0123456789", point + 1) - point - 1);
}

// The usual text, or the first of ever more exact ones that does not deceive about the limit.
template <class Write>
std::string beside(double value, const Bound<double>& bound, Written usual, const Write& write) {
  const auto side_of = [&](double number) {
    return bound.holds(same(number, bound.limit) ? bound.limit : number);
  };
  for (int decimals = decimals_of(usual.text) + 1; decimals <= kMostDecimals; ++decimals) {
    const bool equal = same(usual.value, bound.limit) && !same(value, bound.limit);
    if (!equal && side_of(usual.value) == side_of(value)) break;
    usual = write(decimals);
  }
  return usual.text;
}

// "52.1 ms" or "15m20s" in seconds.
double seconds_of(std::string_view text) {
  struct Unit {
    std::string_view name;
    double seconds;
  };
  static constexpr std::array<Unit, 7> kUnits{
      {{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}}};
  static constexpr std::string_view kDigits = "0123456789.";
  double seconds = 0;
  while (!text.empty()) {
    const std::size_t digits = std::min(text.find_first_not_of(kDigits), text.size());
    const double number = std::stod(std::string(text.substr(0, digits)));
    text.remove_prefix(digits);
    if (text.starts_with(' ')) text.remove_prefix(1);
    const std::size_t letters = std::min(text.find_first_of(kDigits), text.size());
    const auto unit = std::ranges::find(kUnits, text.substr(0, letters), &Unit::name);
    SOUNDCHECK_ASSERT(unit != kUnits.end(), "a duration in '{}'", text);
    seconds += number * unit->seconds;
    text.remove_prefix(letters);
  }
  return seconds;
}

Written fixed(double value, int decimals, std::string_view unit) {
  const std::string number = fmt::format("{:.{}f}", value, decimals);
  return {fmt::format("{}{}", number, unit), std::stod(number)};
}

Written write_rate(double value) {
  std::string number = rate_text(value);
  std::erase(number, ' ');
  return {rate_text(value), std::stod(number)};
}

}  // namespace

Measured measure_duration(Duration value, const Bound<Duration>& bound) {
  const double seconds = value.in_seconds();
  const double limit = bound.limit.in_seconds();
  const auto write = [&](int decimals) {
    const double unit = seconds < 999.5e-6 ? 1e-6 : seconds < 999.5e-3 ? 1e-3 : 1;
    Written written = fixed(seconds / unit, decimals,
                            unit == 1      ? " s"
                            : unit == 1e-3 ? " ms"
                                           : " us");
    written.value *= unit;
    return written;
  };
  const Written usual{short_text(value), seconds_of(short_text(value))};
  return {
      .holds = bound.holds(value),
      .limit = fmt::format("{} {}", symbol_of(bound.comparison), to_text(bound.limit)),
      .observed = beside(seconds, {bound.comparison, limit}, usual, write),
      .measure = {seconds * 1e3, bound.comparison, limit * 1e3, "ms"},
  };
}

Measured measure_share(double value, const Bound<Percentage>& bound) {
  const double limit = bound.limit.share() * 100;
  const std::string text = percent_text(value);
  const Written usual{text, text.front() == '<' ? 0 : std::stod(text)};
  const auto write = [&](int decimals) { return fixed(value * 100, decimals, " %"); };
  return {
      .holds = bound.holds(Percentage::of(value)),
      .limit = fmt::format("{} {:.10g} %", symbol_of(bound.comparison), limit),
      .observed = beside(value * 100, {bound.comparison, limit}, usual, write),
      .measure = {value * 100, bound.comparison, limit, "%"},
  };
}

Measured measure_rate(double value, const Bound<Rate>& bound) {
  const double limit = bound.limit.count_per_second();
  const auto write = [&](int decimals) { return fixed(value, decimals, "/s"); };
  std::string limit_text = write_rate(limit).text;
  if (!same(write_rate(limit).value, limit)) limit_text = fmt::format("{:.10g}/s", limit);
  return {
      .holds = bound.holds(Rate::per_second(value)),
      .limit = fmt::format("{} {}", symbol_of(bound.comparison), limit_text),
      .observed = beside(value, {bound.comparison, limit}, write_rate(value), write),
      .measure = {value, bound.comparison, limit, "/s"},
  };
}

}  // namespace soundcheck
