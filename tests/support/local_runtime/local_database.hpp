#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/time.hpp"
#include "sim/env/transaction.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace soundcheck::testing_support {

// One SQLite database with the tables of several services, service.table under the name
// service__table. SQL that is wrong ends the test program with SQLite's message.
class LocalDatabase {
 public:
  // `file`: ":memory:", or a path. `clock` answers true_time().
  LocalDatabase(const std::string& file, std::function<Time()> clock);
  LocalDatabase(const LocalDatabase&) = delete;
  LocalDatabase& operator=(const LocalDatabase&) = delete;
  ~LocalDatabase();

  // Makes a service's tables, unless the file has them already.
  void add(std::string_view service, std::string_view schema);
  // fleet.effects, fleet.outbox and fleet.steps over the tables that exist now.
  void add_fleet_views();
  bool has_table(std::string_view table) const;

  std::vector<SqlRow> query(std::string_view sql, std::span<const SqlValue> parameters = {});
  std::int64_t execute(std::string_view sql, std::span<const SqlValue> parameters = {});
  std::string rewrite(std::string_view sql) const;

  // Runs the body in a transaction and commits when it says so.
  void run(TransactionBody& body, const SagaContext& saga, std::int64_t now_ms);
  std::uint64_t commits() const { return commits_; }

 private:
  sqlite3_stmt* prepare(std::string_view sql);
  std::vector<SqlRow> step_all(sqlite3_stmt* statement, std::span<const SqlValue> parameters);
  void run_script(const std::string& sql);

  sqlite3* connection_ = nullptr;
  std::function<Time()> clock_;
  std::set<std::string, std::less<>> services_;
  std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
  std::uint64_t commits_ = 0;
};

}  // namespace soundcheck::testing_support
