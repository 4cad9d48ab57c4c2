#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/json.hpp"

namespace soundcheck {

// Where something was written. Lines and columns (in characters) count from 1; line 0 is nowhere: a
// default.
struct SourcePosition {
  int source = 0;  // index into the reader's list of files
  int line = 0;
  int column = 0;
  int width = 1;  // characters to underline
};

// One value of a configuration as it was written, before anybody knows what it means: nothing, a
// text, a list or a map whose entries keep their order. A value type; a tree owns its children.
class ParameterNode {
 public:
  enum class Kind { kNothing, kText, kList, kMap };
  struct Entry;

  ParameterNode() = default;
  // A text that means a number, a truth value or a quantity: never in quotes.
  static ParameterNode plain(std::string text);
  static ParameterNode quoted(std::string text);
  static ParameterNode list();  // empty
  static ParameterNode map();   // empty

  Kind kind() const { return kind_; }
  bool is_nothing() const { return kind_ == Kind::kNothing; }
  bool is_text() const { return kind_ == Kind::kText; }
  bool is_list() const { return kind_ == Kind::kList; }
  bool is_map() const { return kind_ == Kind::kMap; }
  bool is_quoted() const { return quoted_; }
  std::string kind_in_words() const;  // "a list"

  std::string text;  // of kText
  std::vector<ParameterNode> items;
  std::vector<Entry> entries;
  SourcePosition position;

  const Entry* find(std::string_view name) const;  // of kMap; nullptr if there is none
  Entry* find(std::string_view name);
  ParameterNode& set(std::string name,
                     ParameterNode value);  // replaces or appends; this must be a map

 private:
  Kind kind_ = Kind::kNothing;
  bool quoted_ = false;
};

struct ParameterNode::Entry {
  std::string name;
  ParameterNode value;
  SourcePosition name_position;
};

// A whole number that only an unsigned 64 bit integer holds.
std::optional<std::uint64_t> whole_above_int64(const std::string& text);

// Numbers and truth values become those of JSON, every other text a string.
Json to_json(const ParameterNode& node);
// The inverse, without positions.
ParameterNode to_node(const Json& json);

}  // namespace soundcheck
