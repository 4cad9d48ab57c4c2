#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/database/catalogue.hpp"
#include "sim/core/fingerprint.hpp"
#include "sim/env/observer.hpp"

namespace soundcheck {

// One row as it was and as it is. Values are those of all columns, in the table's order.
struct RowImage {
  TableId table;
  RowOperation operation = RowOperation::kInsert;
  std::int64_t rowid_before = 0;  // of tables that have one
  std::int64_t rowid_after = 0;
  std::span<const SqlValue> before;  // empty for an insert
  std::span<const SqlValue> after;   // empty for a delete
};

// What a transaction changed, row by row in the order of change. Keeps its memory when it is
// cleared, texts included, so that one set serves many transactions without allocating.
class ChangeSet {
 public:
  void clear() {
    rows_.clear();
    used_values_ = 0;
  }
  bool empty() const { return rows_.empty(); }
  std::size_t size() const { return rows_.size(); }
  // The spans hold until the set is changed.
  RowImage operator[](std::size_t row) const;
  // The opposite: what undoes the change.
  RowImage inverse(std::size_t row) const;

  // Adds a row of `columns` columns; its values, before and then after, are filled in by value().
  void add_row(TableId table, RowOperation operation, std::int64_t rowid_before,
               std::int64_t rowid_after, std::size_t columns);
  SqlValue& add_value() {
    if (used_values_ == values_.size()) values_.emplace_back();
    return values_[used_values_++];
  }

  // The same for the same changes on every machine. What a row was is known by its key: an earlier
  // change, or the population, has told the rest. Row ids, which no SQL sees, are left out.
  Fingerprint digest(const TableCatalogue& catalogue) const;

 private:
  struct Row {
    TableId table;
    RowOperation operation;
    std::int64_t rowid_before;
    std::int64_t rowid_after;
    std::size_t first_value;
    std::size_t columns;
  };
  std::vector<Row> rows_;
  std::vector<SqlValue> values_;
  std::size_t used_values_ = 0;
};

void add_to_digest(const SqlValue& value, Fingerprint& digest);

}  // namespace soundcheck
