#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "models/database/observer_database.hpp"
#include "models/database/store.hpp"

namespace soundcheck {

// A transaction written where it is used.
struct LambdaBody final : TransactionBody {
  explicit LambdaBody(std::function<bool(Transaction&)> body) : function(std::move(body)) {}
  bool run(Transaction& transaction) override { return function(transaction); }
  std::function<bool(Transaction&)> function;
};

// A run's catalogue and clock, for stores that are made in a test.
struct StoreFixture : ::testing::Test {
  Time now;
  TableCatalogue catalogue;
  SqlEnvironment environment{[this] { return now; }, RandomStream(7, "sql")};

  static void load(Store& store, std::string_view service, std::string_view schema) {
    const auto loaded = store.load_schema(service, schema);
    ASSERT_TRUE(loaded.has_value()) << loaded.error();
  }

  // Runs a transaction that is committed when the body returns true.
  Store::Ending run(Store& store, std::function<bool(Transaction&)> function) {
    LambdaBody body(std::move(function));
    return store.run(body, {}, changes);
  }

  // One column of one row, for looking into a database.
  static std::string value_of(SqliteConnection& connection, const std::string& sql) {
    SqliteStatement statement = connection.prepare_or_stop(sql);
    const auto row = statement.step();
    if (!row) return row.error().text;
    if (!*row) return "(no row)";
    const SqlValue value = statement.column(0);
    if (const auto* const text = std::get_if<std::string>(&value)) return *text;
    if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
      return std::to_string(*integer);
    }
    return std::holds_alternative<double>(value) ? std::to_string(std::get<double>(value)) : "NULL";
  }

  ChangeSet changes;
};

}  // namespace soundcheck
