#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/ids.hpp"

namespace soundcheck {

class SqliteConnection;

using TableId = Id<struct TableTag>;

// One table of a service, as its schema declares it.
struct Table {
  TableId id;
  std::string service;   // "payments"
  std::string table;     // "refunds"
  std::string name;      // "payments.refunds"
  std::string sql_name;  // "payments__refunds"
  std::vector<std::string> columns;
  std::vector<bool> real;          // columns whose numbers are stored as reals
  std::vector<std::uint32_t> key;  // positions of the primary key's columns
  bool has_rowid = true;           // false: WITHOUT ROWID
  bool observed = true;            // false: no checker sees it
};

// The tables of all services of a run, numbered in the order of their declaration.
class TableCatalogue {
 public:
  // The table's columns follow by describe(), once it exists in a database.
  TableId declare(std::string_view service, std::string_view table);
  // Reads columns and key from the database that has just created the table. A sentence when it
  // breaks a rule for tables (an explicit primary key, no generated columns).
  std::expected<void, std::string> describe(TableId table, SqliteConnection& connection);

  void hide(TableId table) { tables_[table.index()].observed = false; }

  const Table& operator[](TableId table) const { return tables_[table.index()]; }
  std::size_t size() const { return tables_.size(); }
  std::optional<TableId> find(std::string_view service, std::string_view table) const;
  std::optional<TableId> find_sql_name(std::string_view sql_name) const;

  // SQL with service.table replaced by the name inside SQLite.
  std::string rewrite(std::string_view sql) const;

 private:
  std::deque<Table> tables_;
  std::map<std::string, TableId, std::less<>> by_sql_name_;  // in lower case
};

}  // namespace soundcheck
