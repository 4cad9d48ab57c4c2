#include "scenarios/model/text_forms.hpp"

#include "sim/core/call_text.hpp"

namespace soundcheck {
namespace {

using FormError = std::unexpected<std::string>;

std::string_view without_outer_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Parsed<Duration> positive_duration(std::string_view text) {
  auto value = parse_duration(text);
  if (value && *value <= Duration()) return FormError(fmt::format("'{}' must be above zero", text));
  return value;
}

Parsed<ScenarioArrivals> not_too_fast(const ScenarioArrivals& arrivals, std::string_view text) {
  if (arrivals.rate <= kFastestArrivals) return arrivals;
  return FormError(fmt::format("'{}' is more than {}", text, to_text(kFastestArrivals)));
}

template <typename T>
Parsed<Threshold<T>> parse_threshold(std::string_view text, std::string_view example,
                                     Parsed<T> (*parse)(std::string_view)) {
  const std::string_view all = without_outer_blanks(text);
  static constexpr std::pair<std::string_view, ThresholdComparison> kSigns[] = {
      {"<=", ThresholdComparison::kLessOrEqual},
      {">=", ThresholdComparison::kGreaterOrEqual},
      {"<", ThresholdComparison::kLess},
      {">", ThresholdComparison::kGreater}};
  for (const auto& [sign, comparison] : kSigns) {
    if (!all.starts_with(sign)) continue;
    const auto value = parse(all.substr(sign.size()));
    if (!value) return FormError(value.error());
    return Threshold<T>{comparison, *value};
  }
  return FormError(
      fmt::format("'{}' does not begin with <, <=, > or >=; write it like \"{}\"", all, example));
}

}  // namespace

Parsed<ScenarioSettle> ParameterText<ScenarioSettle>::parse(const ParameterNode& node,
                                                            const ParameterReader&) {
  if (node.text == "auto") return ScenarioSettle{};
  const auto limit = positive_duration(node.text);
  if (!limit) return FormError(limit.error());
  if (*limit > kLongestRun) {
    return FormError(fmt::format("'{}' is longer than {}", node.text, to_text(kLongestRun)));
  }
  return ScenarioSettle{*limit};
}

std::string to_text(const ScenarioSettle& value) {
  return value.limit ? to_text(*value.limit) : "auto";
}

Parsed<ScenarioArrivals> ParameterText<ScenarioArrivals>::parse(const ParameterNode& node,
                                                                const ParameterReader&) {
  static const std::vector<CallForm> forms = {{"poisson", {"rate"}, 1, "poisson(400/s)"},
                                              {"constant", {"rate"}, 1, "constant(400/s)"},
                                              {"every", {}, 0, "every 5ms"}};
  const std::string_view text = without_outer_blanks(node.text);
  ScenarioArrivals arrivals;
  if (text.starts_with("every ")) {
    const auto interval = positive_duration(without_outer_blanks(text.substr(6)));
    if (!interval) return FormError(interval.error());
    arrivals.kind = ScenarioArrivals::Kind::kConstant;
    arrivals.interval = *interval;
    arrivals.rate = Rate::per_second(1.0 / interval->in_seconds());
    return not_too_fast(arrivals, text);
  }
  const auto call = parse_call(text, forms, "arrival process");
  if (!call) return FormError(call.error());
  if (call->arguments.empty()) return FormError("every needs a duration; write it like every 5ms");
  const auto rate = parse_rate(call->arguments[0]);
  if (!rate) return FormError(rate.error());
  if (rate->interval() == Duration::max() || rate->interval() <= Duration()) {
    return FormError(fmt::format("{} arrivals are not possible", call->arguments[0]));
  }
  arrivals.kind =
      call->form == 0 ? ScenarioArrivals::Kind::kPoisson : ScenarioArrivals::Kind::kConstant;
  arrivals.rate = *rate;
  if (call->form == 1) arrivals.interval = rate->interval();
  return not_too_fast(arrivals, text);
}

std::string to_text(const ScenarioArrivals& value) {
  if (value.kind == ScenarioArrivals::Kind::kPoisson) {
    return fmt::format("poisson({})", to_text(value.rate));
  }
  return fmt::format("every {}", to_text(value.interval));
}

Parsed<ScenarioBackoff> ParameterText<ScenarioBackoff>::parse(const ParameterNode& node,
                                                              const ParameterReader&) {
  static const std::vector<CallForm> forms = {
      {"constant", {"base"}, 1, "constant(50ms)"},
      {"linear", {"base", "max"}, 1, "linear(50ms, max 1s)"},
      {"exponential", {"base", "max"}, 1, "exponential(50ms, max 1s)"}};
  const auto call = parse_call(node.text, forms, "back-off");
  if (!call) return FormError(call.error());
  ScenarioBackoff backoff{static_cast<Backoff>(call->form)};
  const auto base = positive_duration(call->arguments[0]);
  if (!base) return FormError(base.error());
  backoff.base = *base;
  backoff.max = std::max(backoff.max, *base);
  if (call->form == 0) backoff.max = *base;
  if (call->form > 0 && !call->arguments[1].empty()) {
    const auto max = positive_duration(call->arguments[1]);
    if (!max) return FormError(max.error());
    if (*max < *base) return FormError("the largest back-off lies below the first one");
    backoff.max = *max;
  }
  return backoff;
}

std::string to_text(const ScenarioBackoff& value) {
  if (value.kind == Backoff::kConstant) return fmt::format("constant({})", to_text(value.base));
  return fmt::format("{}({}, max {})", value.kind == Backoff::kLinear ? "linear" : "exponential",
                     to_text(value.base), to_text(value.max));
}

Parsed<ScenarioReplication> ParameterText<ScenarioReplication>::parse(const ParameterNode& node,
                                                                      const ParameterReader&) {
  const std::string_view text = without_outer_blanks(node.text);
  if (text == "sync") return ScenarioReplication{.synchronous = true, .lag = {}};
  if (text == "async") return ScenarioReplication{};
  if (!text.starts_with("async(") || !text.ends_with(")")) {
    return FormError(
        fmt::format("'{}' is neither sync nor async; write it like async(lag 20ms)", text));
  }
  std::string_view lag = without_outer_blanks(text.substr(6, text.size() - 7));
  if (lag.starts_with("lag ")) lag.remove_prefix(4);
  const auto distribution = parse_distribution(without_outer_blanks(lag));
  if (!distribution) return FormError(distribution.error());
  return ScenarioReplication{.synchronous = false, .lag = *distribution};
}

std::string to_text(const ScenarioReplication& value) {
  return value.synchronous ? "sync" : fmt::format("async(lag {})", to_text(value.lag));
}

std::string to_text(ThresholdComparison value) {
  switch (value) {
    case ThresholdComparison::kLess:
      return "<";
    case ThresholdComparison::kLessOrEqual:
      return "<=";
    case ThresholdComparison::kGreater:
      return ">";
    case ThresholdComparison::kGreaterOrEqual:
      return ">=";
  }
  __builtin_unreachable();
}

Parsed<Threshold<Duration>> ParameterText<Threshold<Duration>>::parse(const ParameterNode& node,
                                                                      const ParameterReader&) {
  return parse_threshold<Duration>(node.text, "< 400ms", parse_duration);
}

Parsed<Threshold<Percentage>> ParameterText<Threshold<Percentage>>::parse(const ParameterNode& node,
                                                                          const ParameterReader&) {
  const auto read = parse_threshold<Percentage>(node.text, ">= 99.9%", parse_percentage);
  if (!read) return read;
  const double share = read->value.share();
  if (share > 1)
    return FormError(fmt::format("'{}' is more than all of them: at most 100%", node.text));
  const bool never = (read->comparison == ThresholdComparison::kGreater && share >= 1) ||
                     (read->comparison == ThresholdComparison::kLess && share <= 0);
  if (never) return FormError(fmt::format("no share is {}", to_text(*read)));
  return read;
}

Parsed<Threshold<Rate>> ParameterText<Threshold<Rate>>::parse(const ParameterNode& node,
                                                              const ParameterReader&) {
  return parse_threshold<Rate>(node.text, ">= 300/s", parse_rate);
}

void ParameterForm<ScenarioShapePoint>::read(const ParameterNode& node, ScenarioShapePoint& into,
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

ParameterNode ParameterForm<ScenarioShapePoint>::print(const ScenarioShapePoint& value) {
  ParameterNode node = ParameterNode::list();
  node.items.push_back(ParameterForm<Duration>::print(value.at));
  node.items.push_back(ParameterForm<Percentage>::print(value.share));
  return node;
}

Json ParameterForm<ScenarioShapePoint>::schema(SchemaWriter& writer) {
  return {{"type", "array"},
          {"items",
           {ParameterForm<Duration>::schema(writer), ParameterForm<Percentage>::schema(writer)}},
          {"minItems", 2},
          {"maxItems", 2}};
}

}  // namespace soundcheck
