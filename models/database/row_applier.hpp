#pragma once

#include <cstdint>
#include <vector>

#include "models/database/change_set.hpp"
#include "models/database/sqlite.hpp"

namespace soundcheck {

// Repeats recorded row changes on a database that holds the same tables: the observer, a replica,
// or, backwards, the database itself. Rows keep their row ids, so that a copy finds them by number
// and answers queries in the same order. A row that is not there is a bug of ours.
class RowApplier {
 public:
  RowApplier(SqliteConnection& connection, const TableCatalogue& catalogue)
      : connection_(connection), catalogue_(catalogue) {}

  void apply(const ChangeSet& changes);
  void apply(const RowImage& row);
  // Restores what was there before; last change first.
  void revert(const ChangeSet& changes);
  // Copies all rows of a table from another database into this one, where it is empty.
  void copy_all(TableId table, SqliteConnection& source);

 private:
  // An UPDATE that sets some columns only spares the indexes over the others.
  struct Update {
    std::uint64_t columns = 0;  // bit i: column i; all columns when the table has more than 64
    SqliteStatement statement;
  };
  struct Statements {
    SqliteStatement insert;
    SqliteStatement erase;
    std::vector<Update> updates;
  };

  void insert(const RowImage& row);
  void erase(const RowImage& row, Statements& statements);
  void update(const RowImage& row, Statements& statements);
  void bind_key(SqliteStatement& statement, int parameter, const RowImage& row);
  void run(SqliteStatement& statement, const RowImage& row);
  Statements& statements_of(TableId table);
  SqliteStatement& insert_into(const Table& table);
  Update& update_of(Statements& statements, const Table& table, std::uint64_t columns);

  SqliteConnection& connection_;
  const TableCatalogue& catalogue_;
  std::vector<Statements> statements_;  // by table
};

}  // namespace soundcheck
