#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "sim/env/transaction.hpp"

struct sqlite3;
struct sqlite3_stmt;
struct sqlite3_value;

namespace soundcheck {

class SqlEnvironment;

struct SqliteError {
  bool constraint = false;  // a constraint was violated; otherwise the SQL is wrong
  std::string text;         // SQLite's own words
};

// A prepared statement; belongs to its connection and must go before it.
class SqliteStatement {
 public:
  SqliteStatement() = default;
  explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}
  SqliteStatement(SqliteStatement&& other) noexcept
      : statement_(std::exchange(other.statement_, nullptr)) {}
  SqliteStatement& operator=(SqliteStatement&& other) noexcept {
    std::swap(statement_, other.statement_);
    return *this;
  }
  ~SqliteStatement();

  explicit operator bool() const { return statement_ != nullptr; }
  int parameters() const;
  int columns() const;
  std::string column_name(int column) const;
  bool read_only() const;

  // Parameters count from 1. A text is not copied: it stays alive until the statement is reset.
  void bind(int parameter, const SqlValue& value);
  void bind_integer(int parameter, std::int64_t value);
  // True: a row is there.
  std::expected<bool, SqliteError> step();
  // Steps a statement that cannot fail and gives no rows, and resets it.
  void run();
  void reset();

  // Of the row that is there.
  SqlValue column(int column) const;
  std::int64_t integer(int column) const;
  SqlRow row() const;
  // Binds the columns of another statement's row to ?1, ?2, ...
  void bind_columns_of(const SqliteStatement& source);

 private:
  sqlite3_stmt* statement_ = nullptr;
};

// One open database, used by one thread. Its clock and its random numbers are those of the run.
class SqliteConnection {
 public:
  // An empty database in memory.
  explicit SqliteConnection(const SqlEnvironment& environment);
  // An ordinary file, created if need be.
  static std::expected<SqliteConnection, SqliteError> open_file(const std::string& path);
  SqliteConnection(SqliteConnection&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)) {}
  SqliteConnection& operator=(SqliteConnection&&) = delete;
  ~SqliteConnection();

  std::expected<SqliteStatement, SqliteError> prepare(std::string_view sql);
  // For our own statements, which compile.
  SqliteStatement prepare_or_stop(std::string_view sql);
  // Runs all statements of a text.
  std::expected<void, SqliteError> execute(const std::string& sql);
  void execute_or_stop(const std::string& sql);

  std::int64_t changed_rows() const;  // by the last INSERT, UPDATE or DELETE
  bool has_unresolved_foreign_keys() const;
  sqlite3* handle() const { return database_; }

 private:
  explicit SqliteConnection(sqlite3* database) : database_(database) {}
  sqlite3* database_ = nullptr;
};

// Copies a value of SQLite; a text goes into the memory of the text that was there before.
void assign_value(SqlValue& target, sqlite3_value* source);

}  // namespace soundcheck
