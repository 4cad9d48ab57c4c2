#include "tests/unit/models/database/store_fixture.hpp"

namespace soundcheck {
namespace {

struct Schemas : StoreFixture {
  std::string error_of(std::string_view schema) {
    Store store("payments", catalogue, environment);
    const auto loaded = store.load_schema("payments", schema);
    return loaded ? "no error" : loaded.error();
  }
};

TEST_F(Schemas, EveryTableNeedsAnExplicitPrimaryKey) {
  EXPECT_EQ(error_of("CREATE TABLE payments.refunds (refund_id TEXT, amount BIGINT)"),
            "table payments.refunds has no primary key; every table needs one, such as PRIMARY KEY "
            "(refund_id)");
}

TEST_F(Schemas, ATableBelongsToTheServiceOfItsSchema) {
  EXPECT_EQ(error_of("CREATE TABLE users.accounts (user_id TEXT PRIMARY KEY)"),
            "the schema of payments creates table users.accounts, which belongs to users");
  EXPECT_EQ(error_of("CREATE TABLE refunds (refund_id TEXT PRIMARY KEY)"),
            "table 'refunds' is named without its service: write payments.refunds");
}

TEST_F(Schemas, WhatHidesChangesIsRefused) {
  EXPECT_EQ(error_of("CREATE TABLE payments.a (id TEXT PRIMARY KEY); CREATE TRIGGER t AFTER INSERT "
                     "ON payments.a BEGIN SELECT 1; END"),
            "'CREATE TRIGGER t AFTER INSERT ON payment...': a schema holds CREATE TABLE, CREATE "
            "INDEX and INSERT statements");
  EXPECT_EQ(
      error_of("CREATE TABLE payments.b (id INTEGER PRIMARY KEY AUTOINCREMENT)"),
      "the schema of payments uses AUTOINCREMENT, whose counter is outside transactions; take "
      "a key from the request");
  EXPECT_EQ(error_of("CREATE TABLE payments.c (id INTEGER PRIMARY KEY, twice AS (id * 2))"),
            "payments.c.twice is a generated column; store its value");
}

TEST_F(Schemas, ATableIsDeclaredOnce) {
  EXPECT_EQ(error_of("CREATE TABLE payments.a (id TEXT PRIMARY KEY); "
                     "CREATE TABLE payments.a (id TEXT PRIMARY KEY)"),
            "table payments.a is declared twice");
}

TEST_F(Schemas, WrongSqlIsReportedWithItsStatement) {
  EXPECT_EQ(error_of("CREATE TABLE payments.a (id TEXT PRIMARY KEY,,)"),
            "near \",\": syntax error: CREATE TABLE payments__a (id TEXT PRIMARY KEY,,)");
}

TEST_F(Schemas, TheCatalogueKnowsColumnsAndKey) {
  Store store("payments", catalogue, environment);
  load(store, "payments",
       "-- rates\nCREATE TABLE payments.rates (valid_from BIGINT, currency TEXT, rate DOUBLE "
       "PRECISION,"
       " PRIMARY KEY (currency, valid_from)) WITHOUT ROWID;");
  const auto id = catalogue.find("Payments", "RATES");
  ASSERT_TRUE(id.has_value());
  const Table& table = catalogue[*id];
  EXPECT_EQ(table.name, "payments.rates");
  EXPECT_EQ(table.columns, (std::vector<std::string>{"valid_from", "currency", "rate"}));
  EXPECT_EQ(table.key, (std::vector<std::uint32_t>{1, 0}));
  EXPECT_EQ(table.real, (std::vector<bool>{false, false, true}));
  EXPECT_FALSE(table.has_rowid);
}

TEST_F(Schemas, ServicesMayUseTheSameNamesForIndexesAndTables) {
  Store store("monolith", catalogue, environment);
  load(store, "users",
       "CREATE TABLE users.effects (id TEXT PRIMARY KEY, saga TEXT); "
       "CREATE INDEX by_saga ON users.effects (saga)");
  load(store, "auth",
       "CREATE TABLE auth.effects (id TEXT PRIMARY KEY, saga TEXT); "
       "CREATE UNIQUE INDEX IF NOT EXISTS by_saga ON auth.effects (saga)");
  EXPECT_EQ(value_of(store.connection(),
                     "SELECT group_concat(name) FROM (SELECT name FROM sqlite_master WHERE "
                     "name LIKE '%by_saga' ORDER BY name)"),
            "auth__by_saga,users__by_saga");
}

TEST_F(Schemas, RowsOfTheSchemaAreThere) {
  Store store("subscriptions", catalogue, environment);
  load(store, "subscriptions",
       "CREATE TABLE subscriptions.plans (plan_id TEXT PRIMARY KEY, price BIGINT);"
       "INSERT INTO subscriptions.plans VALUES ('family', 1799), ('individual', 1099);");
  EXPECT_EQ(value_of(store.connection(), "SELECT SUM(price) FROM subscriptions__plans"), "2898");
}

}  // namespace
}  // namespace soundcheck
