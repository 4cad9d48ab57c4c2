#include "models/database/row_applier.hpp"

#include <fmt/format.h>

#include <string>

#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

constexpr std::size_t kMaskBits = 64;

bool in_mask(std::uint64_t mask, std::size_t column) {
  return column >= kMaskBits || (mask >> column & 1) != 0;
}

std::uint64_t changed_columns(const RowImage& row) {
  if (row.after.size() > kMaskBits) return ~std::uint64_t{0};
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < row.after.size(); ++i) {
    if (row.before[i] != row.after[i]) mask |= std::uint64_t{1} << i;
  }
  return mask;
}

std::string quoted(const std::string& name) {
  return fmt::format("\"{}\"", name);
}

// "_rowid_ = ?1", or the primary key of a table without row ids; parameters from `first` on.
std::string key_condition(const Table& table, int first) {
  if (table.has_rowid) return fmt::format("_rowid_ = ?{}", first);
  std::string condition;
  for (const std::uint32_t column : table.key) {
    condition += fmt::format("{}{} = ?{}", condition.empty() ? "" : " AND ",
                             quoted(table.columns[column]), first++);
  }
  return condition;
}

std::string insert_text(const Table& table) {
  std::string columns = table.has_rowid ? "_rowid_" : "";
  std::string values = table.has_rowid ? "?1" : "";
  int parameter = table.has_rowid ? 2 : 1;
  for (const std::string& column : table.columns) {
    columns += (columns.empty() ? "" : ", ") + quoted(column);
    values += fmt::format("{}?{}", values.empty() ? "" : ", ", parameter++);
  }
  return fmt::format("INSERT INTO {} ({}) VALUES ({})", table.sql_name, columns, values);
}

std::string update_text(const Table& table, std::uint64_t mask) {
  std::string assignments;
  int parameter = 1;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (!in_mask(mask, i)) continue;
    assignments += fmt::format("{}{} = ?{}", assignments.empty() ? "" : ", ",
                               quoted(table.columns[i]), parameter++);
  }
  return fmt::format("UPDATE {} SET {} WHERE {}", table.sql_name, assignments,
                     key_condition(table, parameter));
}

}  // namespace

void RowApplier::apply(const ChangeSet& changes) {
  for (std::size_t i = 0; i < changes.size(); ++i) apply(changes[i]);
}

void RowApplier::revert(const ChangeSet& changes) {
  for (std::size_t i = changes.size(); i-- > 0;) apply(changes.inverse(i));
}

void RowApplier::copy_all(TableId id, SqliteConnection& source) {
  const Table& table = catalogue_[id];
  SqliteStatement& insert = insert_into(table);
  SqliteStatement rows = source.prepare_or_stop(
      fmt::format("SELECT {}* FROM {}", table.has_rowid ? "_rowid_, " : "", table.sql_name));
  while (rows.step().value()) {
    insert.bind_columns_of(rows);
    insert.run();
  }
}

void RowApplier::apply(const RowImage& row) {
  switch (row.operation) {
    case RowOperation::kInsert:
      insert(row);
      return;
    case RowOperation::kDelete:
      erase(row, statements_of(row.table));
      return;
    case RowOperation::kUpdate:
      update(row, statements_of(row.table));
      return;
  }
}

RowApplier::Statements& RowApplier::statements_of(TableId table) {
  if (statements_.size() < catalogue_.size()) statements_.resize(catalogue_.size());
  return statements_[table.index()];
}

SqliteStatement& RowApplier::insert_into(const Table& table) {
  Statements& statements = statements_of(table.id);
  if (!statements.insert) statements.insert = connection_.prepare_or_stop(insert_text(table));
  return statements.insert;
}

void RowApplier::insert(const RowImage& row) {
  const Table& table = catalogue_[row.table];
  SqliteStatement& statement = insert_into(table);
  int parameter = 1;
  if (table.has_rowid) statement.bind_integer(parameter++, row.rowid_after);
  for (const SqlValue& value : row.after) statement.bind(parameter++, value);
  run(statement, row);
}

void RowApplier::erase(const RowImage& row, Statements& statements) {
  if (!statements.erase) {
    const Table& table = catalogue_[row.table];
    statements.erase = connection_.prepare_or_stop(
        fmt::format("DELETE FROM {} WHERE {}", table.sql_name, key_condition(table, 1)));
  }
  bind_key(statements.erase, 1, row);
  run(statements.erase, row);
}

void RowApplier::update(const RowImage& row, Statements& statements) {
  const std::uint64_t mask = changed_columns(row);
  if (mask == 0) return;
  SqliteStatement& statement = update_of(statements, catalogue_[row.table], mask).statement;
  int parameter = 1;
  for (std::size_t i = 0; i < row.after.size(); ++i) {
    if (in_mask(mask, i)) statement.bind(parameter++, row.after[i]);
  }
  bind_key(statement, parameter, row);
  run(statement, row);
}

void RowApplier::bind_key(SqliteStatement& statement, int parameter, const RowImage& row) {
  const Table& table = catalogue_[row.table];
  if (table.has_rowid) {
    statement.bind_integer(parameter, row.rowid_before);
    return;
  }
  for (const std::uint32_t column : table.key) statement.bind(parameter++, row.before[column]);
}

void RowApplier::run(SqliteStatement& statement, const RowImage& row) {
  statement.run();
  SOUNDCHECK_ASSERT(connection_.changed_rows() == 1, "a copy of {} lacks a row",
                    catalogue_[row.table].name);
}

RowApplier::Update& RowApplier::update_of(Statements& statements, const Table& table,
                                          std::uint64_t columns) {
  for (Update& update : statements.updates) {
    if (update.columns == columns) return update;
  }
  return statements.updates.emplace_back(
      Update{columns, connection_.prepare_or_stop(update_text(table, columns))});
}

}  // namespace soundcheck
