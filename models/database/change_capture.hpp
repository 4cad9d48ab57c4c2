#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/database/change_set.hpp"

struct sqlite3;

namespace soundcheck {

// Records every row that a connection changes, by SQLite's preupdate hook (about 0.4 us a row; a
// session object of SQLite costs 27 us a transaction).
class ChangeCapture {
 public:
  // Outlives the connection's use.
  ChangeCapture(sqlite3* database, const TableCatalogue& catalogue);
  ChangeCapture(const ChangeCapture&) = delete;
  ChangeCapture& operator=(const ChangeCapture&) = delete;

  // Changes go to `changes` from now on; null: they go unrecorded.
  void record_into(ChangeSet* changes) { changes_ = changes; }

 private:
  static void before_update(void* self, sqlite3* database, int operation, const char* schema,
                            const char* table, long long rowid_before, long long rowid_after);
  const Table& table_called(std::string_view sql_name);
  void record(sqlite3* database, const Table& table, RowOperation operation,
              std::int64_t rowid_before, std::int64_t rowid_after);

  const TableCatalogue& catalogue_;
  ChangeSet* changes_ = nullptr;
  std::vector<const Table*> met_;  // a database has few tables: quicker than the catalogue
};

}  // namespace soundcheck
