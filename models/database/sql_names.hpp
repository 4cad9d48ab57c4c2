#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace soundcheck {

enum class SqlTokenKind : std::uint8_t {
  kBlank,   // white space and comments
  kName,    // a word, or a name in double quotes
  kText,    // '...'
  kNumber,  // digits, and parameters such as ?1
  kSymbol,  // one character
};

struct SqlToken {
  SqlTokenKind kind = SqlTokenKind::kSymbol;
  std::string_view text;

  // The name without its quotes.
  std::string_view name() const;
  // Whether it is this keyword or symbol; keywords in upper case.
  bool is(std::string_view upper_case) const;
};

// Cuts SQL into tokens; put together they are the text again. Never fails: what is not closed goes
// on to the end, and SQLite complains about it.
std::vector<SqlToken> tokenize_sql(std::string_view sql);

// "payments__payments": how a table is called inside SQLite, which has no schemas.
std::string sql_table_name(std::string_view service, std::string_view table);

// Says whether service.table names a table; both as they were written.
using IsTable = std::function<bool(std::string_view service, std::string_view table)>;

// Replaces service.table by service__table wherever it names a table, and leaves alias.column,
// texts and comments alone. As in PostgreSQL, the table's own name serves as its alias when none is
// given (ON CONFLICT ... SET seconds = usage.seconds + 1), and service.table.column is a column.
std::string rewrite_table_names(std::string_view sql, const IsTable& is_table);

}  // namespace soundcheck
