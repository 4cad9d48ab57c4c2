#include "scenarios/model/text_forms.hpp"

#include <fmt/format.h>

#include <expected>

#include "sim/core/call_text.hpp"

namespace soundcheck {

Parsed<ScenarioSettle> ParameterText<ScenarioSettle>::parse(const ParameterNode& node,
                                                            const ParameterReader&) {
  if (node.text == "auto") return ScenarioSettle{};
  const auto limit = parse_positive_duration(node.text);
  if (!limit) return std::unexpected(limit.error());
  if (*limit > kLongestRun) {
    return std::unexpected(fmt::format("'{}' is longer than {}", node.text, to_text(kLongestRun)));
  }
  return ScenarioSettle{*limit};
}

std::string to_text(const ScenarioSettle& value) {
  return value.limit ? to_text(*value.limit) : "auto";
}

}  // namespace soundcheck
