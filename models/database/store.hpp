#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/database/catalogue.hpp"
#include "models/database/change_capture.hpp"
#include "models/database/change_set.hpp"
#include "models/database/row_applier.hpp"
#include "models/database/schema.hpp"
#include "models/database/sql_environment.hpp"
#include "models/database/sqlite.hpp"
#include "sim/core/fingerprint.hpp"
#include "sim/env/transaction.hpp"

namespace soundcheck {

// For whom a transaction runs.
struct TransactionCaller {
  SagaContext saga;
  std::int64_t now_ms = 0;  // the caller's clock
};

// The data of one database server: a real SQLite database in memory. Runs one transaction at a
// time, each at one instant of the simulation; what the server costs and how it fails is the
// business of DatabaseServer.
//
// To SQLite all of it is one transaction that never ends, without a journal: the recorded changes
// take back what is rolled back, as they take back what a crash loses. That spares copying a page
// at its first change in each transaction, and SQLite's COMMIT, which after a split of pages walks
// through the whole page cache. It is sound because SQLite checks all constraints of a row before
// it writes anything of it, so even a statement that fails half way has changed whole rows. Foreign
// keys are checked when the transaction ends.
class Store {
 public:
  // TableCatalogue and environment outlive the store; they are shared by all stores of a run.
  Store(std::string name, TableCatalogue& catalogue, SqlEnvironment& environment);
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store();

  // Creates a service's tables, and the rows of its schema. A database may hold several services
  // (a monolith). A sentence when the schema cannot be used.
  std::expected<void, std::string> load_schema(std::string_view service, std::string_view sql);

  // Whether the transaction was committed (its body asked for it), or the constraint that it
  // violated; then it was rolled back as well.
  using Ending = std::expected<bool, std::string>;
  // Changes of a committed transaction are in `changes`, which is cleared first.
  Ending run(TransactionBody& body, const TransactionCaller& caller, ChangeSet& changes);
  // What the transaction of the last run() wants to be told (Transaction::emit); empty unless it
  // was committed.
  const std::vector<Event>& events() const { return events_; }
  // The same for a body that must not change anything.
  Ending read(TransactionBody& body, const TransactionCaller& caller);

  // Rows before the run starts, in one unrecorded transaction.
  void populate(const std::function<void(Transaction&)>& fill);

  // Takes back a committed transaction; the youngest first.
  void undo(const ChangeSet& changes);
  // Repeats one that another store has committed.
  void replay(const ChangeSet& changes);

  // Of all rows, in the order of their primary keys.
  Fingerprint content_digest();
  // Writes everything to a new file. A database of one service calls its tables by their own names,
  // one of several by service__table.
  std::expected<void, std::string> write_file(const std::string& path);

  const std::string& name() const { return name_; }
  // The service whose tables these are; "" if there are none, or those of several.
  std::string only_service() const;
  const std::vector<TableId>& tables() const { return tables_; }
  const std::vector<std::string>& definitions() const { return definitions_; }
  SqliteConnection& connection() { return connection_; }

 private:
  class RunningTransaction;
  struct CachedStatement {
    std::string_view text;  // tells a constant from another one that later took its address
    SqliteStatement statement;
  };

  SqliteStatement& statement_of(const Sql& sql);
  void begin();
  std::expected<void, SqliteError> copy_into(const std::string& path);
  std::expected<void, SqliteError> shorten_names(const std::string& path) const;

  std::string name_;
  TableCatalogue& catalogue_;
  SqliteConnection connection_;
  ChangeCapture capture_;
  RowApplier applier_;
  std::unordered_map<const Sql*, CachedStatement> statements_;  // looked up, never iterated
  std::vector<std::string> definitions_;
  std::vector<Event> events_;
  std::vector<TableId> tables_;
};

// Digest of the given tables' rows in the order of their primary keys.
Fingerprint content_digest(SqliteConnection& connection, const TableCatalogue& catalogue,
                           const std::vector<TableId>& tables);

}  // namespace soundcheck
