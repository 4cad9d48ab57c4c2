#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "models/database/observer_database.hpp"
#include "models/database/store.hpp"
#include "reports/checkers/invariant_checker.hpp"
#include "tests/unit/reports/run_driver.hpp"

namespace soundcheck {

// A real database with a shop's tables, its observer, and a checker of the given invariants.
struct CheckerFixture : ::testing::Test {
  struct Body final : TransactionBody {
    std::function<void(Transaction&)> function;
    bool run(Transaction& transaction) override {
      function(transaction);
      return true;
    }
  };

  RunDriver driver;
  Time now;
  TableCatalogue catalogue;
  SqlEnvironment environment{[this] { return now; }, RandomStream(7, "sql")};
  Store shop{"shop", catalogue, environment};
  ObserverDatabase observer{catalogue, environment};
  ChangeSet changes;

  void SetUp() override {
    const auto loaded = shop.load_schema(
        "shop",
        "CREATE TABLE shop.payments (id TEXT PRIMARY KEY, state TEXT, saga_id TEXT);\n"
        "CREATE TABLE shop.periods (id TEXT PRIMARY KEY, payment_id TEXT);\n"
        "CREATE TABLE shop.effects (saga_id TEXT, step TEXT, role TEXT, kind TEXT, state TEXT,"
        " seq BIGINT PRIMARY KEY);\n");
    ASSERT_TRUE(loaded.has_value()) << loaded.error();
    observer.copy_from(shop);
  }

  static std::vector<Invariant> parse(std::string_view text) {
    InvariantFile file = parse_invariants(text, "shop.sql");
    for (const InvariantMistake& mistake : file.mistakes) ADD_FAILURE() << to_text(mistake);
    return std::move(file.invariants);
  }
  InvariantChecker checker(std::string_view text, CheckerOptions options = {}) {
    return InvariantChecker(observer, driver.ledger, driver.events, parse(text), options);
  }

  void commit(Duration at, std::uint64_t saga, std::function<void(Transaction&)> function) {
    now = Time::at(at);
    Body body;
    body.function = std::move(function);
    ASSERT_EQ(shop.run(body, {}, changes), Store::Ending(true));
    Commit committed{.at = now, .sequence = environment.take_commit_number()};
    committed.saga.saga = saga;
    observer.on_commit(committed, changes, ObserverDatabase::Direction::kDone);
  }
  void execute(Duration at, std::uint64_t saga, const Sql& sql, std::string first = "",
               std::string second = "", std::string third = "") {
    commit(at, saga, [&](Transaction& transaction) {
      if (!third.empty()) {
        transaction.execute(sql, first, second, third);
      } else if (!second.empty()) {
        transaction.execute(sql, first, second);
      } else {
        transaction.execute(sql, first);
      }
    });
  }
};

}  // namespace soundcheck
