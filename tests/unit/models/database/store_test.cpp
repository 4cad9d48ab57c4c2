#include "models/database/store.hpp"

#include "tests/unit/models/database/store_fixture.hpp"

namespace soundcheck {
namespace {

constexpr std::string_view kSchema = R"(
CREATE TABLE payments.payments (payment_id TEXT PRIMARY KEY, idem TEXT UNIQUE,
  amount BIGINT CHECK (amount >= 0));
CREATE TABLE payments.usage (user_id TEXT PRIMARY KEY, seconds BIGINT NOT NULL);
CREATE TABLE payments.lines (line_id TEXT PRIMARY KEY,
  payment_id TEXT REFERENCES payments.payments(payment_id) ON DELETE CASCADE,
  parent TEXT REFERENCES payments.lines(line_id) DEFERRABLE INITIALLY DEFERRED);
)";

constexpr Sql kInsert{"INSERT INTO payments.payments VALUES (?1, ?2, ?3)"};
constexpr Sql kSelect{"SELECT payment_id, amount FROM payments.payments ORDER BY payment_id"};
constexpr Sql kDouble{"UPDATE payments.payments SET amount = amount * 2"};

struct Stores : StoreFixture {
  Store store{"payments", catalogue, environment};
  void SetUp() override { load(store, "payments", kSchema); }

  Store::Ending insert(std::string id, std::string idem, std::int64_t amount) {
    return run(store, [&](Transaction& transaction) {
      transaction.execute(kInsert, id, idem, amount);
      return true;
    });
  }
};

TEST_F(Stores, AnswersWhatWasStored) {
  ASSERT_EQ(insert("p1", "k1", 999), Store::Ending(true));
  ASSERT_EQ(insert("p2", "k2", 5), Store::Ending(true));
  std::vector<SqlRow> rows;
  LambdaBody body([&](Transaction& transaction) {
    rows = transaction.query(kSelect);
    return true;
  });
  EXPECT_EQ(store.read(body, {}), Store::Ending(true));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].text(0), "p1");
  EXPECT_EQ(rows[0].integer(1), 999);
}

TEST_F(Stores, CountsChangedRowsAndAnswersReturning) {
  insert("p1", "k1", 1);
  insert("p2", "k2", 2);
  static constexpr Sql returning{
      "UPDATE payments.payments SET amount = amount + ?1 RETURNING amount"};
  run(store, [&](Transaction& transaction) {
    EXPECT_EQ(transaction.execute(kDouble), 2);
    EXPECT_EQ(transaction.query(returning, 10).size(), 2u);
    return true;
  });
  EXPECT_EQ(value_of(store.connection(), "SELECT SUM(amount) FROM payments__payments"), "26");
}

TEST_F(Stores, ABodyThatDeclinesLeavesNothingBehind) {
  insert("p1", "k1", 100);
  const Fingerprint before = store.content_digest();
  const auto ending = run(store, [&](Transaction& transaction) {
    transaction.execute(kInsert, "p2", "k2", 1);
    transaction.execute(kDouble);
    return false;
  });
  EXPECT_EQ(ending, Store::Ending(false));
  EXPECT_TRUE(changes.empty());
  EXPECT_EQ(store.content_digest(), before);
}

TEST_F(Stores, AViolatedConstraintRollsBackAndIsNamed) {
  insert("p1", "k1", 100);
  const Fingerprint before = store.content_digest();
  const auto ending = run(store, [&](Transaction& transaction) {
    transaction.execute(kInsert, "p2", "k2", 1);
    transaction.execute(kInsert, "p3", "k1", 1);
    ADD_FAILURE() << "a violated constraint leaves the store function";
    return true;
  });
  ASSERT_FALSE(ending.has_value());
  EXPECT_EQ(ending.error(), "UNIQUE constraint failed: payments__payments.idem");
  EXPECT_EQ(store.content_digest(), before);
}

TEST_F(Stores, AStatementThatFailsHalfWayIsTakenBackAsAWhole) {
  insert("p1", "k1", 1);
  insert("p2", "k2", 2);
  const Fingerprint before = store.content_digest();
  static constexpr Sql some_twice{
      "INSERT INTO payments.payments SELECT payment_id || 'x', CASE payment_id WHEN 'p2' THEN 'k1' "
      "ELSE 'k3' END, amount FROM payments.payments ORDER BY payment_id"};
  static constexpr Sql sink{"UPDATE payments.payments SET amount = amount - 2"};
  for (const Sql* const sql : {&some_twice, &sink}) {
    const auto ending = run(store, [&](Transaction& transaction) {
      transaction.execute(*sql);
      return true;
    });
    EXPECT_FALSE(ending.has_value());
    EXPECT_EQ(store.content_digest(), before);
    EXPECT_EQ(value_of(store.connection(), "PRAGMA integrity_check"), "ok");
  }
}

TEST_F(Stores, ForeignKeysHoldWhenATransactionEnds) {
  static constexpr Sql line{"INSERT INTO payments.lines VALUES (?1, ?2, ?3)"};
  insert("p1", "k1", 1);
  const auto insert_lines = [&](std::string payment, bool parent_too) {
    return run(store, [&](Transaction& transaction) {
      transaction.execute(line, "l1", payment, "l0");
      if (parent_too) transaction.execute(line, "l0", payment, std::nullopt);
      return true;
    });
  };
  const Store::Ending refused = std::unexpected("FOREIGN KEY constraint failed");
  EXPECT_EQ(insert_lines("p9", true), refused);
  EXPECT_EQ(insert_lines("p1", false), refused);
  EXPECT_EQ(value_of(store.connection(), "SELECT COUNT(*) FROM payments__lines"), "0");
  EXPECT_EQ(insert_lines("p1", true), Store::Ending(true));
  EXPECT_FALSE(store.connection().has_unresolved_foreign_keys());
}

TEST_F(Stores, UndoesACascade) {
  static constexpr Sql line{"INSERT INTO payments.lines VALUES (?1, ?2, ?3)"};
  static constexpr Sql erase{"DELETE FROM payments.payments WHERE payment_id = ?1"};
  insert("p1", "k1", 1);
  run(store, [&](Transaction& transaction) {
    transaction.execute(line, "l1", "p1", std::nullopt);
    transaction.execute(line, "l2", "p1", "l1");
    return true;
  });
  const Fingerprint before = store.content_digest();
  ASSERT_EQ(run(store, [&](Transaction& t) { return t.execute(erase, "p1") == 1; }),
            Store::Ending(true));
  EXPECT_EQ(value_of(store.connection(), "SELECT COUNT(*) FROM payments__lines"), "0");
  EXPECT_EQ(changes.size(), 3u);
  store.undo(changes);
  EXPECT_EQ(store.content_digest(), before);
  EXPECT_FALSE(store.connection().has_unresolved_foreign_keys());
}

TEST_F(Stores, ATableServesAsItsOwnAliasInAnUpsert) {
  static constexpr Sql add{
      "INSERT INTO payments.usage VALUES (?1, ?2) "
      "ON CONFLICT (user_id) DO UPDATE SET seconds = usage.seconds + excluded.seconds"};
  for (const int seconds : {30, 12}) {
    run(store, [&](Transaction& t) { return t.execute(add, "u1", seconds) == 1; });
  }
  EXPECT_EQ(value_of(store.connection(), "SELECT seconds FROM payments__usage"), "42");
}

TEST_F(Stores, TellsTheCallersSagaAndClock) {
  LambdaBody body([&](Transaction& transaction) {
    EXPECT_EQ(transaction.saga().saga, 77u);
    EXPECT_EQ(transaction.now_ms(), 1234);
    return true;
  });
  TransactionCaller caller;
  caller.saga.saga = 77;
  caller.now_ms = 1234;
  store.run(body, caller, changes);
}

TEST_F(Stores, AskTheSimulationForTheTime) {
  now = Time::at(Duration::hours(25) + Duration::milliseconds(7));
  SqliteConnection& connection = store.connection();
  EXPECT_EQ(value_of(connection, "SELECT true_time()"), "90000007");
  EXPECT_EQ(value_of(connection, "SELECT CURRENT_TIMESTAMP"), "1970-01-02 01:00:00");
  EXPECT_EQ(value_of(connection, "SELECT datetime('now', '+1 day')"), "1970-01-03 01:00:00");
  EXPECT_EQ(value_of(connection, "SELECT unixepoch()"), "90000");
  EXPECT_EQ(value_of(connection, "SELECT datetime('now', 'localtime')"), "local time unavailable");
}

TEST_F(Stores, NumberTheirCommitsTogether) {
  SqliteConnection& connection = store.connection();
  EXPECT_EQ(value_of(connection, "SELECT commit_seq()"), "1");
  EXPECT_EQ(environment.take_commit_number(), 1u);
  Store other("users", catalogue, environment);
  EXPECT_EQ(value_of(other.connection(), "SELECT commit_seq()"), "2");
}

TEST_F(Stores, DrawRandomNumbersFromTheRun) {
  const auto draws = [](std::uint64_t seed) {
    TableCatalogue other_catalogue;
    SqlEnvironment other([] { return Time(); }, RandomStream(seed, "sql"));
    Store drawing("payments", other_catalogue, other);
    return value_of(drawing.connection(), "SELECT random() || hex(randomblob(8))");
  };
  EXPECT_EQ(draws(1), draws(1));
  EXPECT_NE(draws(1), draws(2));
}

using StoresDeathTest = Stores;

TEST_F(StoresDeathTest, BugsOfStoreFunctionsStopTheProgram) {
  static constexpr Sql misspelt{"SELECT amout FROM payments.payments"};
  const auto query = [&](const Sql& sql) {
    run(store, [&](Transaction& t) { return !t.query(sql).empty(); });
  };
  EXPECT_DEATH(query(misspelt), "no such column: amout");
  EXPECT_DEATH(query(kInsert), "0 arguments for");
  EXPECT_DEATH(
      {
        LambdaBody body([&](Transaction& t) { return t.execute(kDouble) > 0; });
        (void)store.read(body, {});
      },
      "written in a read-only transaction");
  EXPECT_DEATH(run(store, [&](Transaction& t) { return t.execute(kSelect) > 0; }),
               "statement that only reads");
}

TEST_F(StoresDeathTest, AnSqlMustBeAConstant) {
  EXPECT_DEATH(
      {
        Sql passing{"SELECT 1"};
        for (const char* const text : {"SELECT 1", "SELECT 2"}) {
          passing.text = text;
          run(store, [&](Transaction& t) { return !t.query(passing).empty(); });
        }
      },
      "no constant with static storage");
}

}  // namespace
}  // namespace soundcheck
