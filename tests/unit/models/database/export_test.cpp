#include <sqlite3.h>

#include <filesystem>

#include "tests/unit/models/database/store_fixture.hpp"

namespace soundcheck {
namespace {

struct Export : StoreFixture {
  std::filesystem::path folder;
  void SetUp() override {
    folder = std::filesystem::path(::testing::TempDir()) /
             ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder);
    std::filesystem::create_directory(folder);
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  // As any program would read the file.
  std::string read(const std::string& file, const char* sql) {
    sqlite3* database = nullptr;
    std::string text;
    sqlite3_open_v2((folder / file).c_str(), &database, SQLITE_OPEN_READONLY, nullptr);
    char* error = nullptr;
    const auto append = [](void* target, int columns, char** values, char**) {
      for (int i = 0; i < columns; ++i) {
        *static_cast<std::string*>(target) += std::string(values[i]) + ";";
      }
      return 0;
    };
    if (sqlite3_exec(database, sql, append, &text, &error) != SQLITE_OK) text = error;
    sqlite3_free(error);
    sqlite3_close(database);
    return text;
  }
};

constexpr std::string_view kPayments =
    "CREATE TABLE payments.payments (payment_id TEXT PRIMARY KEY, amount BIGINT);"
    "CREATE TABLE payments.lines (line_id TEXT PRIMARY KEY, payment_id TEXT REFERENCES "
    "payments.payments(payment_id));"
    "CREATE INDEX by_payment ON payments.lines(payment_id);"
    "INSERT INTO payments.payments VALUES ('p1', 999);"
    "INSERT INTO payments.lines VALUES ('l1', 'p1');";

TEST_F(Export, AServicesDatabaseHasItsOwnTableNames) {
  Store store("payments", catalogue, environment);
  load(store, "payments", kPayments);
  const auto written = store.write_file(folder / "payments.sqlite");
  ASSERT_TRUE(written.has_value()) << written.error();
  EXPECT_EQ(read("payments.sqlite", "SELECT amount FROM payments JOIN lines USING (payment_id)"),
            "999;");
  EXPECT_EQ(read("payments.sqlite", "PRAGMA integrity_check; PRAGMA foreign_key_check"), "ok;");
  EXPECT_EQ(read("payments.sqlite",
                 "SELECT name FROM sqlite_master WHERE name LIKE '%payments__%\\_\\_%' ESCAPE '\\' "
                 "AND type='table'"),
            "");
}

TEST_F(Export, ADatabaseOfSeveralServicesKeepsThemApart) {
  Store store("monolith", catalogue, environment);
  load(store, "payments", kPayments);
  load(store, "users", "CREATE TABLE users.payments (id TEXT PRIMARY KEY)");
  ASSERT_TRUE(store.write_file(folder / "monolith.sqlite").has_value());
  EXPECT_EQ(read("monolith.sqlite", "SELECT amount FROM payments__payments"), "999;");
  EXPECT_EQ(read("monolith.sqlite", "SELECT COUNT(*) FROM users__payments"), "0;");
}

TEST_F(Export, TheRunGoesOnAfterwardsAndAFileIsReplaced) {
  static constexpr Sql erase{"DELETE FROM payments.lines"};
  Store store("payments", catalogue, environment);
  load(store, "payments", kPayments);
  ASSERT_TRUE(store.write_file(folder / "payments.sqlite").has_value());
  ASSERT_EQ(run(store, [](Transaction& t) { return t.execute(erase) == 1; }), Store::Ending(true));
  store.undo(changes);
  ASSERT_EQ(run(store, [](Transaction& t) { return t.execute(erase) == 1; }), Store::Ending(true));
  ASSERT_TRUE(store.write_file(folder / "payments.sqlite").has_value());
  EXPECT_EQ(read("payments.sqlite", "SELECT COUNT(*) FROM lines"), "0;");
}

TEST_F(Export, AFolderThatIsNotThereIsReported) {
  Store store("payments", catalogue, environment);
  load(store, "payments", kPayments);
  const auto written = store.write_file("/nowhere/at/all/payments.sqlite");
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error(),
            "cannot write /nowhere/at/all/payments.sqlite: unable to open database: "
            "/nowhere/at/all/payments.sqlite.part");
}

}  // namespace
}  // namespace soundcheck
