#include "sim/core/units.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "sim/core/did_you_mean.hpp"

namespace soundcheck {
namespace {

using UnitError = std::unexpected<std::string>;

constexpr std::string_view kDigits = "0123456789";
constexpr int kMostDigits = 19;    // which fit into 64 bits
constexpr int kMostDecimals = 30;  // so that mantissa, unit and decimals multiply within 128 bits

// A decimal number exactly as written: mantissa / 10^decimals.
struct Decimal {
  std::uint64_t mantissa = 0;
  int decimals = 0;
};

// A unit and what it is worth: numerator / denominator of the type's own unit.
struct Unit {
  std::string_view name;
  std::int64_t numerator = 1;
  std::int64_t denominator = 1;
};

constexpr Unit kDurationUnits[] = {{"d", 86'400'000'000'000}, {"h", 3'600'000'000'000},
                                   {"m", 60'000'000'000},     {"s", 1'000'000'000},
                                   {"ms", 1'000'000},         {"us", 1'000},
                                   {"\u00b5s", 1'000},        {"ns", 1}};
constexpr Unit kBytesUnits[] = {{"B", 1},
                                {"KB", 1'000},
                                {"MB", 1'000'000},
                                {"GB", 1'000'000'000},
                                {"TB", 1'000'000'000'000},
                                {"KiB", 1LL << 10},
                                {"MiB", 1LL << 20},
                                {"GiB", 1LL << 30},
                                {"TiB", 1LL << 40},
                                {"kB", 1'000}};
constexpr Unit kBandwidthUnits[] = {{"bps", 1},
                                    {"Kbps", 1'000},
                                    {"Mbps", 1'000'000},
                                    {"Gbps", 1'000'000'000},
                                    {"Tbps", 1'000'000'000'000},
                                    {"B/s", 8},
                                    {"KB/s", 8'000},
                                    {"MB/s", 8'000'000},
                                    {"GB/s", 8'000'000'000},
                                    {"KiB/s", 8LL << 10},
                                    {"MiB/s", 8LL << 20},
                                    {"GiB/s", 8LL << 30},
                                    {"kbps", 1'000},
                                    {"kB/s", 8'000}};
constexpr Unit kRateUnits[] = {{"/s", 1},         {"/m", 1, 60},     {"/h", 1, 3'600},
                               {"/d", 1, 86'400}, {"/ms", 1'000, 1}, {"/min", 1, 60}};
constexpr Unit kPercentUnits[] = {{"%", 1, 100}};
constexpr Unit kMoneyUnits[] = {{"EUR", 100}};

// What a type is called in a sentence, its units and those of them worth naming, and a good value
// to show.
struct Quantity {
  std::string_view name;
  std::span<const Unit> units;
  std::string_view units_to_name;
  std::string_view example;
};

constexpr Quantity kDuration{"a duration", kDurationUnits, "ns, us, ms, s, m, h, d", "300ms"};
constexpr Quantity kBytes{"a size", kBytesUnits, "B, KB, MB, GB, TB, KiB, MiB, GiB, TiB", "64KiB"};
constexpr Quantity kBandwidth{"a bandwidth", kBandwidthUnits,
                              "bps, Kbps, Mbps, Gbps, Tbps (bits) or B/s, KB/s, MB/s, GB/s (bytes)",
                              "10Gbps"};
constexpr Quantity kRate{"a rate", kRateUnits, "/s, /m, /h, /d", "200/s"};
constexpr Quantity kProbability{"a probability", kPercentUnits, "%", "30%"};
constexpr Quantity kPercentage{"a percentage", kPercentUnits, "%", "30%"};
constexpr Quantity kMoney{"an amount of money", kMoneyUnits, "EUR", "9.99EUR"};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string not_a(const Quantity& quantity, std::string_view text) {
  return fmt::format("'{}' is not {}; write it like {} (units: {})", text, quantity.name,
                     quantity.example, quantity.units_to_name);
}

// Takes digits with an optional fraction from the front of `text`; nothing if there is no number of
// a sane length.
std::optional<Decimal> take_decimal(std::string_view& text) {
  Decimal result;
  int digits = 0;
  int significant = 0;
  bool point = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !point && digits > 0) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      result.mantissa = result.mantissa * 10 + static_cast<std::uint64_t>(c - '0');
      result.decimals += point ? 1 : 0;
      significant += result.mantissa > 0 ? 1 : 0;
      ++digits;
      if (significant > kMostDigits || result.decimals > kMostDecimals) return std::nullopt;
    } else {
      break;
    }
  }
  if (digits == 0 || (at > 0 && text[at - 1] == '.')) return std::nullopt;
  text.remove_prefix(at);
  return result;
}

constexpr __int128 power_of_ten(int exponent) {
  __int128 result = 1;
  for (int i = 0; i < exponent; ++i) result *= 10;
  return result;
}

std::string pattern_of(const Quantity& quantity) {
  std::vector<std::string_view> names;
  for (const Unit& unit : quantity.units) names.push_back(unit.name);
  return fmt::format(R"([0-9]+(\.[0-9]+)? *({}))", fmt::join(names, "|"));
}

std::string suggest_case(const Quantity& quantity, std::string_view unit) {
  for (const Unit& known : quantity.units) {
    if (equals_ignoring_case(known.name, unit))
      return fmt::format("; did you mean '{}'?", known.name);
  }
  return "";
}

struct Measured {
  Decimal number;
  Unit unit;
};

// Takes one number with its unit from the front of `text`.
Parsed<Measured> take_measured(std::string_view& text, std::string_view whole,
                               const Quantity& quantity) {
  const auto number = take_decimal(text);
  if (!number) return UnitError(not_a(quantity, whole));
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const auto end = text.find_first_of(" 0123456789.-+");
  const std::string_view unit = text.substr(0, end);
  text.remove_prefix(unit.size());
  if (unit.empty()) {
    return UnitError(fmt::format("'{}' has no unit: {} is written like {} (units: {})", whole,
                                 quantity.name, quantity.example, quantity.units_to_name));
  }
  for (const Unit& known : quantity.units) {
    if (known.name == unit) return Measured{*number, known};
  }
  return UnitError(fmt::format("'{}' is not a unit of {}{} (units: {})", unit, quantity.name,
                               suggest_case(quantity, unit), quantity.units_to_name));
}

Parsed<Measured> parse_measured(std::string_view text, const Quantity& quantity) {
  std::string_view rest = trimmed(text);
  auto measured = take_measured(rest, trimmed(text), quantity);
  if (measured && !trimmed(rest).empty()) return UnitError(not_a(quantity, trimmed(text)));
  return measured;
}

// The exact whole number of the type's own unit, or a sentence.
Parsed<std::int64_t> whole(const Measured& measured, std::string_view text, std::string_view unit) {
  const __int128 scaled = static_cast<__int128>(measured.number.mantissa) * measured.unit.numerator;
  const __int128 divisor = power_of_ten(measured.number.decimals) * measured.unit.denominator;
  if (scaled % divisor != 0) {
    return UnitError(fmt::format("'{}' is not a whole number of {}", trimmed(text), unit));
  }
  const __int128 count = scaled / divisor;
  if (count > std::numeric_limits<std::int64_t>::max()) {
    return UnitError(fmt::format("'{}' is too large", trimmed(text)));
  }
  return static_cast<std::int64_t>(count);
}

Parsed<std::int64_t> parse_whole(std::string_view text, const Quantity& quantity,
                                 std::string_view unit) {
  const auto measured = parse_measured(text, quantity);
  if (!measured) return UnitError(measured.error());
  return whole(*measured, text, unit);
}

// The double nearest to a decimal number.
double nearest(const Decimal& number) {
  const std::string text = fmt::format("{}e-{}", number.mantissa, number.decimals);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

double from_percent(const Measured& percent) {
  return nearest({percent.number.mantissa, percent.number.decimals + 2});
}

// The shortest decimal digits that read back as value * 10^shift, without an exponent.
std::string shortest_decimal(double value, int shift) {
  char buffer[64];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  const std::string scientific(buffer, end.ptr);  // like 1.25e-03
  const auto exponent_at = scientific.find('e');
  int exponent = 0;
  const char* first =
      scientific.data() + exponent_at + (scientific[exponent_at + 1] == '+' ? 2 : 1);
  std::from_chars(first, scientific.data() + scientific.size(), exponent);
  exponent += shift;
  std::string digits = scientific.substr(0, exponent_at);
  std::erase(digits, '.');
  if (exponent < 0) {
    return "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  }
  const auto whole_digits = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole_digits) return digits.append(whole_digits - digits.size(), '0');
  return digits.insert(whole_digits, ".");
}

std::string with_fraction(std::int64_t count, std::int64_t unit, std::string_view name) {
  std::string text = std::to_string(count / unit);
  if (const std::int64_t rest = count % unit; rest != 0) {
    std::string digits = std::to_string(unit + rest).substr(1);  // leading zeros kept: unit is 10^n
    while (digits.back() == '0') digits.pop_back();
    text += "." + digits;
  }
  return text.append(name);
}

// The shortest of the texts in the units that divide `count`; the first of several.
std::string shortest_whole(std::int64_t count, std::span<const Unit> units) {
  std::string best;
  for (const Unit& unit : units) {
    if (count % unit.numerator != 0) continue;
    std::string text = fmt::format("{}{}", count / unit.numerator, unit.name);
    if (best.empty() || text.size() < best.size()) best = std::move(text);
  }
  return best;
}

}  // namespace

std::string duration_pattern() {
  return fmt::format("({} *)+", pattern_of(kDuration));
}
std::string rate_pattern() {
  return pattern_of(kRate);
}

Parsed<Duration> parse_duration(std::string_view text) {
  const std::string_view all = trimmed(text);
  std::string_view rest = all;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  __int128 sum = 0;
  std::int64_t smallest_unit = std::numeric_limits<std::int64_t>::max();
  do {
    const auto part = take_measured(rest, all, kDuration);
    if (!part) return UnitError(part.error());
    if (part->unit.numerator >= smallest_unit) {
      return UnitError(
          fmt::format("'{}' does not go from large units to small ones, like 1m30s", all));
    }
    smallest_unit = part->unit.numerator;
    const auto count = whole(*part, all, "nanoseconds");
    if (!count) return UnitError(count.error());
    sum += *count;
    rest = trimmed(rest);
  } while (!rest.empty());
  if (sum > Duration::max().count()) return UnitError(fmt::format("'{}' is too large", all));
  const auto count = static_cast<std::int64_t>(sum);
  return Duration::nanoseconds(negative ? -count : count);
}

Parsed<Bytes> parse_bytes(std::string_view text) {
  const auto count = parse_whole(text, kBytes, "bytes");
  if (!count) return UnitError(count.error());
  return Bytes::bytes(*count);
}

Parsed<Bandwidth> parse_bandwidth(std::string_view text) {
  const auto count = parse_whole(text, kBandwidth, "bits a second");
  if (!count) return UnitError(count.error());
  return Bandwidth::bits_per_second(*count);
}

Parsed<Rate> parse_rate(std::string_view text) {
  const auto measured = parse_measured(text, kRate);
  if (!measured) return UnitError(measured.error());
  return Rate::per_second(nearest(measured->number) *
                          static_cast<double>(measured->unit.numerator) /
                          static_cast<double>(measured->unit.denominator));
}

Parsed<Probability> parse_probability(std::string_view text) {
  const auto measured = parse_measured(text, kProbability);
  if (!measured) {
    const auto bare = parse_number(text);
    if (!bare || *bare < 0 || *bare > 1) return UnitError(measured.error());
    return UnitError(
        fmt::format("'{}' has no unit: write {}", trimmed(text), to_text(Probability::of(*bare))));
  }
  const double value = from_percent(*measured);
  if (value > 1) {
    return UnitError(
        fmt::format("'{}' is no probability: it lies between 0% and 100%", trimmed(text)));
  }
  return Probability::of(value);
}

Parsed<Percentage> parse_percentage(std::string_view text) {
  const auto measured = parse_measured(text, kPercentage);
  if (!measured) return UnitError(measured.error());
  return Percentage::of(from_percent(*measured));
}

Parsed<Money> parse_money(std::string_view text) {
  std::string_view amount = trimmed(text);
  const bool negative = amount.starts_with('-');
  if (negative) amount.remove_prefix(1);
  const auto count = parse_whole(amount, kMoney, "cents");
  if (!count) return UnitError(count.error());
  return Money::minor_units(negative ? -*count : *count);
}

Parsed<std::int64_t> parse_integer(std::string_view text) {
  const std::string_view all = trimmed(text);
  std::string_view digits = all;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  if (digits.empty() || digits.find_first_not_of(kDigits) != std::string_view::npos) {
    return UnitError(
        fmt::format("'{}' is not a whole number; write it in decimal digits, like 42", all));
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), value);
  if (error != std::errc{} || end != all.data() + all.size()) {
    return UnitError(fmt::format("'{}' is too large", all));
  }
  if (digits.size() > 1 && digits.front() == '0') {
    return UnitError(fmt::format(
        "'{}' starts with a zero, which some programs read as octal; write {}", all, value));
  }
  return value;
}

Parsed<double> parse_number(std::string_view text) {
  const std::string_view all = trimmed(text);
  double value = 0;
  const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), value);
  const std::string_view digits = all.starts_with('-') ? all.substr(1) : all;
  const bool is_decimal = !digits.empty() && kDigits.find(digits.front()) != std::string_view::npos;
  if (error != std::errc{} || end != all.data() + all.size() || !is_decimal ||
      !std::isfinite(value)) {
    return UnitError(fmt::format("'{}' is not a number; write it like 0.5", all));
  }
  if (digits.size() > 1 && digits[0] == '0' && kDigits.find(digits[1]) != std::string_view::npos) {
    return UnitError(
        fmt::format("'{}' starts with a zero, which some programs read as octal; write {}", all,
                    to_text(value)));
  }
  return value;
}

Parsed<bool> parse_boolean(std::string_view text) {
  const std::string_view all = trimmed(text);
  if (all == "true") return true;
  if (all == "false") return false;
  return UnitError(fmt::format("'{}' is neither true nor false", all));
}

std::string to_text(Duration value) {
  std::int64_t count = value.count();
  if (count == 0) return "0s";
  // The one count without a counterpart is unreachable by parsing; it prints as its neighbour.
  if (count == std::numeric_limits<std::int64_t>::min()) ++count;
  std::string text = count < 0 ? "-" : "";
  if (count < 0) count = -count;
  for (const Unit& unit : std::span(kDurationUnits).first(3)) {  // d, h, m
    if (count >= unit.numerator) {
      text += fmt::format("{}{}", count / unit.numerator, unit.name);
      count %= unit.numerator;
    }
  }
  if (count == 0) return text;
  const bool compound = text.size() > 1;
  if (compound || count >= 1'000'000'000) return text + with_fraction(count, 1'000'000'000, "s");
  if (count >= 1'000'000) return text + with_fraction(count, 1'000'000, "ms");
  if (count >= 1'000) return text + with_fraction(count, 1'000, "us");
  return text + fmt::format("{}ns", count);
}

std::string to_text(Bytes value) {
  if (value.count() == 0) return "0B";
  return shortest_whole(value.count(), std::span(kBytesUnits).first(9));
}

std::string to_text(Bandwidth value) {
  if (value.in_bits_per_second() == 0) return "0bps";
  return shortest_whole(value.in_bits_per_second(), std::span(kBandwidthUnits).first(9));
}

std::string to_text(Rate value) {
  if (value.count_per_second() == 0) return "0/s";
  std::string best = shortest_decimal(value.count_per_second(), 0) + "/s";
  for (const Unit& unit : std::span(kRateUnits).subspan(1, 3)) {  // 10/h rather than 0.00277../s
    const double in_unit = value.count_per_second() * static_cast<double>(unit.denominator);
    const std::string text = fmt::format("{:.12g}{}", in_unit, unit.name);
    if (text.size() < best.size() && parse_rate(text) == value) best = text;
  }
  return best;
}

std::string to_text(Percentage value) {
  return value.share() == 0 ? "0%" : shortest_decimal(value.share(), 2) + "%";
}

std::string to_text(Probability value) {
  return to_text(Percentage::of(value.value()));
}

std::string to_text(Money value) {
  const std::int64_t cents = value.in_minor_units();
  const auto magnitude =
      cents < 0 ? 0 - static_cast<std::uint64_t>(cents) : static_cast<std::uint64_t>(cents);
  return fmt::format("{}{}.{:02}EUR", cents < 0 ? "-" : "", magnitude / 100, magnitude % 100);
}

std::string to_text(double value) {
  return fmt::format("{}", value);
}

}  // namespace soundcheck
