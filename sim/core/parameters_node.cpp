#include "sim/core/parameters_node.hpp"

#include <charconv>
#include <cstdint>
#include <optional>

#include <utility>

#include "sim/core/assert.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

ParameterNode ParameterNode::plain(std::string text) {
  ParameterNode node;
  node.kind_ = Kind::kText;
  node.text = std::move(text);
  return node;
}

ParameterNode ParameterNode::quoted(std::string text) {
  ParameterNode node = plain(std::move(text));
  node.quoted_ = true;
  return node;
}

ParameterNode ParameterNode::list() {
  ParameterNode node;
  node.kind_ = Kind::kList;
  return node;
}

ParameterNode ParameterNode::map() {
  ParameterNode node;
  node.kind_ = Kind::kMap;
  return node;
}

std::string ParameterNode::kind_in_words() const {
  switch (kind_) {
    case Kind::kNothing:
      return "nothing";
    case Kind::kText:
      return "a single value";
    case Kind::kList:
      return "a list";
    case Kind::kMap:
      return "a map";
  }
  __builtin_unreachable();
}

const ParameterNode::Entry* ParameterNode::find(std::string_view name) const {
  for (const Entry& entry : entries) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

ParameterNode::Entry* ParameterNode::find(std::string_view name) {
  return const_cast<Entry*>(std::as_const(*this).find(name));
}

ParameterNode& ParameterNode::set(std::string name, ParameterNode value) {
  SOUNDCHECK_ASSERT(kind_ == Kind::kMap, "'{}' set in {}", name, kind_in_words());
  if (Entry* entry = find(name)) {
    entry->value = std::move(value);
    return entry->value;
  }
  entries.push_back({std::move(name), std::move(value), {}});
  return entries.back().value;
}

// Seeds use all 64 bits; as a double they would lose the lower ones.
std::optional<std::uint64_t> whole_above_int64(const std::string& text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end || text.starts_with('0')) return std::nullopt;
  if (std::in_range<std::int64_t>(value)) return std::nullopt;
  return value;
}

Json to_json(const ParameterNode& node) {
  switch (node.kind()) {
    case ParameterNode::Kind::kNothing:
      return nullptr;
    case ParameterNode::Kind::kText: {
      if (node.is_quoted()) return node.text;
      if (const auto integer = parse_integer(node.text)) return *integer;
      if (const auto large = whole_above_int64(node.text)) return *large;
      if (const auto number = parse_number(node.text)) return *number;
      if (const auto boolean = parse_boolean(node.text)) return *boolean;
      return node.text;
    }
    case ParameterNode::Kind::kList: {
      Json list = Json::array();
      for (const ParameterNode& item : node.items) list.push_back(to_json(item));
      return list;
    }
    case ParameterNode::Kind::kMap: {
      Json map = Json::object();
      for (const auto& entry : node.entries) map[entry.name] = to_json(entry.value);
      return map;
    }
  }
  __builtin_unreachable();
}

ParameterNode to_node(const Json& json) {
  switch (json.type()) {
    case Json::value_t::null:
    case Json::value_t::discarded:
      return {};
    case Json::value_t::string:
      return ParameterNode::quoted(json.get<std::string>());
    case Json::value_t::array: {
      ParameterNode list = ParameterNode::list();
      for (const Json& element : json) list.items.push_back(to_node(element));
      return list;
    }
    case Json::value_t::object: {
      ParameterNode map = ParameterNode::map();
      for (const auto& [name, value] : json.items()) map.set(name, to_node(value));
      return map;
    }
    default:
      return ParameterNode::plain(json.dump());
  }
}

}  // namespace soundcheck
