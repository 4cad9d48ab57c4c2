#include "scenarios/document/yaml_extent.hpp"

#include <algorithm>

#include "sim/core/letters.hpp"

namespace soundcheck {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool is_blank(char c) {
  return kBlanks.find(c) != std::string_view::npos;
}

std::size_t behind_blanks(std::string_view text, std::size_t at) {
  return std::min(text.size(), text.find_first_not_of(kBlanks, at));
}

// Anchors and tags stand before the value itself.
std::size_t behind_properties(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
    at = behind_blanks(text, std::min(text.size(), text.find_first_of(kBlanks, at)));
  }
  return at;
}

// The line that begins at `at`, without its end.
std::string_view line_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  return rest.substr(0, rest.find('\n'));
}

ScalarExtent extent_of_quoted(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      const bool is_doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
      if (!is_doubled) return {begin, i + 1, true};
      ++i;
    }
  }
  return {begin, text.size(), false};
}

// All lines that are indented deeper than what the block belongs to.
ScalarExtent extent_of_block(std::string_view text, std::size_t begin, int outer) {
  std::size_t end = begin + line_at(text, begin).size();
  for (std::size_t next = end + 1; next < text.size();) {
    const std::string_view line = line_at(text, next);
    const int indentation = indentation_of(line);
    if (indentation >= 0 && indentation <= outer) break;
    if (indentation >= 0) end = next + line.size();
    next += line.size() + 1;
  }
  return {begin, end, true};
}

// Where its lines were folded, one blank of the value stands for any number of blanks and ends of
// lines.
ScalarExtent extent_of_plain(std::string_view text, std::size_t begin, std::string_view value) {
  std::size_t at = begin;
  for (std::size_t i = 0; i < value.size() && at < text.size();) {
    if (is_blank(value[i]) && is_blank(text[at])) {
      i = std::min(value.size(), value.find_first_not_of(kBlanks, i));
      at = behind_blanks(text, at);
    } else if (value[i] == text[at]) {
      ++i;
      ++at;
    } else {
      break;
    }
  }
  return {begin, at, true};
}

bool is_part_of_a_name(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}

}  // namespace

ScalarExtent extent_of_scalar(std::string_view text, std::size_t at, std::string_view value,
                              bool is_plain, int outer) {
  const std::size_t begin = behind_properties(text, std::min(at, text.size()));
  if (begin == text.size()) return {begin, begin, true};
  if (is_plain) return extent_of_plain(text, begin, value);
  if (text[begin] == '"' || text[begin] == '\'') return extent_of_quoted(text, begin);
  return extent_of_block(text, begin, outer);
}

int indentation_of(std::string_view line) {
  const std::size_t first = line.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? -1 : static_cast<int>(first);
}

std::string_view field_in(std::string_view line) {
  const std::size_t last = line.find_last_not_of(kBlanks);
  if (last == std::string_view::npos || std::string_view(",;").find(line[last]) != line.npos)
    return {};
  line = line.substr(static_cast<std::size_t>(indentation_of(line)));
  if (line.starts_with("- ")) {
    line.remove_prefix(1);
    line.remove_prefix(static_cast<std::size_t>(indentation_of(line)));
  }
  const auto* const end = std::ranges::find_if_not(line, is_part_of_a_name);
  const std::string_view name = line.substr(0, static_cast<std::size_t>(end - line.begin()));
  const std::string_view rest = line.substr(name.size());
  const bool is_field =
      !name.empty() && rest.starts_with(':') && (rest.size() == 1 || is_blank(rest[1]));
  return is_field ? name : std::string_view();
}

}  // namespace soundcheck
