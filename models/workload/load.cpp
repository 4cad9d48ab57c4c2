#include "models/workload/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/core/call_text.hpp"

namespace soundcheck {
namespace {

Parsed<Arrivals> not_too_fast(const Arrivals& arrivals, std::string_view text) {
  if (arrivals.rate <= kFastestArrivals) return arrivals;
  return std::unexpected(fmt::format("'{}' is more than {}", text, to_text(kFastestArrivals)));
}

}  // namespace

const ParameterTable<Load>& Load::parameters() {
  static const auto table =
      ParameterTable<Load>("load", "When requests come.")
          .optional("name", &Load::name, "what reports call it")
          .optional("arrivals", &Load::arrivals, "open load: when requests arrive")
          .optional("clients", &Load::clients,
                    "closed load: how many clients, each with one request at a time",
                    between(1u, kMostClients))
          .optional("think", &Load::think, "closed load: pause of a client after an answer")
          .optional("pace", &Load::pace,
                    "closed load, instead of 'think': from the start of a client's request to that "
                    "of its next one; after a longer answer it sends at once")
          .optional("client", &Load::client, "how each client behaves")
          .optional("shape", &Load::shape, "share of the load over time");
  return table;
}

const ParameterTable<ClientPolicy>& ClientPolicy::parameters() {
  static const auto table =
      ParameterTable<ClientPolicy>("client", "How a client waits, and what it does then.")
          .including(CallPolicy::parameters())
          .optional("key", &ClientPolicy::key, "what a further attempt sends")
          .optional("patience", &ClientPolicy::patience,
                    "how long a client waits over all attempts before it gives up; left out: until "
                    "the last attempt has failed");
  return table;
}

double LoadShape::at(Duration t) const {
  if (points.empty()) return 1;
  if (t <= points.front().at) return points.front().share.share();
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (t > points[i].at) continue;
    const double before = points[i - 1].share.share();
    const double after = points[i].share.share();
    const double span = (points[i].at - points[i - 1].at).in_seconds();
    const double part = span > 0 ? (t - points[i - 1].at).in_seconds() / span : 1;
    return before + (after - before) * part;
  }
  return points.back().share.share();
}

double LoadShape::peak() const {
  double peak = points.empty() ? 1 : 0;
  for (const Point& point : points) peak = std::max(peak, point.share.share());
  return peak;
}

double LoadShape::added_up(Duration until) const {
  double sum = 0;
  Duration from;
  const auto add = [&](Duration to) {
    sum += (at(from) + at(to)) / 2 * (to - from).in_seconds();
    from = to;
  };
  for (const Point& point : points) {
    if (point.at > from && point.at < until) add(point.at);
  }
  add(until);
  return sum;
}

double Load::expected_requests(Duration until) const {
  const double seconds = shape.added_up(until);
  if (arrivals) return arrivals->per_second() * seconds;
  const double pause = (pace ? *pace : *think).mean().in_seconds();
  return pause > 0 ? clients.value_or(0) * seconds / pause : 0;
}

Duration LoadShape::when_added_up(Duration since, double seconds) const {
  Duration now = since;
  double left = seconds;
  // The share over the next stretch: `begins` at its start, then growing by `slope` a second.
  const auto time_for = [&left](double begins, double slope) {
    return 2 * left / (begins + std::sqrt(begins * begins + 2 * slope * left));
  };
  for (const Point& point : points) {
    if (point.at <= now) continue;
    const double length = (point.at - now).in_seconds();
    const double begins = at(now);
    const double slope = (point.share.share() - begins) / length;
    const double all = length * (begins + point.share.share()) / 2;
    if (all >= left) return now + Duration::from_seconds(time_for(begins, slope));
    left -= all;
    now = point.at;
  }
  const double last = points.empty() ? 1 : points.back().share.share();
  return last > 0 ? now + Duration::from_seconds(time_for(last, 0)) : Duration::max();
}

// Of a rate or an interval above zero.
std::string ParameterText<Arrivals>::pattern() {
  return fmt::format(
      R"(^(?=.*[1-9]) *((poisson|constant) *\( *(rate *[ :=] *)?{} *\)|every +{}) *$)",
      rate_pattern(), duration_pattern());
}

Parsed<Arrivals> ParameterText<Arrivals>::parse(const ParameterNode& node, const ParameterReader&) {
  static const std::vector<CallForm> forms = {{"poisson", {"rate"}, 1, "poisson(400/s)"},
                                              {"constant", {"rate"}, 1, "constant(400/s)"},
                                              {"every", {}, 0, "every 5ms"}};
  const std::string_view text = without_outer_blanks(node.text);
  Arrivals arrivals;
  if (text.starts_with("every ")) {
    const auto interval = parse_positive_duration(without_outer_blanks(text.substr(6)));
    if (!interval) return std::unexpected(interval.error());
    arrivals.kind = Arrivals::Kind::kConstant;
    arrivals.interval = *interval;
    arrivals.rate = Rate::per_second(1.0 / interval->in_seconds());
    return not_too_fast(arrivals, text);
  }
  const auto call = parse_call(text, forms, "arrival process");
  if (!call) return std::unexpected(call.error());
  if (call->arguments.empty())
    return std::unexpected("every needs a duration; write it like every 5ms");
  const auto rate = parse_rate(call->arguments[0]);
  if (!rate) return std::unexpected(rate.error());
  if (rate->interval() == Duration::max() || rate->interval() <= Duration()) {
    return std::unexpected(fmt::format("{} arrivals are not possible", call->arguments[0]));
  }
  arrivals.kind = call->form == 0 ? Arrivals::Kind::kPoisson : Arrivals::Kind::kConstant;
  arrivals.rate = *rate;
  if (call->form == 1) arrivals.interval = rate->interval();
  return not_too_fast(arrivals, text);
}

std::string to_text(const Arrivals& value) {
  if (value.kind == Arrivals::Kind::kPoisson) {
    return fmt::format("poisson({})", to_text(value.rate));
  }
  return fmt::format("every {}", to_text(value.interval));
}

void ParameterForm<LoadShape::Point>::read(const ParameterNode& node, LoadShape::Point& into,
                                           ParameterReader& reader) {
  if (!expect_list(node, phrase(), reader)) return;
  if (node.items.size() != 2) {
    reader.report(
        MistakeCode::kUnreadableValue, node.position,
        fmt::format("{} values stand where 2 are expected: {}", node.items.size(), phrase()));
    return;
  }
  ParameterForm<Duration>::read(node.items[0], into.at, reader);
  ParameterForm<Percentage>::read(node.items[1], into.share, reader);
  if (into.at < Duration()) {
    reader.report(MistakeCode::kOutOfBounds, node.items[0].position, "a time before the start");
  }
}

ParameterNode ParameterForm<LoadShape::Point>::print(const LoadShape::Point& value) {
  ParameterNode node = ParameterNode::list();
  node.items.push_back(ParameterForm<Duration>::print(value.at));
  node.items.push_back(ParameterForm<Percentage>::print(value.share));
  return node;
}

Json ParameterForm<LoadShape::Point>::schema(SchemaWriter& writer) {
  return {{"type", "array"},
          {"items",
           {ParameterForm<Duration>::schema(writer), ParameterForm<Percentage>::schema(writer)}},
          {"minItems", 2},
          {"maxItems", 2}};
}

}  // namespace soundcheck
