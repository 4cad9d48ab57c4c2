#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/rpc/policy.hpp"
#include "sim/core/distribution.hpp"
#include "sim/core/parameters.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

// At the peak of a load's shape. More would be a run that never ends.
inline constexpr Rate kFastestArrivals = Rate::per_second(1'000'000);
inline constexpr std::uint32_t kMostClients = 1'000'000;

// When requests of an open load arrive: poisson(400/s), constant(400/s) or `every 5ms`.
struct Arrivals {
  enum class Kind : std::uint8_t { kPoisson, kConstant } kind = Kind::kPoisson;
  Rate rate = Rate::per_second(50);
  Duration interval;  // of kConstant: exactly this long apart
  double per_second() const {
    return interval > Duration() ? 1.0 / interval.in_seconds() : rate.count_per_second();
  }
};
std::string to_text(const Arrivals& value);

// The load over time, as a share of the arrivals or clients: linear between the points, constant
// before the first and after the last one. No points: 100 %.
struct LoadShape {
  struct Point {
    Duration at;
    Percentage share = Percentage::of(1);
  };
  std::vector<Point> points;
  double at(Duration since_start) const;
  double peak() const;
  // The share, added up over the time from the start to `until`, in seconds.
  double added_up(Duration until) const;
  // When the share, added up over time from `since` on, has come to `seconds`; max if it never
  // does.
  Duration when_added_up(Duration since, double seconds) const;
};

// What a client sends again when an attempt has failed.
enum class RetryKey { kSame, kNew };

// How each of the clients behaves: as a caller does, but more patiently.
struct ClientPolicy : CallPolicy {
  ClientPolicy() { timeout = Duration::seconds(30); }
  RetryKey key = RetryKey::kSame;
  std::optional<Distribution> patience;  // empty: without end
  static const ParameterTable<ClientPolicy>& parameters();
};

// One stream of load: open (requests arrive whether or not earlier ones are answered) or closed
// (each of so many clients sends, waits for the answer, thinks or keeps its pace, and sends again;
// at the start each is somewhere in the middle of its first pause, so that they do not all come at
// once).
struct Load {
  std::string name;
  std::optional<Arrivals> arrivals;      // open
  std::optional<std::uint32_t> clients;  // closed
  std::optional<Distribution> think;     // of the clients, after an answer
  std::optional<Distribution> pace;      // instead: from the start of a request to the next
  ClientPolicy client;
  LoadShape shape;
  // Of a closed load as if every answer came at once: there are no more.
  double expected_requests(Duration until) const;
  static const ParameterTable<Load>& parameters();
};

template <>
struct ParameterText<Arrivals> {
  static constexpr std::string_view kPhrase = "poisson(400/s), constant(400/s) or every 5ms";
  static std::string pattern();
  static Parsed<Arrivals> parse(const ParameterNode& node, const ParameterReader& reader);
  static std::string print(const Arrivals& value) { return to_text(value); }
};
template <>
struct ParameterChoices<RetryKey> {
  static constexpr ParameterChoice<RetryKey> kChoices[] = {
      {RetryKey::kSame, "same", "the same request, with the same idempotency key"},
      {RetryKey::kNew, "new", "the same wish, with an idempotency key of its own"},
  };
};
template <>
struct ParameterForm<LoadShape::Point> {
  static std::string phrase() { return "a point such as [2m, 100%]"; }
  static void read(const ParameterNode& node, LoadShape::Point& into, ParameterReader& reader);
  static ParameterNode print(const LoadShape::Point& value);
  static Json schema(SchemaWriter& writer);
};
template <>
struct ParameterForm<LoadShape> {
  using Points = ParameterForm<std::vector<LoadShape::Point>>;
  static std::string phrase() { return Points::phrase(); }
  static void read(const ParameterNode& node, LoadShape& into, ParameterReader& reader) {
    Points::read(node, into.points, reader);
  }
  static ParameterNode print(const LoadShape& value) { return Points::print(value.points); }
  static Json schema(SchemaWriter& writer) { return Points::schema(writer); }
};

}  // namespace soundcheck
