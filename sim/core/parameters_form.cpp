#include "sim/core/parameters_form.hpp"

#include <algorithm>

#include "sim/core/letters.hpp"

namespace soundcheck {
namespace {

bool expect_kind(bool is_expected, const ParameterNode& node, std::string_view phrase,
                 std::string_view kind, ParameterReader& reader) {
  if (is_expected) return true;
  if (node.is_nothing()) {
    reader.report(MistakeCode::kUnreadableValue, node.position,
                  fmt::format("has no value; expected {}", phrase));
  } else {
    reader.report(
        MistakeCode::kWrongKind, node.position,
        fmt::format("{} stands where {} is expected ({})", node.kind_in_words(), kind, phrase));
  }
  return false;
}

}  // namespace

bool expect_text(const ParameterNode& node, std::string_view phrase, ParameterReader& reader) {
  return expect_kind(node.is_text(), node, phrase, "a single value", reader);
}

bool expect_list(const ParameterNode& node, std::string_view phrase, ParameterReader& reader) {
  return expect_kind(node.is_list() || node.is_nothing(), node, phrase, "a list", reader);
}

bool expect_map(const ParameterNode& node, std::string_view phrase, ParameterReader& reader) {
  return expect_kind(node.is_map() || node.is_nothing(), node, phrase, "a map", reader);
}

bool expect_name(const std::string& name, const SourcePosition& position, ParameterReader& reader) {
  const auto fits = [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
  };
  if (!name.empty() && name.size() <= 100 && std::ranges::all_of(name, fits)) return true;
  reader.report(MistakeCode::kUnreadableValue, position,
                "a name has letters, digits, '-', '_' and '.', and at most 100 of them");
  return false;
}

void ParameterForm<double>::read(const ParameterNode& node, double& into, ParameterReader& reader) {
  if (!expect_text(node, phrase(), reader)) return;
  const auto value =
      node.is_quoted()
          ? std::unexpected(fmt::format("'{}' is a text; remove the quotes", node.text))
          : parse_number(node.text);
  if (value) {
    into = *value;
  } else {
    reader.report(MistakeCode::kUnreadableValue, node.position, value.error());
  }
}

void ParameterForm<bool>::read(const ParameterNode& node, bool& into, ParameterReader& reader) {
  if (!expect_text(node, phrase(), reader)) return;
  const auto value =
      node.is_quoted()
          ? std::unexpected(fmt::format("'{}' is a text; remove the quotes", node.text))
          : parse_boolean(node.text);
  if (value) {
    into = *value;
  } else {
    reader.report(MistakeCode::kUnreadableValue, node.position, value.error());
  }
}

void ParameterForm<std::string>::read(const ParameterNode& node, std::string& into,
                                      ParameterReader& reader) {
  if (expect_text(node, phrase(), reader)) into = node.text;
}

#define SOUNDCHECK_PARSE_WITH(Type, function)                                                  \
  Parsed<Type> ParameterText<Type>::parse(const ParameterNode& node, const ParameterReader&) { \
    return function(node.text);                                                                \
  }
SOUNDCHECK_PARSE_WITH(Duration, parse_duration)
SOUNDCHECK_PARSE_WITH(Bytes, parse_bytes)
SOUNDCHECK_PARSE_WITH(Bandwidth, parse_bandwidth)
SOUNDCHECK_PARSE_WITH(Rate, parse_rate)
SOUNDCHECK_PARSE_WITH(Probability, parse_probability)
SOUNDCHECK_PARSE_WITH(Percentage, parse_percentage)
SOUNDCHECK_PARSE_WITH(Money, parse_money)
#undef SOUNDCHECK_PARSE_WITH

Parsed<Distribution> ParameterText<Distribution>::parse(const ParameterNode& node,
                                                        const ParameterReader& reader) {
  const auto& read_file = reader.context().read_file;
  if (!read_file) return parse_distribution(node.text);
  return parse_distribution(
      node.text, [&](const std::string& path) { return read_file(path, node.position); });
}

}  // namespace soundcheck
