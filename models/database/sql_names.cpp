#include "models/database/sql_names.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "sim/core/did_you_mean.hpp"
#include "sim/core/letters.hpp"

namespace soundcheck {
namespace {

bool begins_word(char c) {
  return is_letter(c) || c == '_' || (c & 0x80) != 0;
}
bool continues_word(char c) {
  return begins_word(c) || is_digit(c) || c == '$';
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

// Length of a quoted token at the start of `sql`; the quote itself is written twice inside.
std::size_t quoted_length(std::string_view sql, char quote) {
  for (std::size_t at = 1; at < sql.size(); ++at) {
    if (sql[at] != quote) continue;
    if (at + 1 < sql.size() && sql[at + 1] == quote) {
      ++at;
    } else {
      return at + 1;
    }
  }
  return sql.size();
}

std::size_t length_up_to(std::string_view sql, std::string_view end, std::size_t from) {
  const std::size_t found = sql.find(end, from);
  return found == std::string_view::npos ? sql.size() : found + end.size();
}

template <class Predicate>
std::size_t length_while(std::string_view sql, Predicate predicate) {
  return static_cast<std::size_t>(std::find_if_not(sql.begin() + 1, sql.end(), predicate) -
                                  sql.begin());
}

SqlToken first_token(std::string_view sql) {
  const auto token = [&](SqlTokenKind kind, std::size_t length) {
    return SqlToken{kind, sql.substr(0, length)};
  };
  const char c = sql.front();
  if (is_space(c)) return token(SqlTokenKind::kBlank, length_while(sql, is_space));
  if (sql.starts_with("--")) return token(SqlTokenKind::kBlank, length_up_to(sql, "\n", 2));
  if (sql.starts_with("/*")) return token(SqlTokenKind::kBlank, length_up_to(sql, "*/", 2));
  if (c == '\'') return token(SqlTokenKind::kText, quoted_length(sql, c));
  if (c == '"') return token(SqlTokenKind::kName, quoted_length(sql, c));
  if (begins_word(c)) return token(SqlTokenKind::kName, length_while(sql, continues_word));
  if (is_digit(c) || c == '?' || c == ':' || c == '@' || c == '$') {
    return token(SqlTokenKind::kNumber, length_while(sql, continues_word));
  }
  return token(SqlTokenKind::kSymbol, 1);
}

// What may follow a table that has no alias.
constexpr std::array<std::string_view, 26> kKeywordsAfterTable{
    "WHERE",   "SET",       "VALUES",    "ON",      "JOIN",   "LEFT",    "RIGHT",
    "FULL",    "INNER",     "OUTER",     "CROSS",   "USING",  "GROUP",   "ORDER",
    "HAVING",  "LIMIT",     "OFFSET",    "UNION",   "SELECT", "NATURAL", "EXCEPT",
    "DEFAULT", "RETURNING", "INTERSECT", "INDEXED", "WINDOW"};

bool introduces_table(const SqlToken* token) {
  return token != nullptr && (token->is("FROM") || token->is("JOIN") || token->is("INTO") ||
                              token->is("UPDATE") || token->is(","));
}

bool is_alias(const SqlToken* token) {
  if (token == nullptr || token->kind != SqlTokenKind::kName) return false;
  return std::none_of(kKeywordsAfterTable.begin(), kKeywordsAfterTable.end(),
                      [&](std::string_view keyword) { return token->is(keyword); });
}

const SqlToken* next_significant(const std::vector<SqlToken>& tokens, std::size_t from) {
  for (std::size_t i = from; i < tokens.size(); ++i) {
    if (tokens[i].kind != SqlTokenKind::kBlank) return &tokens[i];
  }
  return nullptr;
}

}  // namespace

std::string_view SqlToken::name() const {
  if (text.size() >= 2 && text.front() == '"') return text.substr(1, text.size() - 2);
  return text;
}

bool SqlToken::is(std::string_view upper_case) const {
  if (kind != SqlTokenKind::kName) return kind == SqlTokenKind::kSymbol && text == upper_case;
  return text.front() != '"' && equals_ignoring_case(text, upper_case);
}

std::vector<SqlToken> tokenize_sql(std::string_view sql) {
  std::vector<SqlToken> tokens;
  while (!sql.empty()) {
    tokens.push_back(first_token(sql));
    sql.remove_prefix(tokens.back().text.size());
  }
  return tokens;
}

std::string sql_table_name(std::string_view service, std::string_view table) {
  std::string name(service);
  name += "__";
  name += table;
  return name;
}

std::string rewrite_table_names(std::string_view sql, const IsTable& is_table) {
  const std::vector<SqlToken> tokens = tokenize_sql(sql);
  const auto is_dot = [&](std::size_t i) { return i < tokens.size() && tokens[i].is("."); };
  const auto is_name = [&](std::size_t i) {
    return i < tokens.size() && tokens[i].kind == SqlTokenKind::kName;
  };
  std::string result;
  result.reserve(sql.size() + 32);
  const SqlToken* before = nullptr;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool names_table = is_name(i) && is_dot(i + 1) && is_name(i + 2) &&
                             !(before != nullptr && before->is(".")) &&
                             is_table(tokens[i].name(), tokens[i + 2].name());
    if (!names_table) {
      result += tokens[i].text;
      if (tokens[i].kind != SqlTokenKind::kBlank) before = &tokens[i];
      continue;
    }
    const std::string_view table = tokens[i + 2].name();
    if (is_dot(i + 3)) {  // service.table.column
      result += tokens[i + 2].text;
    } else {
      result += sql_table_name(tokens[i].name(), table);
      if (introduces_table(before) && !is_alias(next_significant(tokens, i + 3))) {
        result.append(" AS \"").append(table).append("\"");
      }
    }
    before = &tokens[i + 2];
    i += 2;
  }
  return result;
}

}  // namespace soundcheck
