#include "sim/core/call_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/core/did_you_mean.hpp"
#include "sim/core/letters.hpp"

namespace soundcheck {
namespace {

using CallError = std::unexpected<std::string>;

std::vector<std::string_view> split_at_commas(std::string_view text) {
  std::vector<std::string_view> parts;
  if (without_outer_blanks(text).empty()) return parts;
  for (;;) {
    const auto comma = text.find(',');
    parts.push_back(without_outer_blanks(text.substr(0, comma)));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) || c == '_';
  }) && !is_digit(text[0]);
}

// `median 3ms`, `median: 3ms`, `median=3ms` -> {"median", "3ms"}; `3ms` -> {"", "3ms"}.
struct NamedText {
  std::string_view name, value;
};

NamedText split_name(std::string_view argument) {
  const auto end = argument.find_first_of(" :=");
  if (end == std::string_view::npos || !is_word(argument.substr(0, end))) return {{}, argument};
  std::string_view value = without_outer_blanks(argument.substr(end));
  if (value.starts_with(':') || value.starts_with('='))
    value = without_outer_blanks(value.substr(1));
  return {argument.substr(0, end), value};
}

std::string suggestion(std::string_view typed, std::span<const std::string> names) {
  const std::string nearest = nearest_name(typed, names);
  return nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest);
}

Parsed<std::size_t> find_form(std::string_view name, std::span<const CallForm> forms,
                              std::string_view text, std::string_view what) {
  std::vector<std::string> names;
  for (const CallForm& form : forms) {
    if (form.name == name) return static_cast<std::size_t>(&form - forms.data());
    names.push_back(form.name);
  }
  return CallError(fmt::format("'{}' is no {}{}; known: {}", name.empty() ? text : name, what,
                               suggestion(name, names), fmt::join(names, ", ")));
}

Parsed<std::vector<std::string>> bind_arguments(std::string_view inside, const CallForm& form) {
  std::vector<std::string> values(form.arguments.size());
  std::size_t position = 0;
  for (const std::string_view argument : split_at_commas(inside)) {
    const auto [name, value] = split_name(argument);
    std::size_t index = position;
    if (!name.empty()) {
      index = static_cast<std::size_t>(std::ranges::find(form.arguments, name) -
                                       form.arguments.begin());
      if (index == values.size()) {
        return CallError(fmt::format("{} has no argument '{}'{}; write it like {}", form.name, name,
                                     suggestion(name, form.arguments), form.example));
      }
    }
    if (index >= values.size()) {
      return CallError(
          fmt::format("{} has too many arguments; write it like {}", form.name, form.example));
    }
    if (value.empty() || !values[index].empty()) {
      return CallError(fmt::format("argument '{}' of {} is {}; write it like {}",
                                   form.arguments[index], form.name,
                                   value.empty() ? "empty" : "given twice", form.example));
    }
    values[index] = value;
    position = index + 1;
  }
  for (std::size_t i = 0; i < form.required; ++i) {
    if (values[i].empty()) {
      return CallError(fmt::format("{} lacks its argument '{}'; write it like {}", form.name,
                                   form.arguments[i], form.example));
    }
  }
  return values;
}

}  // namespace

std::string_view without_outer_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Parsed<Duration> parse_positive_duration(std::string_view text) {
  auto value = parse_duration(text);
  if (value && *value <= Duration()) return CallError(fmt::format("'{}' must be above zero", text));
  return value;
}

Parsed<BoundCall> parse_call(std::string_view text, std::span<const CallForm> forms,
                             std::string_view what) {
  const std::string_view all = without_outer_blanks(text);
  const auto open = all.find('(');
  const auto form = find_form(without_outer_blanks(all.substr(0, open)), forms, all, what);
  if (!form) return CallError(form.error());
  std::string_view inside;
  if (open != std::string_view::npos) {
    if (all.find(')') != all.size() - 1) {
      return CallError(fmt::format("the brackets of '{}' do not close at its end; write it like {}",
                                   all, forms[*form].example));
    }
    inside = all.substr(open + 1, all.size() - open - 2);
  }
  const auto arguments = bind_arguments(inside, forms[*form]);
  if (!arguments) return CallError(arguments.error());
  return BoundCall{*form, *arguments};
}

}  // namespace soundcheck
