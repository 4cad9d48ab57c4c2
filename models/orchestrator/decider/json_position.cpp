#include "models/orchestrator/decider/json_position.hpp"

#include <algorithm>

#include "sim/core/json.hpp"

namespace soundcheck::conductor {

namespace {

// Walks over a text that is known to be JSON.
class JsonWalk {
 public:
  explicit JsonWalk(std::string_view text) : text_(text) { skip_spaces(); }

  std::size_t at() const { return at_; }

  // Moves into the named or numbered part of the value here; false (and past the value) if none.
  bool enter(const JsonStep& step) {
    const bool object = peek() == '{';
    if (!object && peek() != '[') return false;
    next();
    for (std::size_t index = 0; peek() != '}' && peek() != ']'; ++index) {
      const std::size_t start = at_;
      std::string name;
      if (object) {
        name = text_at_string();
        if (peek() == ':') next();
      }
      const bool wanted =
          object
              ? std::holds_alternative<std::string>(step) && std::get<std::string>(step) == name
              : std::holds_alternative<std::size_t>(step) && std::get<std::size_t>(step) == index;
      if (wanted) {
        found_ = object ? start : at_;
        return true;
      }
      skip_value();
      if (peek() == ',') next();
      if (at_ >= text_.size()) return false;
    }
    return false;
  }
  std::size_t found() const { return found_; }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_spaces() {
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  void next() {
    ++at_;
    skip_spaces();
  }
  std::string text_at_string() {
    const std::size_t start = at_;
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    next();
    const std::string_view raw = text_.substr(start, at_ - start);
    const Json value = Json::parse(
        raw.begin(), raw.begin() + static_cast<std::ptrdiff_t>(raw.rfind('"') + 1), nullptr, false);
    return value.is_string() ? value.get<std::string>() : std::string();
  }
  void skip_value() {
    int depth = 0;
    do {
      const char c = peek();
      if (c == '"') {
        text_at_string();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      if (c == '{' || c == '[' || c == '}' || c == ']' || c == ',' || c == ':') {
        if (depth == 0 && (c == ',' || c == ':')) return;
        next();
        continue;
      }
      while (at_ < text_.size() &&
             std::string_view(",:]}").find(text_[at_]) == std::string_view::npos)
        ++at_;
    } while (depth > 0 && at_ < text_.size());
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t found_ = 0;
};

}  // namespace

JsonPosition position_at(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  JsonPosition position;
  position.line += static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t newline = before.rfind('\n');
  position.column += static_cast<int>(
      newline == std::string_view::npos ? before.size() : before.size() - newline - 1);
  return position;
}

JsonPosition position_of(std::string_view text, const std::vector<JsonStep>& path) {
  JsonWalk walk(text);
  std::size_t place = walk.at();
  for (const JsonStep& step : path) {
    if (!walk.enter(step)) break;
    place = walk.found();
  }
  return position_at(text, place);
}

std::string path_text(const std::vector<JsonStep>& path) {
  std::string text;
  for (const JsonStep& step : path) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      text += (text.empty() ? "" : ".") + *name;
    } else {
      text += "[" + std::to_string(std::get<std::size_t>(step)) + "]";
    }
  }
  return text;
}

}  // namespace soundcheck::conductor
