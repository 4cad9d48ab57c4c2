#include <fmt/format.h>

#include <charconv>

#include "scenarios/document/document.hpp"
#include "scenarios/document/yaml.hpp"

namespace soundcheck {
namespace {

// A part of the path, and how many parts of the text between dots it took (names may contain dots).
struct Descent {
  ParameterNode* node = nullptr;
  std::size_t parts = 1;
};

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '.' || c == '[') {
      parts.emplace_back();
    } else if (c != ']') {
      parts.back() += c;
    }
  }
  std::erase(parts, "");
  return parts;
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

}  // namespace

void apply_override(const std::string& argument, Document& document) {
  const auto equals = argument.find('=');
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
  const std::vector<std::string> parts = split_path(path);
  if (equals == std::string::npos || parts.empty()) {
    return report("--set takes path=value", "write it like services.payments.replicas=4");
  }
  const std::size_t before = document.mistakes.size();
  ParameterNode value = parse_yaml(document.sources.back(), index, document.mistakes, equals + 1);
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
      next = field(*node, std::span(parts).subspan(at), where);
    }
    node = next.node;
    at += next.parts;
  }
  *node = std::move(value);
}

}  // namespace soundcheck
