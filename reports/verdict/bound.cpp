#include "reports/verdict/bound.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <expected>
#include <string_view>
#include <utility>

#include "sim/core/call_text.hpp"

namespace soundcheck {

namespace {

using NotABound = std::unexpected<std::string>;

template <class Value>
Parsed<Bound<Value>> parse_bound(std::string_view text, std::string_view example,
                                 Parsed<Value> (*parse)(std::string_view)) {
  const std::string_view all = without_outer_blanks(text);
  static constexpr std::array kLongestFirst{Comparison::kAtMost, Comparison::kAtLeast,
                                            Comparison::kLess, Comparison::kGreater};
  for (const Comparison comparison : kLongestFirst) {
    const std::string_view sign = symbol_of(comparison);
    if (!all.starts_with(sign)) continue;
    const auto limit = parse(all.substr(sign.size()));
    if (!limit) return NotABound(limit.error());
    return Bound<Value>{comparison, *limit};
  }
  return NotABound(
      fmt::format("'{}' does not begin with <, <=, > or >=; write it like \"{}\"", all, example));
}

}  // namespace

std::string_view symbol_of(Comparison comparison) {
  static constexpr std::array<std::string_view, 4> kSymbols{"<", "<=", ">=", ">"};
  return kSymbols[static_cast<std::size_t>(comparison)];
}

Parsed<Bound<Duration>> ParameterText<Bound<Duration>>::parse(const ParameterNode& node,
                                                              const ParameterReader&) {
  return parse_bound<Duration>(node.text, "< 400ms", parse_duration);
}

Parsed<Bound<Percentage>> ParameterText<Bound<Percentage>>::parse(const ParameterNode& node,
                                                                  const ParameterReader&) {
  const auto read = parse_bound<Percentage>(node.text, ">= 99.9%", parse_percentage);
  if (!read) return read;
  const double share = read->limit.share();
  if (share > 1)
    return NotABound(fmt::format("'{}' is more than all of them: at most 100%", node.text));
  const bool never = (read->comparison == Comparison::kGreater && share >= 1) ||
                     (read->comparison == Comparison::kLess && share <= 0);
  if (never) return NotABound(fmt::format("no share is {}", to_text(*read)));
  return read;
}

Parsed<Bound<Rate>> ParameterText<Bound<Rate>>::parse(const ParameterNode& node,
                                                      const ParameterReader&) {
  return parse_bound<Rate>(node.text, ">= 300/s", parse_rate);
}

}  // namespace soundcheck
