#include "scenarios/model/text_forms.hpp"

#include "sim/core/call_text.hpp"

namespace soundcheck {
namespace {

using FormError = std::unexpected<std::string>;

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
  const auto limit = parse_positive_duration(node.text);
  if (!limit) return FormError(limit.error());
  if (*limit > kLongestRun) {
    return FormError(fmt::format("'{}' is longer than {}", node.text, to_text(kLongestRun)));
  }
  return ScenarioSettle{*limit};
}

std::string to_text(const ScenarioSettle& value) {
  return value.limit ? to_text(*value.limit) : "auto";
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

}  // namespace soundcheck
