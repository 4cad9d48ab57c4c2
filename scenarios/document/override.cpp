#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/document/document.hpp"
#include "scenarios/document/yaml.hpp"
#include "sim/core/did_you_mean.hpp"

namespace soundcheck {
namespace {

// A part of the path, and how many parts of the text between dots it took (names may contain dots).
struct Descent {
  ParameterNode* node = nullptr;
  std::size_t parts = 1;
};

// Where a part in quotes ends that begins at `at`: behind its closing quote. npos: it does not.
std::size_t behind_quotes(std::string_view text, std::size_t at) {
  const std::size_t end = text.find(text[at], at + 1);
  return end == std::string_view::npos ? end : end + 1;
}

bool is_quote(char c) {
  return c == '"' || c == '\'';
}

// The parts of a path; one in quotes is taken as it is, so that a new name can have dots. Nothing:
// a quote is not closed.
std::optional<std::vector<std::string>> split_path(std::string_view path) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (is_quote(c) && parts.back().empty()) {
      const std::size_t end = behind_quotes(path, i);
      if (end == std::string_view::npos) return std::nullopt;
      parts.back() = path.substr(i + 1, end - i - 2);
      i = end - 1;
    } else if (c == '.' || c == '[') {
      parts.emplace_back();
    } else if (c != ']') {
      parts.back() += c;
    }
  }
  std::erase(parts, "");
  return parts;
}

// A value that begins like a threshold is a text: YAML would take '>' for the head of a block.
ParameterNode read_value(const Source& source, int index, Mistakes& mistakes, std::size_t offset) {
  const std::string_view text = std::string_view(source.text()).substr(offset);
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos || text[first] != '>')
    return parse_yaml(source, index, mistakes, offset);
  const std::string_view value = text.substr(first, text.find_last_not_of(' ') + 1 - first);
  ParameterNode node = ParameterNode::plain(std::string(value));
  node.position = {index, 1, characters_in(source.text().substr(0, offset + first)) + 1,
                   characters_in(value)};
  return node;
}

// A name that was most likely misspelt: it makes something new beside something that is called
// almost the same.
std::string misspelt(const ParameterNode& map, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& entry : map.entries) names.push_back(entry.name);
  return nearest_name(name, names);
}

// The element of that index, or the first whose field `name` is `part`.
ParameterNode* element(ParameterNode& list, const std::string& part) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
  if (error == std::errc{} && end == part.data() + part.size()) {
    return index < list.items.size() ? &list.items[index] : nullptr;
  }
  for (ParameterNode& item : list.items) {
    const auto* name = item.find("name");
    if (name != nullptr && name->value.text == part) return &item;
  }
  return nullptr;
}

// The longest name of the map that the next parts make; a new entry for the next part if there is
// none.
Descent field(ParameterNode& map, std::span<const std::string> parts, const SourcePosition& where) {
  for (std::size_t count = parts.size(); count > 1; --count) {
    std::string name = parts[0];
    for (std::size_t i = 1; i < count; ++i) name += "." + parts[i];
    if (auto* entry = map.find(name)) return {&entry->value, count};
  }
  auto* entry = map.find(parts[0]);
  if (entry == nullptr) {
    map.entries.push_back({parts[0], {}, where});
    entry = &map.entries.back();
  }
  return {&entry->value, 1};
}

std::size_t end_of_path(std::string_view argument) {
  for (std::size_t i = 0; i < argument.size(); ++i) {
    if (argument[i] == '=') return i;
    const bool begins_a_part = i == 0 || argument[i - 1] == '.' || argument[i - 1] == '[';
    if (!is_quote(argument[i]) || !begins_a_part) continue;
    const std::size_t end = behind_quotes(argument, i);
    if (end != std::string_view::npos) i = end - 1;
  }
  return std::string_view::npos;
}

}  // namespace

void apply_override(const std::string& argument, Document& document) {
  const auto equals = end_of_path(argument);
  if (const auto bad = first_bad_byte(argument)) {
    document.sources.emplace_back("--set", document.main_folder, argument.substr(0, *bad));
    const int source = static_cast<int>(document.sources.size()) - 1;
    document.mistakes.push_back({MistakeCode::kBadOverride,
                                 {source, 1, 1, std::max(1, static_cast<int>(*bad))},
                                 "",
                                 "--set takes a text, and a byte behind this is none",
                                 "",
                                 ""});
    return;
  }
  document.sources.emplace_back("--set", document.main_folder, argument);
  const int index = static_cast<int>(document.sources.size()) - 1;
  const std::string path = argument.substr(0, equals);
  const SourcePosition where{index, 1, 1, std::max(1, characters_in(path))};
  const auto report = [&](std::string sentence, std::string hint = {}) {
    document.mistakes.push_back(
        {MistakeCode::kBadOverride, where, "", std::move(sentence), std::move(hint), ""});
  };
  const auto split = split_path(path);
  if (equals == std::string::npos || !split || split->empty()) {
    return report("--set takes path=value", "write it like services.payments.replicas=4");
  }
  const std::vector<std::string>& parts = *split;
  const std::size_t before = document.mistakes.size();
  ParameterNode value = read_value(document.sources.back(), index, document.mistakes, equals + 1);
  if (document.mistakes.size() != before) return;
  if (value.position.line == 0) value.position = where;
  ParameterNode* node = &document.root;
  for (std::size_t at = 0; at < parts.size();) {
    Descent next;
    if (node->is_list()) {
      next.node = element(*node, parts[at]);
      if (next.node == nullptr) {
        return report(fmt::format("no element '{}' in a list of {}", parts[at], node->items.size()),
                      "elements are numbered from 0, or chosen by their name");
      }
    } else {
      if (!node->is_map()) *node = ParameterNode::map();
      if (node->position.line == 0) node->position = where;
      const std::string meant = misspelt(*node, parts[at]);
      const std::size_t known = node->entries.size();
      next = field(*node, std::span(parts).subspan(at), where);
      const bool is_new = node->entries.size() > known;
      if (is_new && !meant.empty() && at + 1 < parts.size()) {
        report(fmt::format("this makes a new '{}'", parts[at]),
               fmt::format("did you mean '{}'?", meant));
        document.mistakes.back().is_warning = true;
      }
    }
    node = next.node;
    at += next.parts;
  }
  *node = std::move(value);
}

}  // namespace soundcheck
