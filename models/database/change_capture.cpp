#include "models/database/change_capture.hpp"

#include <algorithm>
#include <string_view>

#include "models/database/sqlite.hpp"
#include "models/database/sqlite_api.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

RowOperation operation_of(int code) {
  switch (code) {
    case SQLITE_INSERT:
      return RowOperation::kInsert;
    case SQLITE_DELETE:
      return RowOperation::kDelete;
    default:
      return RowOperation::kUpdate;
  }
}

// The hook shows a whole number that is stored in a real column as an integer, a query as a real.
void as_stored(SqlValue& value, bool real_column) {
  if (!real_column) return;
  if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
    value = static_cast<double>(*integer);
  }
}

}  // namespace

ChangeCapture::ChangeCapture(sqlite3* database, const TableCatalogue& catalogue)
    : catalogue_(catalogue) {
  sqlite3_preupdate_hook(database, &ChangeCapture::before_update, this);
}

void ChangeCapture::before_update(void* self, sqlite3* database, int operation, const char*,
                                  const char* table, long long rowid_before,
                                  long long rowid_after) {
  auto& capture = *static_cast<ChangeCapture*>(self);
  if (capture.changes_ == nullptr) return;
  capture.record(database, capture.table_called(table), operation_of(operation), rowid_before,
                 rowid_after);
}

const Table& ChangeCapture::table_called(std::string_view sql_name) {
  const auto met = std::find_if(met_.begin(), met_.end(),
                                [&](const Table* table) { return table->sql_name == sql_name; });
  if (met != met_.end()) return **met;
  const auto found = catalogue_.find_sql_name(sql_name);
  SOUNDCHECK_ASSERT(found.has_value(), "table {} is in no schema", sql_name);
  met_.push_back(&catalogue_[*found]);
  return *met_.back();
}

void ChangeCapture::record(sqlite3* database, const Table& table, RowOperation operation,
                           std::int64_t rowid_before, std::int64_t rowid_after) {
  const std::size_t columns = table.columns.size();
  changes_->add_row(table.id, operation, rowid_before, rowid_after, columns);
  const auto read = [&](auto read_column) {
    for (std::size_t i = 0; i < columns; ++i) {
      sqlite3_value* value = nullptr;
      const int code = read_column(database, static_cast<int>(i), &value);
      SOUNDCHECK_ASSERT(code == SQLITE_OK, "{}.{}: {}", table.name, table.columns[i],
                        sqlite3_errstr(code));
      SqlValue& copy = changes_->add_value();
      assign_value(copy, value);
      as_stored(copy, table.real[i]);
    }
  };
  if (operation != RowOperation::kInsert) read(sqlite3_preupdate_old);
  if (operation != RowOperation::kDelete) read(sqlite3_preupdate_new);
}

}  // namespace soundcheck
