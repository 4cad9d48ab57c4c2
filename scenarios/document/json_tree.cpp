#include "scenarios/document/json_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scenarios/document/control_characters.hpp"
#include "sim/core/json.hpp"

namespace soundcheck {
namespace {

constexpr int kDeepestJson = 100;

// Walks over a text that is known to be JSON.
class JsonTreeBuilder {
 public:
  JsonTreeBuilder(std::string_view text, int source, Mistakes& mistakes)
      : text_(text), source_(source), mistakes_(mistakes) {}

  ParameterNode value() {
    skip_blanks();
    const SourcePosition start = here();
    ParameterNode node;
    if (text_[at_] == '{') {
      node = object();
    } else if (text_[at_] == '[') {
      node = array();
    } else if (text_[at_] == '"') {
      node = ParameterNode::quoted(string());
    } else {
      const std::string word = plain();
      if (word != "null") node = ParameterNode::plain(word);
    }
    node.position = start;
    // Of something on several lines only the first character is underlined.
    node.position.width = line_ == start.line && !node.is_map() && !node.is_list()
                              ? std::max(1, column_ - start.column)
                              : 1;
    return node;
  }

 private:
  SourcePosition here() const { return {source_, line_, column_, 1}; }

  void step() {
    const char c = text_[at_++];
    if (c == '\n') {
      ++line_;
      column_ = 1;
    } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
      ++column_;
    }
  }
  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").contains(text_[at_])) step();
  }
  // Past the bracket or comma; true if there was a comma.
  bool skip_separator() {
    skip_blanks();
    const bool comma = text_[at_] == ',';
    step();
    return comma;
  }

  std::string string() {
    const std::size_t start = at_;
    const SourcePosition position = here();
    step();
    while (text_[at_] != '"') {
      if (text_[at_] == '\\') step();
      step();
    }
    step();
    std::string text = Json::parse(text_.substr(start, at_ - start)).get<std::string>();
    if (std::string problem = control_character_in(text); !problem.empty())
      mistakes_.push_back(
          {MistakeCode::kUnreadableValue, position, "", std::move(problem), "leave it out", ""});
    return text;
  }
  std::string plain() {
    const std::size_t start = at_;
    while (at_ < text_.size() && !std::string_view(",]} \t\r\n").contains(text_[at_])) step();
    return std::string(text_.substr(start, at_ - start));
  }
  ParameterNode array() {
    ParameterNode node = ParameterNode::list();
    step();
    skip_blanks();
    if (text_[at_] == ']') {
      step();
      return node;
    }
    do {
      node.items.push_back(value());
    } while (skip_separator());
    return node;
  }
  ParameterNode object() {
    ParameterNode node = ParameterNode::map();
    step();
    skip_blanks();
    if (text_[at_] == '}') {
      step();
      return node;
    }
    do {
      skip_blanks();
      SourcePosition position = here();
      std::string name = string();
      position.width = std::max(1, column_ - position.column);
      skip_blanks();
      step();  // the colon
      ParameterNode member = value();
      if (node.find(name) != nullptr) {
        mistakes_.push_back({MistakeCode::kDuplicateField, position, "",
                             fmt::format("'{}' is given twice", name), "", ""});
      }
      node.set(name, std::move(member));
      node.find(name)->name_position = position;
    } while (skip_separator());
    return node;
  }

  std::string_view text_;
  int source_;
  Mistakes& mistakes_;
  std::size_t at_ = 0;
  int line_ = 1;
  int column_ = 1;
};

SourcePosition position_of_byte(const Source& source, int index, std::size_t byte) {
  const std::string_view before = std::string_view(source.text()).substr(0, byte);
  const std::size_t line_start = before.rfind('\n') + 1;  // 0 if there is none
  const auto lines = static_cast<int>(std::ranges::count(before, '\n'));
  return {index, lines + 1, characters_in(before.substr(line_start)) + 1, 1};
}

// What no parser can tell by its result: how deep it is, and where it stops being JSON.
class JsonCheck final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool key(string_t&) override { return true; }
  bool start_object(std::size_t) override { return ++depth_ < kDeepestJson; }
  bool end_object() override { return --depth_ >= 0; }
  bool start_array(std::size_t) override { return ++depth_ < kDeepestJson; }
  bool end_array() override { return --depth_ >= 0; }
  bool parse_error(std::size_t byte, const std::string& token,
                   const Json::exception& error) override {
    wrong_byte = byte > 0 ? byte - 1 : 0;
    const bool is_number = dynamic_cast<const Json::out_of_range*>(&error) != nullptr;
    if (is_number && wrong_byte + 1 >= token.size()) wrong_byte -= token.size() - 1;
    problem = is_number ? fmt::format("the number {} is too large", token)
                        : "this is no JSON: " + reason_of(error.what());
    return false;
  }

  bool too_deep() const { return depth_ >= kDeepestJson; }
  std::string problem;
  std::size_t wrong_byte = 0;

 private:
  // "... last read: '}'; expected string literal" is what a reader needs of the parser's sentence.
  static std::string reason_of(std::string text) {
    const std::size_t reason = text.find("syntax error");
    return reason == std::string::npos ? text : text.substr(reason);
  }

  int depth_ = 0;
};

}  // namespace

ParameterNode parse_json(const Source& source, int source_index, Mistakes& mistakes) {
  JsonCheck check;
  Json::sax_parse(source.text(), &check);
  if (!check.problem.empty()) {
    mistakes.push_back({MistakeCode::kNotJson,
                        position_of_byte(source, source_index, check.wrong_byte), "", check.problem,
                        "", ""});
    return {};
  }
  if (check.too_deep()) {
    mistakes.push_back({MistakeCode::kTooComplex,
                        {source_index, 1, 1, 1},
                        "",
                        fmt::format("more than {} levels", kDeepestJson),
                        "",
                        ""});
    return {};
  }
  return JsonTreeBuilder(source.text(), source_index, mistakes).value();
}

}  // namespace soundcheck
