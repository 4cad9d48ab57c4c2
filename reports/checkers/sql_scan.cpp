#include "reports/checkers/sql_scan.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "sim/core/letters.hpp"

namespace soundcheck {

namespace {

bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}

// Cuts SQL into words, single characters, texts in quotes and blanks (with comments).
class Pieces {
 public:
  enum class Kind { kEnd, kWord, kSymbol, kQuoted, kBlank };
  struct Piece {
    Kind kind = Kind::kEnd;
    std::string_view text;
    std::size_t at = 0;
  };

  explicit Pieces(std::string_view sql) : sql_(sql) {}

  Piece next() {
    const std::size_t start = at_;
    if (at_ == sql_.size()) return {.at = start};
    Kind kind = Kind::kSymbol;
    const char c = sql_[at_];
    if (is_word(c)) {
      kind = Kind::kWord;
      while (at_ < sql_.size() && is_word(sql_[at_])) ++at_;
    } else if (c == '\'' || c == '"') {
      kind = Kind::kQuoted;
      const std::size_t end = sql_.find(c, at_ + 1);
      at_ = end == std::string_view::npos ? sql_.size() : end + 1;
    } else if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      kind = Kind::kBlank;
      ++at_;
    } else if (sql_.substr(at_, 2) == "--") {
      kind = Kind::kBlank;
      at_ = std::min(sql_.find('\n', at_), sql_.size());
    } else {
      ++at_;
    }
    return {kind, sql_.substr(start, at_ - start), start};
  }

 private:
  std::string_view sql_;
  std::size_t at_ = 0;
};

bool ends_from_clause(const std::string& word) {
  static constexpr std::string_view kWords[] = {"WHERE", "GROUP",  "ORDER",  "HAVING",   "UNION",
                                                "LIMIT", "SELECT", "EXCEPT", "INTERSECT"};
  return std::ranges::find(kWords, word) != std::end(kWords);
}

}  // namespace

std::vector<std::string> tables_in(std::string_view sql) {
  std::vector<Pieces::Piece> pieces;
  Pieces scanner(sql);
  for (auto piece = scanner.next(); piece.kind != Pieces::Kind::kEnd; piece = scanner.next()) {
    if (piece.kind != Pieces::Kind::kBlank) pieces.push_back(piece);
  }
  std::vector<std::string> tables;
  bool in_from = false;
  bool expected = false;  // a table's name may come next
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].kind == Pieces::Kind::kSymbol) {
      expected = in_from && pieces[i].text == ",";
      if (pieces[i].text == "(" || pieces[i].text == ")") in_from = false;
      continue;
    }
    const std::string word = in_upper_case(std::string(pieces[i].text));
    if (word == "FROM" || word == "JOIN") {
      in_from = expected = true;
      continue;
    }
    if (ends_from_clause(word)) in_from = false;
    if (expected && i + 2 < pieces.size() && pieces[i + 1].text == "." &&
        pieces[i + 2].kind == Pieces::Kind::kWord) {
      std::string table = std::string(pieces[i].text) + "." + std::string(pieces[i + 2].text);
      if (std::ranges::find(tables, table) == tables.end()) tables.push_back(std::move(table));
      i += 2;
    }
    expected = false;
  }
  return tables;
}

int highest_parameter(std::string_view sql) {
  int highest = 0;
  Pieces scanner(sql);
  for (auto piece = scanner.next(); piece.kind != Pieces::Kind::kEnd; piece = scanner.next()) {
    if (piece.text != "?") continue;
    const auto number = scanner.next();
    int value = 0;
    const char* const end = number.text.data() + number.text.size();
    if (std::from_chars(number.text.data(), end, value).ptr != end || value < 1) return -1;
    highest = std::max(highest, value);
  }
  return highest;
}

NumberedParameters number_parameters(std::string_view sql) {
  NumberedParameters result;
  Pieces scanner(sql);
  for (auto piece = scanner.next(); piece.kind != Pieces::Kind::kEnd; piece = scanner.next()) {
    if (piece.text != ":") {
      result.sql += piece.text;
      continue;
    }
    const auto name = scanner.next();
    if (name.kind != Pieces::Kind::kWord) {
      result.sql += ":" + std::string(name.text);
      continue;
    }
    auto found = std::ranges::find(result.names, name.text);
    if (found == result.names.end()) found = result.names.emplace(found, name.text);
    result.sql += "?" + std::to_string(found - result.names.begin() + 1);
  }
  return result;
}

KeyedQuery expand_key(std::string_view sql) {
  KeyedQuery result;
  std::size_t at = 0;
  while (true) {
    const std::size_t open = sql.find('{', at);
    const std::string_view plain = sql.substr(at, open - at);
    result.one += plain;
    result.all += plain;
    if (open == std::string_view::npos) return result;
    const std::size_t close = sql.find('}', open);
    const std::string_view inside =
        close == std::string_view::npos ? "" : sql.substr(open + 1, close - open - 1);
    const std::size_t expression = inside.find_first_not_of(" \t\n", 3);
    if (!inside.starts_with("key ") || expression == std::string_view::npos) {
      result.mistake = close == std::string_view::npos
                           ? "this brace is never closed"
                           : "in braces stands the key: {key EXPRESSION}";
      result.mistake_at = open;
      return result;
    }
    result.one += std::string(inside.substr(expression)) + " = ?1";
    result.all += "1";
    ++result.places;
    at = close + 1;
  }
}

}  // namespace soundcheck
