#include "models/orchestrator/decider/calendar.hpp"

#include <array>
#include <cctype>
#include <chrono>
#include <string>
#include <string_view>

#include "sim/core/letters.hpp"

namespace soundcheck::conductor {

namespace {

class TextScanner {
 public:
  explicit TextScanner(std::string_view text) : text_(text) {}

  void skip_spaces() {
    while (!done() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool done() const { return at_ >= text_.size(); }
  std::optional<std::int64_t> number(std::size_t most_digits) {
    std::int64_t value = 0;
    std::size_t digits = 0;
    while (!done() && digits < most_digits && is_digit(text_[at_])) {
      value = value * 10 + (text_[at_++] - '0');
      ++digits;
    }
    return digits == 0 ? std::nullopt : std::optional(value);
  }
  bool take(char c) {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string word() {
    std::string word;
    while (!done() && is_letter(text_[at_])) word += in_lower_case(text_[at_++]);
    return word;
  }
  // Words with single spaces and hyphens between them, in small letters.
  std::string words() {
    std::string words = word();
    while (!words.empty() && at_ + 1 < text_.size() && (text_[at_] == ' ' || text_[at_] == '-') &&
           is_letter(text_[at_ + 1])) {
      words += text_[at_++];
      words += word();
    }
    return words;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// The place of a unit in the order in which Conductor wants them: days first.
std::optional<std::size_t> unit_place(const std::string& word) {
  static constexpr std::array<std::array<std::string_view, 5>, 4> kUnits{{
      {"d", "day", "days", "", ""},
      {"h", "hr", "hrs", "hour", "hours"},
      {"m", "min", "mins", "minute", "minutes"},
      {"s", "sec", "secs", "second", "seconds"},
  }};
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    for (const std::string_view unit : kUnits[i]) {
      if (!unit.empty() && unit == word) return i;
    }
  }
  return std::nullopt;
}

struct Zone {
  std::string_view standard, standard_short, summer, summer_short;  // empty: no summer time
  int minutes;                                                      // in standard time
  int summer_minutes = 60;                                          // that are added in summer
};

constexpr auto kZones = std::to_array<Zone>({
    {"pacific standard time", "pst", "pacific daylight time", "pdt", -480},
    {"mountain standard time", "mst", "mountain daylight time", "mdt", -420},
    {"central standard time", "cst", "central daylight time", "cdt", -360},
    {"eastern standard time", "est", "eastern daylight time", "edt", -300},
    {"hawaii-aleutian standard time", "hst", "hawaii-aleutian daylight time", "hdt", -600},
    {"alaska standard time", "akst", "alaska daylight time", "akdt", -540},
    {"atlantic standard time", "ast", "atlantic daylight time", "adt", -240},
    {"newfoundland standard time", "nst", "newfoundland daylight time", "ndt", -210},
    {"central european standard time", "cet", "central european summer time", "cest", 60},
    {"central european time", "cet", "central european summer time", "cest", 60},
    {"greenwich mean time", "gmt", "", "", 0},
    {"western european standard time", "wet", "western european summer time", "west", 0},
    {"western european time", "wet", "western european summer time", "west", 0},
    {"israel standard time", "ist", "israel daylight time", "idt", 120},
    {"japan standard time", "jst", "", "", 540},
    {"eastern european standard time", "eet", "eastern european summer time", "eest", 120},
    {"eastern european time", "eet", "eastern european summer time", "eest", 120},
    {"coordinated universal time", "utc", "", "", 0},
    {"british summer time", "bst", "", "", 60},
    {"irish standard time", "", "", "", 60},
    {"moscow standard time", "msk", "", "", 180},
    {"central africa time", "cat", "", "", 120},
    {"east africa time", "eat", "", "", 180},
    {"west africa standard time", "wat", "", "", 60},
    {"south africa standard time", "sast", "", "", 120},
    {"argentina standard time", "art", "", "", -180},
    {"brasilia standard time", "brt", "", "", -180},
    {"chile standard time", "clt", "chile summer time", "clst", -240},
    {"colombia standard time", "cot", "", "", -300},
    {"arabian standard time", "", "", "", 180},
    {"gulf standard time", "gst", "", "", 240},
    {"pakistan standard time", "pkt", "", "", 300},
    {"india standard time", "", "", "", 330},
    {"indochina time", "ict", "", "", 420},
    {"western indonesia time", "wib", "", "", 420},
    {"china standard time", "", "", "", 480},
    {"hong kong standard time", "hkt", "", "", 480},
    {"singapore standard time", "sgt", "", "", 480},
    {"australian western standard time", "awst", "", "", 480},
    {"korean standard time", "kst", "", "", 540},
    {"australian central standard time", "acst", "australian central daylight time", "acdt", 570},
    {"australian eastern standard time", "aest", "australian eastern daylight time", "aedt", 600},
    {"new zealand standard time", "nzst", "new zealand daylight time", "nzdt", 720},
});

// Minutes east of Greenwich of a zone by one of its English names, in small letters: "pst" or
// "pacific standard time", and "pdt" or "pacific daylight time" with the hour of summer. A name
// that several zones have means the one that Java lists first (IST is Israel's). Conductor knows no
// names of regions ("Europe/Paris").
std::optional<std::int64_t> zone_minutes_of(const std::string& name) {
  if (name.empty()) return std::nullopt;
  for (const Zone& zone : kZones) {
    if (name == zone.standard || name == zone.standard_short) return zone.minutes;
    if (name == zone.summer || name == zone.summer_short) return zone.minutes + zone.summer_minutes;
  }
  return std::nullopt;
}

// Minutes east of UTC: "+0400", "GMT+04:00", "PST"; nothing if the rest of the text is no zone.
std::optional<std::int64_t> zone_minutes(TextScanner& scanner) {
  scanner.skip_spaces();
  if (scanner.done()) return 0;
  const std::string name = scanner.words();
  const bool plus = scanner.take('+');
  if (plus || scanner.take('-')) {
    if (!name.empty() && name != "gmt") return std::nullopt;
    const auto hours = scanner.number(2);
    const bool colon = scanner.take(':');
    const auto minutes = scanner.number(2);
    if (!hours || !minutes || (!name.empty() && !colon) || !scanner.done()) return std::nullopt;
    const std::int64_t total = *hours * 60 + *minutes;
    return plus ? total : -total;
  }
  if (!scanner.done()) return std::nullopt;
  return name == "z" ? std::optional<std::int64_t>(0) : zone_minutes_of(name);
}

}  // namespace

Json time_to_json(const std::optional<Time>& time) {
  return time ? kRunEpochMilliseconds + time->in_milliseconds() : 0;
}

std::optional<Time> time_from_json(const Json& json) {
  if (!json.is_number_integer() || json == 0) return std::nullopt;
  return Time::at(Duration::milliseconds(json.get<std::int64_t>() - kRunEpochMilliseconds));
}

std::optional<Duration> parse_wait_duration(std::string_view text) {
  static constexpr std::array<std::int64_t, 4> kSeconds{86'400, 3'600, 60, 1};
  TextScanner scanner(text);
  std::int64_t total = 0;
  std::size_t next_place = 0;
  for (scanner.skip_spaces(); !scanner.done(); scanner.skip_spaces()) {
    const auto count = scanner.number(9);
    if (!count) return std::nullopt;
    scanner.skip_spaces();
    const auto place = unit_place(scanner.word());
    if (!place || *place < next_place) return std::nullopt;
    total += *count * kSeconds[*place];
    next_place = *place + 1;
  }
  return Duration::seconds(total);
}

std::optional<Time> parse_wait_until(std::string_view text) {
  TextScanner scanner(text);
  const auto year = scanner.number(4);
  if (!year || !scanner.take('-')) return std::nullopt;
  const auto month = scanner.number(2);
  if (!month || !scanner.take('-')) return std::nullopt;
  const auto day = scanner.number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  std::int64_t minutes = std::chrono::sys_days(date).time_since_epoch().count() * 24 * 60;
  if (!scanner.done()) {
    scanner.skip_spaces();
    const auto hour = scanner.number(2);
    if (!hour || !scanner.take(':')) return std::nullopt;
    const auto minute = scanner.number(2);
    const auto zone = zone_minutes(scanner);
    if (!minute || !zone || *hour > 23 || *minute > 59) return std::nullopt;
    minutes += *hour * 60 + *minute - *zone;
  }
  return Time::at(Duration::milliseconds(minutes * 60'000 - kRunEpochMilliseconds));
}

}  // namespace soundcheck::conductor
