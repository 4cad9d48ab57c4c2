#include "models/database/schema.hpp"

#include <fmt/format.h>

#include "models/database/sql_names.hpp"

namespace soundcheck {
namespace {

using Tokens = std::vector<SqlToken>;

constexpr std::size_t kShown = 40;  // characters of a statement in an error text

// The statements of a text, each without blanks at its ends and without its semicolon.
std::vector<std::string_view> split_statements(std::string_view sql) {
  std::vector<std::string_view> statements;
  const char* begin = nullptr;  // of the statement's first significant token
  const char* end = nullptr;
  const auto close = [&] {
    if (begin != nullptr) statements.emplace_back(begin, end);
    begin = nullptr;
  };
  for (const SqlToken& token : tokenize_sql(sql)) {
    if (token.kind == SqlTokenKind::kBlank) continue;
    if (token.is(";")) {
      close();
      continue;
    }
    if (begin == nullptr) begin = token.text.data();
    end = token.text.data() + token.text.size();
  }
  close();
  return statements;
}

Tokens significant_tokens(std::string_view statement) {
  Tokens tokens = tokenize_sql(statement);
  std::erase_if(tokens, [](const SqlToken& token) { return token.kind == SqlTokenKind::kBlank; });
  return tokens;
}

// Where the name stands in CREATE [UNIQUE] TABLE|INDEX [IF NOT EXISTS] name.
std::size_t name_position(const Tokens& tokens) {
  std::size_t at = tokens.size() > 1 && tokens[1].is("UNIQUE") ? 3 : 2;
  if (at < tokens.size() && tokens[at].is("IF")) at += 3;
  return at;
}

bool creates(const Tokens& tokens, std::string_view what) {
  if (tokens.empty() || !tokens[0].is("CREATE")) return false;
  const std::size_t at = tokens.size() > 1 && tokens[1].is("UNIQUE") ? 2 : 1;
  return at < tokens.size() && tokens[at].is(what);
}

std::string beginning_of(std::string_view statement) {
  std::string text(statement.substr(0, kShown));
  if (statement.size() > kShown) text += "...";
  return text;
}

std::expected<TableId, std::string> declare_table(std::string_view service, const Tokens& tokens,
                                                  TableCatalogue& catalogue) {
  const std::size_t at = name_position(tokens);
  if (at + 2 >= tokens.size() || !tokens[at + 1].is(".")) {
    return std::unexpected(fmt::format("table '{0}' is named without its service: write {1}.{0}",
                                       at < tokens.size() ? tokens[at].name() : "", service));
  }
  if (tokens[at].name() != service) {
    return std::unexpected(fmt::format("the schema of {} creates table {}.{}, which belongs to {}",
                                       service, tokens[at].name(), tokens[at + 2].name(),
                                       tokens[at].name()));
  }
  if (catalogue.find(service, tokens[at + 2].name())) {
    return std::unexpected(
        fmt::format("table {}.{} is declared twice", service, tokens[at + 2].name()));
  }
  return catalogue.declare(service, tokens[at + 2].name());
}

// CREATE INDEX name ON ... with the service's name before its own.
std::string rename_index(std::string_view service, std::string_view statement,
                         const Tokens& tokens) {
  const std::size_t at = name_position(tokens);
  if (at >= tokens.size()) return std::string(statement);
  const auto begin = static_cast<std::size_t>(tokens[at].text.data() - statement.data());
  return fmt::format("{}{}{}", statement.substr(0, begin),
                     sql_table_name(service, tokens[at].name()),
                     statement.substr(begin + tokens[at].text.size()));
}

}  // namespace

std::expected<Schema, std::string> read_schema(std::string_view service, std::string_view sql,
                                               TableCatalogue& catalogue) {
  Schema schema;
  const std::vector<std::string_view> statements = split_statements(sql);
  for (const std::string_view statement : statements) {
    const Tokens tokens = significant_tokens(statement);
    if (creates(tokens, "TABLE")) {
      auto table = declare_table(service, tokens, catalogue);
      if (!table) return std::unexpected(std::move(table.error()));
      schema.tables.push_back(*table);
    } else if (!creates(tokens, "INDEX") && !tokens[0].is("INSERT")) {
      return std::unexpected(
          fmt::format("'{}': a schema holds CREATE TABLE, CREATE INDEX and INSERT statements",
                      beginning_of(statement)));
    }
  }
  for (const std::string_view statement : statements) {  // now all names are known
    const Tokens tokens = significant_tokens(statement);
    if (tokens[0].is("INSERT")) {
      schema.rows.push_back(catalogue.rewrite(statement));
    } else if (creates(tokens, "INDEX")) {
      schema.definitions.push_back(catalogue.rewrite(rename_index(service, statement, tokens)));
    } else {
      schema.definitions.push_back(catalogue.rewrite(statement));
    }
  }
  return schema;
}

}  // namespace soundcheck
