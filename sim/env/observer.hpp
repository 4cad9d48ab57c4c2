#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/ids.hpp"
#include "sim/core/time.hpp"
#include "sim/env/transaction.hpp"

namespace soundcheck {

enum class RowOperation : std::uint8_t { kInsert, kUpdate, kDelete };

// One row that a commit changed. The texts are owned by the observer and live until the listener
// returns.
struct RowChange {
  std::string_view table;  // "payments.payments"
  RowOperation operation = RowOperation::kInsert;
  std::span<const std::string> columns;  // names of the table's columns
  std::span<const SqlValue> before;      // empty for an insert
  std::span<const SqlValue> after;       // empty for a delete
};

struct Commit {
  Time at;                     // the instant at which it became visible
  std::uint64_t sequence = 0;  // of all commits of the run, from 1
  ProcessId database;
  SagaContext saga;  // of the request that committed; saga 0 for none
  std::span<const RowChange> changes;
};

class CommitListener {
 public:
  virtual ~CommitListener() = default;
  virtual void on_commit(const Commit& commit) = 0;
};

// The checkers' window on the world: every service's tables in one database, as visible at this
// instant, read-only. Tables are named service.table; fleet.effects, fleet.outbox and fleet.steps
// are the unions over all services that have such a table.
class Observer {
 public:
  virtual ~Observer() = default;
  // Parameters ?1, ?2, ... Statements are prepared once per text. A query that does not compile is
  // reported as unexpected(text of the database), so that users' own invariants can be checked
  // before a run.
  virtual Result<std::vector<SqlRow>> query(std::string_view sql,
                                            std::span<const SqlValue> parameters) = 0;
  // Names of the columns that a query answers with, or why it does not compile.
  virtual Result<std::vector<std::string>> columns_of(std::string_view sql) = 0;
  virtual bool has_table(std::string_view table) const = 0;
  virtual void listen(CommitListener& listener) = 0;
};

}  // namespace soundcheck
