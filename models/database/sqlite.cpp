#include "models/database/sqlite.hpp"

#include "models/database/sql_environment.hpp"
#include "models/database/sqlite_api.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

SqliteError error_of(sqlite3* database) {
  const int code = sqlite3_errcode(database);
  return {code == SQLITE_CONSTRAINT, sqlite3_errmsg(database)};
}

// As a blob, since sqlite3_value_text copies a text that lies in a row only to end it by a zero.
// All our databases are in UTF-8, so the bytes are the same.
std::string_view text_of(sqlite3_value* value) {
  const auto* const text = static_cast<const char*>(sqlite3_value_blob(value));
  return {text, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

}  // namespace

SqliteStatement::~SqliteStatement() {
  sqlite3_finalize(statement_);
}

int SqliteStatement::parameters() const {
  return sqlite3_bind_parameter_count(statement_);
}
int SqliteStatement::columns() const {
  return sqlite3_column_count(statement_);
}
std::string SqliteStatement::column_name(int column) const {
  return sqlite3_column_name(statement_, column);
}
bool SqliteStatement::read_only() const {
  return sqlite3_stmt_readonly(statement_) != 0;
}

void SqliteStatement::bind(int parameter, const SqlValue& value) {
  int code = SQLITE_OK;
  if (const auto* const text = std::get_if<std::string>(&value)) {
    code = sqlite3_bind_text(statement_, parameter, text->data(), static_cast<int>(text->size()),
                             SQLITE_STATIC);
  } else if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
    code = sqlite3_bind_int64(statement_, parameter, *integer);
  } else if (const auto* const real = std::get_if<double>(&value)) {
    code = sqlite3_bind_double(statement_, parameter, *real);
  } else {
    code = sqlite3_bind_null(statement_, parameter);
  }
  SOUNDCHECK_ASSERT(code == SQLITE_OK, "parameter ?{}: {}", parameter, sqlite3_errstr(code));
}

void SqliteStatement::bind_integer(int parameter, std::int64_t value) {
  const int code = sqlite3_bind_int64(statement_, parameter, value);
  SOUNDCHECK_ASSERT(code == SQLITE_OK, "parameter ?{}: {}", parameter, sqlite3_errstr(code));
}

std::expected<bool, SqliteError> SqliteStatement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  SqliteError error = error_of(sqlite3_db_handle(statement_));
  sqlite3_reset(statement_);
  return std::unexpected(std::move(error));
}

void SqliteStatement::run() {
  const int code = sqlite3_step(statement_);
  SOUNDCHECK_ASSERT(code == SQLITE_DONE, "{}: {}", sqlite3_sql(statement_),
                    sqlite3_errmsg(sqlite3_db_handle(statement_)));
  sqlite3_reset(statement_);
}

void SqliteStatement::reset() {
  sqlite3_reset(statement_);
}

SqlValue SqliteStatement::column(int column) const {
  SqlValue value;
  assign_value(value, sqlite3_column_value(statement_, column));
  return value;
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

SqlRow SqliteStatement::row() const {
  const int count = columns();
  std::vector<SqlValue> values(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    assign_value(values[static_cast<std::size_t>(i)], sqlite3_column_value(statement_, i));
  }
  return SqlRow(std::move(values));
}

void SqliteStatement::bind_columns_of(const SqliteStatement& source) {
  const int count = source.columns();
  for (int i = 0; i < count; ++i) {
    const int code =
        sqlite3_bind_value(statement_, i + 1, sqlite3_column_value(source.statement_, i));
    SOUNDCHECK_ASSERT(code == SQLITE_OK, "parameter ?{}: {}", i + 1, sqlite3_errstr(code));
  }
}

void assign_value(SqlValue& target, sqlite3_value* source) {
  switch (sqlite3_value_type(source)) {
    case SQLITE_INTEGER:
      target = std::int64_t{sqlite3_value_int64(source)};
      return;
    case SQLITE_FLOAT:
      target = sqlite3_value_double(source);
      return;
    case SQLITE_NULL:
      target = std::monostate{};
      return;
    case SQLITE_TEXT:
      if (auto* const text = std::get_if<std::string>(&target)) {
        *text = text_of(source);
      } else {
        target.emplace<std::string>(text_of(source));
      }
      return;
    default:
      SOUNDCHECK_ASSERT(false, "a value is a blob; store integers, reals and texts");
  }
}

SqliteConnection::SqliteConnection(const SqlEnvironment& environment) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(":memory:", &database_, flags, environment.vfs_name());
  SOUNDCHECK_ASSERT(code == SQLITE_OK, "no database in memory: {}", sqlite3_errstr(code));
}

std::expected<SqliteConnection, SqliteError> SqliteConnection::open_file(const std::string& path) {
  sqlite3* database = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(path.c_str(), &database, flags, nullptr) == SQLITE_OK) {
    return SqliteConnection(database);
  }
  SqliteError error = error_of(database);
  sqlite3_close(database);
  return std::unexpected(std::move(error));
}

SqliteConnection::~SqliteConnection() {
  const int code = sqlite3_close(database_);
  SOUNDCHECK_ASSERT(code == SQLITE_OK, "a statement outlives its connection");
}

std::expected<SqliteStatement, SqliteError> SqliteConnection::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, &rest);
  if (code != SQLITE_OK) return std::unexpected(error_of(database_));
  SqliteStatement result(statement);
  if (!result) return std::unexpected(SqliteError{false, "there is no statement"});
  const std::string_view tail = sql.substr(static_cast<std::size_t>(rest - sql.data()));
  if (tail.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    return std::unexpected(SqliteError{false, "there is more than one statement"});
  }
  return result;
}

SqliteStatement SqliteConnection::prepare_or_stop(std::string_view sql) {
  auto statement = prepare(sql);
  SOUNDCHECK_ASSERT(statement.has_value(), "{}: {}", sql, statement.error().text);
  return std::move(*statement);
}

std::expected<void, SqliteError> SqliteConnection::execute(const std::string& sql) {
  if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return std::unexpected(error_of(database_));
}

void SqliteConnection::execute_or_stop(const std::string& sql) {
  const auto done = execute(sql);
  SOUNDCHECK_ASSERT(done.has_value(), "{}: {}", sql, done.error().text);
}

std::int64_t SqliteConnection::changed_rows() const {
  return sqlite3_changes64(database_);
}
bool SqliteConnection::has_unresolved_foreign_keys() const {
  int unresolved = 0;
  int highest = 0;
  sqlite3_db_status(database_, SQLITE_DBSTATUS_DEFERRED_FKS, &unresolved, &highest, 0);
  return unresolved != 0;
}

}  // namespace soundcheck
