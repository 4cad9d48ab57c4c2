#pragma once

#include <fmt/format.h>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "sim/core/distribution.hpp"
#include "sim/core/json.hpp"
#include "sim/core/parameters_named.hpp"
#include "sim/core/parameters_node.hpp"
#include "sim/core/parameters_reader.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

// Collects the parts of a JSON Schema (draft-07) that refer to one another.
struct SchemaWriter {
  Json definitions = Json::object();
};

// How values of type T are written in a configuration. Every specialisation has
//   static std::string phrase();                                       "a duration such as 300ms"
//   static void read(const ParameterNode&, T& into, ParameterReader&); reports what is wrong and
//   then leaves `into` alone static ParameterNode print(const T&); reads back to the same value
//   static Json schema(SchemaWriter&);
template <typename T>
struct ParameterForm;

// A type that is written as one text is described by less:
//   static constexpr std::string_view kPhrase;
//   static std::string pattern();   an ECMA 262 regular expression, at least as wide as `parse`
//   static Parsed<T> parse(const ParameterNode&, const ParameterReader&);
//   static std::string print(const T&);
template <typename T>
struct ParameterText;

template <typename T>
concept WrittenAsText = requires { ParameterText<T>::kPhrase; };

// An enumeration is described by its words:
//   static constexpr ParameterChoice<T> kChoices[] = {{T::kShared, "shared", "what it means"},
//   ...};
template <typename T>
struct ParameterChoice {
  T value;
  std::string_view name;
  std::string_view help;
};
template <typename T>
struct ParameterChoices;

template <typename T>
concept WrittenAsChoice = requires { ParameterChoices<T>::kChoices; };

// A struct that declares its parameters: static const ParameterTable<T>& parameters().
template <typename T>
concept WrittenAsTable = requires { T::parameters(); };

// True for a single value; else reports what stands there instead.
bool expect_text(const ParameterNode& node, std::string_view phrase, ParameterReader& reader);
bool expect_list(const ParameterNode& node, std::string_view phrase, ParameterReader& reader);
bool expect_map(const ParameterNode& node, std::string_view phrase, ParameterReader& reader);
// True for a name that a person may give to something: letters, digits, '-', '_', '.'; else
// reports.
bool expect_name(const std::string& name, const SourcePosition& position, ParameterReader& reader);

template <WrittenAsText T>
struct ParameterForm<T> {
  static std::string phrase() { return std::string(ParameterText<T>::kPhrase); }
  static void read(const ParameterNode& node, T& into, ParameterReader& reader) {
    if (!expect_text(node, ParameterText<T>::kPhrase, reader)) return;
    auto value = ParameterText<T>::parse(node, reader);
    if (value) {
      into = std::move(*value);
    } else {
      reader.report(MistakeCode::kUnreadableValue, node.position, value.error());
    }
  }
  static ParameterNode print(const T& value) {
    return ParameterNode::plain(ParameterText<T>::print(value));
  }
  static Json schema(SchemaWriter&) {
    return {{"type", "string"}, {"pattern", ParameterText<T>::pattern()}};
  }
};

template <WrittenAsChoice T>
struct ParameterForm<T> {
  static std::vector<std::string> names() {
    std::vector<std::string> result;
    for (const auto& choice : ParameterChoices<T>::kChoices) result.emplace_back(choice.name);
    return result;
  }
  static std::string phrase() {
    std::string result = "one of ";
    for (const std::string& name : names()) result += name + ", ";
    return result.substr(0, result.size() - 2);
  }
  static void read(const ParameterNode& node, T& into, ParameterReader& reader) {
    if (!expect_text(node, phrase(), reader)) return;
    for (const auto& choice : ParameterChoices<T>::kChoices) {
      if (choice.name == node.text) {
        into = choice.value;
        return;
      }
    }
    reader.report_unknown(MistakeCode::kUnknownChoice, node.position,
                          fmt::format("'{}' is not one of the choices", node.text), node.text,
                          names(), "choices");
  }
  static ParameterNode print(T value) {
    for (const auto& choice : ParameterChoices<T>::kChoices) {
      if (choice.value == value) return ParameterNode::plain(std::string(choice.name));
    }
    return {};
  }
  static Json schema(SchemaWriter&) { return {{"enum", names()}}; }
};

// The word of an enumeration's value.
template <WrittenAsChoice T>
std::string to_text(T value) {
  return ParameterForm<T>::print(value).text;
}

template <std::integral T>
  requires(!std::same_as<T, bool>)
struct ParameterForm<T> {
  static std::string phrase() { return "a whole number"; }
  static void read(const ParameterNode& node, T& into, ParameterReader& reader) {
    if (!expect_text(node, phrase(), reader)) return;
    if constexpr (std::same_as<T, std::uint64_t>) {
      const auto large = node.is_quoted() ? std::nullopt : whole_above_int64(node.text);
      if (large) {
        into = *large;
        return;
      }
    }
    const auto value =
        node.is_quoted()
            ? std::unexpected(fmt::format("'{}' is a text; remove the quotes", node.text))
            : parse_integer(node.text);
    if (!value) {
      reader.report(MistakeCode::kUnreadableValue, node.position, value.error());
    } else if (!std::in_range<T>(*value)) {
      reader.report(MistakeCode::kOutOfBounds, node.position,
                    fmt::format("{} lies outside {} to {}", *value, std::numeric_limits<T>::min(),
                                std::numeric_limits<T>::max()));
    } else {
      into = static_cast<T>(*value);
    }
  }
  static ParameterNode print(T value) { return ParameterNode::plain(std::to_string(value)); }
  static Json schema(SchemaWriter&) { return {{"type", "integer"}}; }
};

template <>
struct ParameterForm<double> {
  static std::string phrase() { return "a number"; }
  static void read(const ParameterNode& node, double& into, ParameterReader& reader);
  static ParameterNode print(double value) { return ParameterNode::plain(to_text(value)); }
  static Json schema(SchemaWriter&) { return {{"type", "number"}}; }
};

template <>
struct ParameterForm<bool> {
  static std::string phrase() { return "true or false"; }
  static void read(const ParameterNode& node, bool& into, ParameterReader& reader);
  static ParameterNode print(bool value) { return ParameterNode::plain(value ? "true" : "false"); }
  static Json schema(SchemaWriter&) { return {{"type", "boolean"}}; }
};

template <>
struct ParameterForm<std::string> {
  static std::string phrase() { return "a text"; }
  static void read(const ParameterNode& node, std::string& into, ParameterReader& reader);
  static ParameterNode print(const std::string& value) { return ParameterNode::quoted(value); }
  static Json schema(SchemaWriter&) { return {{"type", {"string", "number", "boolean"}}}; }
};

template <WrittenAsTable T>
struct ParameterForm<T> {
  static std::string phrase() { return T::parameters().name(); }
  static void read(const ParameterNode& node, T& into, ParameterReader& reader) {
    T::parameters().read(node, &into, reader);
  }
  static ParameterNode print(const T& value) { return T::parameters().print(&value); }
  static Json schema(SchemaWriter& writer) { return T::parameters().schema(writer); }
};

// Left out where there is no value.
template <typename T>
struct ParameterForm<std::optional<T>> {
  static std::string phrase() { return ParameterForm<T>::phrase(); }
  static void read(const ParameterNode& node, std::optional<T>& into, ParameterReader& reader) {
    const std::size_t before = reader.mistake_count();
    T value = into.value_or(T{});
    ParameterForm<T>::read(node, value, reader);
    // Of a table, what could be read is kept: what refers to it is no mistake as well.
    const bool is_partly_read = WrittenAsTable<T> && node.is_map();
    if (reader.mistake_count() == before || is_partly_read) into = std::move(value);
  }
  static ParameterNode print(const std::optional<T>& value) {
    return value ? ParameterForm<T>::print(*value) : ParameterNode();
  }
  static Json schema(SchemaWriter& writer) { return ParameterForm<T>::schema(writer); }
};

// Replaces what was there. A list in a file replaces the default list as a whole.
template <typename T>
struct ParameterForm<std::vector<T>> {
  static std::string phrase() { return fmt::format("a list: {}", ParameterForm<T>::phrase()); }
  static void read(const ParameterNode& node, std::vector<T>& into, ParameterReader& reader) {
    if (!expect_list(node, phrase(), reader)) return;
    into.clear();
    for (const ParameterNode& item : node.items) {
      const ParameterReader::Inside inside(reader, std::to_string(into.size()));
      ParameterForm<T>::read(item, into.emplace_back(), reader);
    }
  }
  static ParameterNode print(const std::vector<T>& values) {
    ParameterNode node = ParameterNode::list();
    for (const T& value : values) node.items.push_back(ParameterForm<T>::print(value));
    return node;
  }
  static Json schema(SchemaWriter& writer) {
    return {{"type", {"array", "null"}}, {"items", ParameterForm<T>::schema(writer)}};
  }
};

// Adds to what was there; an entry of a known name changes that one.
template <typename T>
struct ParameterForm<Named<T>> {
  static std::string phrase() { return fmt::format("by name: {}", ParameterForm<T>::phrase()); }
  static void read(const ParameterNode& node, Named<T>& into, ParameterReader& reader) {
    if (!expect_map(node, phrase(), reader)) return;
    for (const auto& entry : node.entries) {
      const ParameterReader::Inside inside(reader, entry.name);
      if (!expect_name(entry.name, entry.name_position, reader)) continue;
      ParameterForm<T>::read(entry.value, into.at_or_add(entry.name), reader);
    }
  }
  static ParameterNode print(const Named<T>& values) {
    ParameterNode node = ParameterNode::map();
    for (const auto& [name, value] : values) node.set(name, ParameterForm<T>::print(value));
    return node;
  }
  static Json schema(SchemaWriter& writer) {
    return {{"type", {"object", "null"}},
            {"additionalProperties", ParameterForm<T>::schema(writer)}};
  }
};

#define SOUNDCHECK_PARAMETER_TEXT(Type, phrase, regular_expression)                 \
  template <>                                                                       \
  struct ParameterText<Type> {                                                      \
    static constexpr std::string_view kPhrase = phrase;                             \
    static std::string pattern() {                                                  \
      return regular_expression;                                                    \
    }                                                                               \
    static Parsed<Type> parse(const ParameterNode& node, const ParameterReader& r); \
    static std::string print(const Type& value) {                                   \
      return to_text(value);                                                        \
    }                                                                               \
  }

SOUNDCHECK_PARAMETER_TEXT(Duration, "a duration such as 300ms", "^ *-?" + duration_pattern() + "$");
SOUNDCHECK_PARAMETER_TEXT(Bytes, "a size such as 64KiB",
                          "^ *[0-9]+(\\.[0-9]+)? *(B|[kKMGT]B|[KMGT]iB) *$");
SOUNDCHECK_PARAMETER_TEXT(Bandwidth, "a bandwidth such as 10Gbps or 500MB/s",
                          "^ *[0-9]+(\\.[0-9]+)? *([kKMGT]?bps|[kKMG]?B/s|[KMG]iB/s) *$");
SOUNDCHECK_PARAMETER_TEXT(Rate, "a rate such as 200/s", "^ *" + rate_pattern() + " *$");
SOUNDCHECK_PARAMETER_TEXT(Probability, "a probability such as 30%",
                          "^ *0*(100(\\.0+)?|[0-9]{1,2}(\\.[0-9]+)?) *% *$");
SOUNDCHECK_PARAMETER_TEXT(Percentage, "a percentage such as 150%", "^ *[0-9]+(\\.[0-9]+)? *% *$");
SOUNDCHECK_PARAMETER_TEXT(Money, "an amount of money such as 9.99EUR",
                          "^ *-?[0-9]+(\\.[0-9]+)? *EUR *$");
SOUNDCHECK_PARAMETER_TEXT(Distribution,
                          "a distribution of durations such as 3ms or exponential(3ms)",
                          distribution_pattern());
#undef SOUNDCHECK_PARAMETER_TEXT

}  // namespace soundcheck
