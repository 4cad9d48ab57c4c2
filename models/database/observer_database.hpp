#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/database/catalogue.hpp"
#include "models/database/change_set.hpp"
#include "models/database/row_applier.hpp"
#include "models/database/sql_environment.hpp"
#include "models/database/sqlite.hpp"
#include "sim/env/observer.hpp"

namespace soundcheck {

class Store;

// One more database that holds the tables of all services, for the checkers (SQLite attaches at
// most ten databases, and a checker must not disturb a service's). Kept in step commit by commit:
// what is visible in a service's primary is here, at the same instant.
class ObserverDatabase final : public Observer {
 public:
  ObserverDatabase(const TableCatalogue& catalogue, SqlEnvironment& environment);
  ~ObserverDatabase() override;

  // Creates the store's tables and copies their rows. Before the run; again after rows were added
  // behind the observer's back (Store::populate).
  void copy_from(Store& store);

  // A commit that has just become visible. `undone`: it was lost in a crash before it was durable,
  // and its changes are taken back.
  enum class Direction : std::uint8_t { kDone, kUndone };
  void on_commit(const Commit& commit_without_changes, const ChangeSet& changes,
                 Direction direction);

  Result<std::vector<SqlRow>> query(std::string_view sql,
                                    std::span<const SqlValue> parameters) override;
  Result<std::vector<std::string>> columns_of(std::string_view sql) override;
  bool has_table(std::string_view table) const override;
  void listen(CommitListener& listener) override { listeners_.push_back(&listener); }

  // Of the store's tables that are observed.
  Fingerprint content_digest(const Store& store);

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  Result<SqliteStatement*> statement_of(std::string_view sql);
  void create_union_views();
  std::vector<TableId> observed_tables_of(const Store& store) const;
  // Tables of this name in all services, with the columns that all of them have.
  std::vector<TableId> tables_called(std::string_view table) const;

  const TableCatalogue& catalogue_;
  SqliteConnection connection_;
  RowApplier applier_;
  std::unordered_map<std::string, SqliteStatement, TextHash, std::equal_to<>>
      statements_;             // looked up by text, never iterated
  std::vector<bool> present_;  // by table
  bool views_are_current_ = false;
  std::vector<CommitListener*> listeners_;
  std::vector<RowChange> row_changes_;
};

}  // namespace soundcheck
