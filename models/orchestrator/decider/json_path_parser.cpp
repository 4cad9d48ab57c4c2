// Reads the text of a JSON path; json_path.cpp looks things up with it.
#include "models/orchestrator/decider/json_path.hpp"

#include <algorithm>
#include <utility>

namespace soundcheck::conductor {

// Recursive descent over the text of one path.
class JsonPathParser {
 public:
  explicit JsonPathParser(std::string_view text) : text_(text) {}

  std::optional<JsonPath> whole() {
    std::optional<JsonPath> path = parse_path(false);
    skip_spaces();
    return path && at_ == text_.size() ? path : std::nullopt;
  }

 private:
  using Comparison = JsonPath::Comparison;
  using ComparisonPointer = std::shared_ptr<const Comparison>;

  bool done() const { return at_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool take(std::string_view token) {
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }
  void skip_spaces() {
    while (!done() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')) ++at_;
  }
  static bool ends_name(char c) { return c == '.' || c == '[' || c == '(' || c == ')' || c == ']'; }
  static bool ends_name_in_filter(char c) {
    return ends_name(c) || std::string_view(" \t=!<>&|").find(c) != std::string_view::npos;
  }

  std::string name(bool in_filter) {
    const std::size_t start = at_;
    while (!done() && !(in_filter ? ends_name_in_filter(peek()) : ends_name(peek()))) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  // In a filter a path starts with '@' or '$' and ends at an operator.
  std::optional<JsonPath> parse_path(bool in_filter) {
    JsonPath path;
    bool first = true;
    if (take("$") || take("@")) first = false;
    if (first && (done() || (peek() != '[' && !add_name(path, in_filter)))) return std::nullopt;
    while (!done()) {
      if (take("..")) {
        path.steps_.emplace_back(JsonPath::DeepScan{});
        path.definite_ = false;
        if (peek() == '[') continue;
        if (!add_name(path, in_filter)) return std::nullopt;
      } else if (take(".")) {
        if (peek() == '[') continue;
        if (!add_name(path, in_filter)) return std::nullopt;
      } else if (peek() == '[') {
        if (!add_bracket(path)) return std::nullopt;
      } else {
        break;
      }
    }
    return path;
  }

  bool add_name(JsonPath& path, bool in_filter) {
    if (take("*")) {
      path.steps_.emplace_back(JsonPath::Wildcard{});
      path.definite_ = false;
      return true;
    }
    std::string text = name(in_filter);
    if (text.empty()) return false;
    if (take("()")) {
      if (!done() && !in_filter) return false;  // a function ends its path
      path.steps_.emplace_back(JsonPath::Function{std::move(text)});
      path.calls_ = true;
      return true;
    }
    path.steps_.emplace_back(JsonPath::Member{std::move(text)});
    return true;
  }

  bool add_bracket(JsonPath& path) {
    take("[");
    skip_spaces();
    if (take("?")) return add_filter(path);
    if (take("*")) {
      path.steps_.emplace_back(JsonPath::Wildcard{});
      path.definite_ = false;
    } else if (peek() == '\'' || peek() == '"') {
      if (!add_quoted_names(path)) return false;
    } else if (!add_indices(path)) {
      return false;
    }
    skip_spaces();
    return take("]");
  }

  bool add_quoted_names(JsonPath& path) {
    std::vector<std::string> names;
    do {
      skip_spaces();
      std::optional<std::string> text = quoted();
      if (!text) return false;
      names.push_back(std::move(*text));
      skip_spaces();
    } while (take(","));
    if (names.size() == 1) {
      path.steps_.emplace_back(JsonPath::Member{std::move(names.front())});
    } else {
      path.steps_.emplace_back(JsonPath::Members{std::move(names)});
      path.definite_ = false;
    }
    return true;
  }

  bool add_indices(JsonPath& path) {
    std::optional<std::int64_t> from = integer();
    skip_spaces();
    if (take(":")) {
      skip_spaces();
      path.steps_.emplace_back(JsonPath::Slice{from, integer()});
      path.definite_ = false;
      return true;
    }
    if (!from) return false;
    std::vector<std::int64_t> indices{*from};
    while (take(",")) {
      skip_spaces();
      const std::optional<std::int64_t> next = integer();
      if (!next) return false;
      indices.push_back(*next);
      skip_spaces();
    }
    if (indices.size() == 1) {
      path.steps_.emplace_back(JsonPath::Index{indices.front()});
    } else {
      path.steps_.emplace_back(JsonPath::Indices{std::move(indices)});
      path.definite_ = false;
    }
    return true;
  }

  bool add_filter(JsonPath& path) {
    skip_spaces();
    if (!take("(")) return false;
    ComparisonPointer condition = alternatives();
    skip_spaces();
    if (!condition || !take(")")) return false;
    skip_spaces();
    path.steps_.emplace_back(JsonPath::Filter{std::move(condition)});
    path.definite_ = false;
    return take("]");
  }

  ComparisonPointer alternatives() { return joined(Comparison::Kind::kOr, "||"); }

  ComparisonPointer joined(Comparison::Kind kind, std::string_view token) {
    std::vector<ComparisonPointer> parts;
    do {
      ComparisonPointer part =
          kind == Comparison::Kind::kOr ? joined(Comparison::Kind::kAnd, "&&") : single();
      if (!part) return nullptr;
      parts.push_back(std::move(part));
      skip_spaces();
    } while (take(token));
    if (parts.size() == 1) return parts.front();
    auto whole = std::make_shared<Comparison>();
    whole->kind = kind;
    whole->parts = std::move(parts);
    return whole;
  }

  ComparisonPointer single() {
    skip_spaces();
    if (peek() == '!' && peek(1) != '=') {
      take("!");
      ComparisonPointer inner = single();
      if (!inner) return nullptr;
      auto negation = std::make_shared<Comparison>();
      negation->kind = Comparison::Kind::kNot;
      negation->parts = {std::move(inner)};
      return negation;
    }
    if (take("(")) {
      ComparisonPointer inner = alternatives();
      skip_spaces();
      return inner && take(")") ? inner : nullptr;
    }
    auto comparison = std::make_shared<Comparison>();
    if (!operand(comparison->left)) return nullptr;
    skip_spaces();
    for (const char* relation : {"==", "!=", "<=", ">=", "<", ">", "in"}) {
      if (!take(relation)) continue;
      comparison->kind = Comparison::Kind::kCompare;
      comparison->relation = relation;
      skip_spaces();
      return operand(comparison->right) ? comparison : nullptr;
    }
    return comparison;
  }

  bool operand(JsonPath::Operand& result) {
    if (peek() == '@' || peek() == '$') {
      std::optional<JsonPath> path = parse_path(true);
      if (path) result = std::make_shared<const JsonPath>(std::move(*path));
      return path.has_value();
    }
    if (peek() == '\'' || peek() == '"') {
      std::optional<std::string> text = quoted();
      if (text) result = Json(std::move(*text));
      return text.has_value();
    }
    const std::size_t start = at_;
    int depth = 0;
    while (!done()) {
      const char c = peek();
      if (depth == 0 && (c == ')' || c == ' ' || c == '&' || c == '|' || c == '=' || c == '!' ||
                         c == '<' || c == '>')) {
        break;
      }
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      ++at_;
    }
    std::string text(text_.substr(start, at_ - start));
    std::replace(text.begin(), text.end(), '\'', '"');
    Json value = Json::parse(text, nullptr, false);
    if (value.is_discarded()) return false;
    result = std::move(value);
    return true;
  }

  std::optional<std::string> quoted() {
    const char quote = peek();
    ++at_;
    std::string text;
    while (!done() && peek() != quote) {
      if (peek() == '\\' && peek(1) != '\0') ++at_;
      text += peek();
      ++at_;
    }
    if (done()) return std::nullopt;
    ++at_;
    return text;
  }

  std::optional<std::int64_t> integer() {
    const std::size_t start = at_;
    if (peek() == '-') ++at_;
    std::int64_t value = 0;
    std::size_t digits = 0;
    while (peek() >= '0' && peek() <= '9' && digits < 18) {
      value = value * 10 + (peek() - '0');
      ++at_;
      ++digits;
    }
    if (digits == 0) {
      at_ = start;
      return std::nullopt;
    }
    return text_[start] == '-' ? -value : value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<JsonPath> JsonPath::parse(std::string_view text) {
  return JsonPathParser(text).whole();
}

}  // namespace soundcheck::conductor
