#include "models/orchestrator/scripts/modern_syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <vector>

namespace soundcheck::conductor {

namespace {

struct Token {
  enum class Kind { kWord, kNumber, kText, kRegex, kMark } kind = Kind::kMark;
  std::string text;
  bool after_newline = false;

  bool is(std::string_view mark) const { return kind == Kind::kMark && text == mark; }
  bool word(std::string_view name) const { return kind == Kind::kWord && text == name; }
};

using Tokens = std::vector<Token>;

Token mark(std::string_view text) {
  return {Token::Kind::kMark, std::string(text), false};
}
Token word(std::string_view text) {
  return {Token::Kind::kWord, std::string(text), false};
}

bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || (c & 0x80);
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view script) : script_(script) {}

  Tokens all() {
    Tokens tokens;
    for (bool newline = skip_blank(); at_ < script_.size(); newline = skip_blank()) {
      Token token = next(tokens.empty() ? nullptr : &tokens.back());
      token.after_newline = newline;
      tokens.push_back(std::move(token));
    }
    return tokens;
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < script_.size() ? script_[at_ + ahead] : '\0';
  }

  // Blanks and comments; whether a line ended among them.
  bool skip_blank() {
    bool newline = false;
    while (at_ < script_.size()) {
      if (script_.substr(at_, 2) == "//") {
        while (at_ < script_.size() && peek() != '\n') ++at_;
      } else if (script_.substr(at_, 2) == "/*") {
        const std::size_t end = script_.find("*/", at_ + 2);
        newline = newline || script_.substr(at_, end - at_).find('\n') != std::string_view::npos;
        at_ = end == std::string_view::npos ? script_.size() : end + 2;
      } else if (std::isspace(static_cast<unsigned char>(peek()))) {
        newline = newline || peek() == '\n';
        ++at_;
      } else {
        break;
      }
    }
    return newline;
  }

  Token next(const Token* before) {
    const std::size_t start = at_;
    const char c = peek();
    if (std::isdigit(static_cast<unsigned char>(c)) ||
        (c == '.' && std::isdigit(static_cast<unsigned char>(peek(1))))) {
      while (in_word(peek()) || peek() == '.' ||
             ((peek() == '+' || peek() == '-') && (script_[at_ - 1] | 32) == 'e'))
        ++at_;
      return {Token::Kind::kNumber, std::string(script_.substr(start, at_ - start)), false};
    }
    if (in_word(c)) {
      while (in_word(peek())) ++at_;
      return word(script_.substr(start, at_ - start));
    }
    if (c == '\'' || c == '"') {
      skip_quoted(c);
      return {Token::Kind::kText, std::string(script_.substr(start, at_ - start)), false};
    }
    if (c == '`') return {Token::Kind::kText, template_literal(), false};
    if (c == '/' && begins_regex(before)) {
      skip_regex();
      return {Token::Kind::kRegex, std::string(script_.substr(start, at_ - start)), false};
    }
    static constexpr std::array<std::string_view, 26> kMarks{
        ">>>=", "===", "!==", ">>>", "<<=", ">>=", "...", "=>", "==", "!=", "<=", ">=", "&&",
        "||",   "++",  "--",  "+=",  "-=",  "*=",  "/=",  "%=", "&=", "|=", "^=", "<<", ">>"};
    for (const std::string_view candidate : kMarks) {
      if (script_.substr(at_, candidate.size()) != candidate) continue;
      at_ += candidate.size();
      return mark(candidate);
    }
    ++at_;
    return mark(script_.substr(start, 1));
  }

  void skip_quoted(char quote) {
    for (++at_; at_ < script_.size() && peek() != quote; ++at_) {
      if (peek() == '\\') ++at_;
    }
    at_ = std::min(at_ + 1, script_.size());
  }

  static bool begins_regex(const Token* before) {
    if (!before) return true;
    if (before->kind == Token::Kind::kMark)
      return !before->is(")") && !before->is("]") && !before->is("}");
    static constexpr std::array<std::string_view, 6> kBefore{"return", "typeof", "case",
                                                             "in",     "else",   "delete"};
    return before->kind == Token::Kind::kWord &&
           std::find(kBefore.begin(), kBefore.end(), before->text) != kBefore.end();
  }

  void skip_regex() {
    bool in_class = false;
    for (++at_; at_ < script_.size() && (in_class || peek() != '/'); ++at_) {
      if (peek() == '\\')
        ++at_;
      else if (peek() == '[')
        in_class = true;
      else if (peek() == ']')
        in_class = false;
    }
    ++at_;
    while (in_word(peek())) ++at_;
    at_ = std::min(at_, script_.size());
  }

  // `a ${b} c` -> ("a " + (b) + " c")
  std::string template_literal() {
    std::string result = "(\"";
    for (++at_; at_ < script_.size() && peek() != '`';) {
      if (peek() == '\\') {
        result += script_.substr(at_, 2);
        at_ += 2;
      } else if (peek() == '$' && peek(1) == '{') {
        const std::size_t start = at_ + 2;
        at_ = start;
        for (int depth = 1; at_ < script_.size(); ++at_) {
          if (peek() == '{') ++depth;
          if (peek() == '}' && --depth == 0) break;
        }
        result += "\" + (" + with_older_syntax(script_.substr(start, at_ - start)) + ") + \"";
        at_ = std::min(at_ + 1, script_.size());
      } else {
        const char c = peek();
        result += c == '"'    ? std::string("\\\"")
                  : c == '\n' ? std::string("\\n")
                              : std::string(1, c);
        ++at_;
      }
    }
    at_ = std::min(at_ + 1, script_.size());
    return result + "\")";
  }

  std::string_view script_;
  std::size_t at_ = 0;
};

bool opens(const Token& token) {
  return token.is("(") || token.is("[") || token.is("{");
}
bool closes(const Token& token) {
  return token.is(")") || token.is("]") || token.is("}");
}

// The token that closes what `open` opens, or the end.
std::size_t closing(const Tokens& tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    depth += opens(tokens[i]) ? 1 : closes(tokens[i]) ? -1 : 0;
    if (depth == 0) return i;
  }
  return tokens.size();
}

std::optional<std::size_t> opening(const Tokens& tokens, std::size_t close) {
  int depth = 0;
  for (std::size_t i = close + 1; i-- > 0;) {
    depth += closes(tokens[i]) ? 1 : opens(tokens[i]) ? -1 : 0;
    if (depth == 0) return i;
  }
  return std::nullopt;
}

// Past the end of the expression that is an arrow function's body.
std::size_t expression_end(const Tokens& tokens, std::size_t start) {
  int depth = 0, choices = 0;
  for (std::size_t i = start; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (depth == 0) {
      if (closes(token) || token.is(",") || token.is(";") || (token.is(":") && choices == 0))
        return i;
      const bool operand_before =
          i > start && (tokens[i - 1].kind != Token::Kind::kMark || closes(tokens[i - 1]));
      const bool goes_on = token.kind == Token::Kind::kMark;
      if (token.after_newline && operand_before && !goes_on) return i;
      choices += token.is("?") ? 1 : token.is(":") ? -1 : 0;
    }
    depth += opens(token) ? 1 : closes(token) ? -1 : 0;
  }
  return tokens.size();
}

void append(Tokens& to, const Tokens& from, std::size_t first, std::size_t last) {
  to.insert(to.end(), from.begin() + static_cast<std::ptrdiff_t>(first),
            from.begin() + static_cast<std::ptrdiff_t>(last));
}

void append(Tokens& to, std::string_view script) {
  const Tokens from = Tokenizer(script).all();
  append(to, from, 0, from.size());
}

// Rewrites the last arrow; there is none inside its body.
bool rewrite_arrow(Tokens& tokens) {
  std::size_t arrow = tokens.size();
  while (arrow > 0 && !tokens[arrow - 1].is("=>")) --arrow;
  if (arrow-- < 2) return false;
  std::size_t first = arrow - 1;
  const bool listed = tokens[first].is(")");
  if (listed) {
    const auto open = opening(tokens, first);
    if (!open) return false;
    first = *open;
  }
  Tokens result;
  append(result, tokens, 0, first);
  append(result, "(function (");
  append(result, tokens, listed ? first + 1 : first, listed ? arrow - 1 : arrow);
  result.push_back(mark(")"));
  const std::size_t body = arrow + 1;
  std::size_t end = tokens.size();
  if (body < tokens.size() && tokens[body].is("{")) {
    end = std::min(closing(tokens, body) + 1, tokens.size());
    append(result, tokens, body, end);
  } else {
    end = expression_end(tokens, body);
    append(result, "{ return (");  // in brackets, so that a line end does not end the return
    append(result, tokens, body, end);
    append(result, ")}");
  }
  result.push_back(mark(")"));
  append(result, tokens, end, tokens.size());
  tokens = std::move(result);
  return true;
}

// for (var x of list) body -> for (var l = list, i = 0; i < l.length; ++i) { var x = l[i]; body }
bool rewrite_for_of(Tokens& tokens, int number) {
  for (std::size_t i = 0; i + 5 < tokens.size(); ++i) {
    const bool of = tokens[i].word("for") && tokens[i + 1].is("(") && tokens[i + 2].word("var") &&
                    tokens[i + 4].word("of");
    if (!of) continue;
    const std::size_t close = closing(tokens, i + 1);
    if (close + 1 >= tokens.size()) return false;
    const std::string list = fmt::format("list_{}", number);
    const std::string index = fmt::format("index_{}", number);
    const std::size_t body = close + 1;
    std::size_t end = tokens[body].is("{") ? closing(tokens, body) : body;
    while (!tokens[body].is("{") && end < tokens.size() && !tokens[end].is(";")) ++end;
    end = std::min(end + 1, tokens.size());
    Tokens result;
    append(result, tokens, 0, i);
    append(result, fmt::format("for (var {} = (", list));
    append(result, tokens, i + 5, close);
    append(result, fmt::format("), {1} = 0; {1} < {0}.length; ++{1}) {{ var {2} = {0}[{1}];", list,
                               index, tokens[i + 3].text));
    append(result, tokens, body, end);
    result.push_back(mark("}"));
    append(result, tokens, end, tokens.size());
    tokens = std::move(result);
    return true;
  }
  return false;
}

}  // namespace

std::string with_older_syntax(std::string_view script) {
  Tokens tokens = Tokenizer(script).all();
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const bool declares = (tokens[i].word("let") || tokens[i].word("const")) &&
                          tokens[i + 1].kind == Token::Kind::kWord;
    if (declares && (i == 0 || !tokens[i - 1].is("."))) tokens[i].text = "var";
  }
  int number = 0;
  while (rewrite_for_of(tokens, number)) ++number;
  while (rewrite_arrow(tokens)) {
  }
  std::string result;
  for (const Token& token : tokens) {
    if (!result.empty()) result += token.after_newline ? '\n' : ' ';
    result += token.text;
  }
  return result;
}

}  // namespace soundcheck::conductor
