#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/core/json.hpp"
#include "sim/core/time.hpp"

namespace soundcheck::conductor {

// A run begins on 1 January 2026, 00:00 UTC: what WAIT's `until` is compared with, and what times
// in Conductor's JSON (milliseconds since 1970) count from.
inline constexpr std::int64_t kRunEpochMilliseconds = 1'767'225'600'000;

// Conductor's clock has whole milliseconds.
constexpr Time whole_milliseconds(Time time) {
  return Time::at(Duration::milliseconds(time.in_milliseconds()));
}

// As Conductor writes a time; 0 for one that is not set.
Json time_to_json(const std::optional<Time>& time);
std::optional<Time> time_from_json(const Json& json);

// "2 days 3 hours 5m 10s", each part optional, in this order. Nothing if it is no duration.
std::optional<Duration> parse_wait_duration(std::string_view text);
// "yyyy-MM-dd HH:mm", with an optional zone (UTC, GMT, Z or +hh:mm), or "yyyy-MM-dd". A time before
// the run has a negative value. Nothing if it is no such date.
std::optional<Time> parse_wait_until(std::string_view text);

}  // namespace soundcheck::conductor
