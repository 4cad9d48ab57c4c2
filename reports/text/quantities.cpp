#include "reports/text/quantities.hpp"

#include <fmt/format.h>

namespace soundcheck {

namespace {

// Three significant digits for a value of 1 to 999, without rounding up to the next unit.
std::string three_digits(double value) {
  if (value >= 99.95) return fmt::format("{:.0f}", value);
  if (value >= 9.995) return fmt::format("{:.1f}", value);
  return fmt::format("{:.2f}", value);
}

}  // namespace

std::string short_text(Duration duration) {
  const std::int64_t count = duration.count();
  if (count < 0) return "-" + short_text(-duration);
  if (count == 0) return "0 s";
  if (count < 1'000) return fmt::format("{} ns", count);
  const auto nanoseconds = static_cast<double>(count);
  if (nanoseconds < 999.5e3) return three_digits(nanoseconds / 1e3) + " us";
  if (nanoseconds < 999.5e6) return three_digits(nanoseconds / 1e6) + " ms";
  if (nanoseconds < 119.5e9) return three_digits(nanoseconds / 1e9) + " s";
  const std::int64_t seconds = (count + 500'000'000) / 1'000'000'000;
  const std::int64_t minutes = seconds / 60;
  if (minutes < 120) return fmt::format("{}m{:02}s", minutes, seconds % 60);
  if (minutes < 48 * 60) return fmt::format("{}h{:02}m", minutes / 60, minutes % 60);
  return fmt::format("{}d{:02}h", minutes / 1440, minutes / 60 % 24);
}

std::string short_text(Time time) {
  const std::int64_t milliseconds = (time.count() + 500'000) / 1'000'000;
  return fmt::format("{}.{:03} s", milliseconds / 1000, milliseconds % 1000);
}

std::string percent_text(double share) {
  if (share >= 1) return "100 %";
  if (share <= 0) return "0 %";
  const double percent = share * 100;
  if (percent > 99.99) return "99.99 %";  // never rounded to what it is not
  if (percent < 0.01) return "< 0.01 %";
  return fmt::format("{:.{}f} %", percent, percent > 90 || percent < 10 ? 2 : 1);
}

std::string rate_text(double per_second) {
  if (per_second >= 9'999.5) return count_text(static_cast<std::uint64_t>(per_second + 0.5)) + "/s";
  return three_digits(per_second) + "/s";
}

std::string count_text(std::uint64_t count) {
  std::string text = fmt::format("{}", count);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), 1, ' ');
  return text;
}

bool rests_on_few(double share, std::uint64_t values) {
  constexpr double kFewest = 10;
  return share < 1 && static_cast<double>(values) * (1 - share) < kFewest - 1e-9;
}

std::string counted(std::uint64_t count, const char* one, const char* several) {
  return fmt::format("{} {}", count_text(count), count == 1 ? one : several);
}

}  // namespace soundcheck
