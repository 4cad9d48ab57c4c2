#include "models/database/observer_database.hpp"

#include <fmt/format.h>

#include <array>

#include "tests/unit/models/database/store_fixture.hpp"

namespace soundcheck {
namespace {

constexpr std::string_view kUsers = R"(
CREATE TABLE users.accounts (user_id TEXT PRIMARY KEY, email TEXT, state TEXT,
  score DOUBLE PRECISION);
CREATE UNIQUE INDEX live_email ON users.accounts (email) WHERE state <> 'DELETED';
CREATE TABLE users.members (household_id TEXT, user_id TEXT, state TEXT,
  PRIMARY KEY (household_id, user_id)) WITHOUT ROWID;
CREATE TABLE users.effects (saga_id TEXT, step TEXT, seq BIGINT, note TEXT,
  PRIMARY KEY (saga_id, step));
CREATE TABLE users.counters (id INTEGER PRIMARY KEY, value BIGINT);
)";
constexpr std::string_view kAuth = R"(
CREATE TABLE auth.effects (step TEXT, saga_id TEXT, seq BIGINT, PRIMARY KEY (saga_id, step));
CREATE TABLE auth.outbox (event_id TEXT PRIMARY KEY, service TEXT, published_at BIGINT);
)";

struct Observed : StoreFixture {
  Store users{"users", catalogue, environment};
  Store auth{"auth", catalogue, environment};
  ObserverDatabase observer{catalogue, environment};

  void SetUp() override {
    load(users, "users", kUsers);
    load(auth, "auth", kAuth);
    observer.copy_from(users);
    observer.copy_from(auth);
  }

  // Commits on a store and tells the observer, as the database server does.
  void commit(Store& store, std::function<bool(Transaction&)> function) {
    if (run(store, std::move(function)) != Store::Ending(true)) return;
    observer.on_commit({.sequence = environment.take_commit_number()}, changes,
                       ObserverDatabase::Direction::kDone);
  }

  std::string answer(std::string_view sql, std::vector<SqlValue> parameters = {}) {
    const auto rows = observer.query(sql, parameters);
    if (!rows) return rows.error().text;
    std::string text;
    for (const SqlRow& row : *rows) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        text += i == 0 ? "" : " ";
        text += std::holds_alternative<std::string>(row[i]) ? row.text(i)
                                                            : std::to_string(row.integer(i));
      }
      text += ";";
    }
    return text;
  }
};

constexpr Sql kAccount{"INSERT INTO users.accounts VALUES (?1, ?2, 'ACTIVE', ?3)"};
constexpr Sql kEffect{"INSERT INTO users.effects VALUES (?1, ?2, commit_seq(), NULL)"};

TEST_F(Observed, SeesACommitOfAnyServiceAtOnce) {
  static constexpr Sql auth_effect{"INSERT INTO auth.effects VALUES (?1, ?2, commit_seq())"};
  commit(users, [](Transaction& t) { return t.execute(kAccount, "u1", "a@b.c", 1) == 1; });
  commit(users, [](Transaction& t) { return t.execute(kEffect, "s1", "open") == 1; });
  commit(auth, [](Transaction& t) { return t.execute(auth_effect, "grant", "s1") == 1; });
  EXPECT_EQ(answer("SELECT a.user_id FROM users.accounts a, auth.effects e WHERE e.saga_id=?1",
                   {SqlValue("s1")}),
            "u1;");
  EXPECT_EQ(answer("SELECT service, step, seq FROM fleet.effects WHERE saga_id='s1' ORDER BY seq"),
            "users open 2;auth grant 3;");
}

TEST_F(Observed, TheFleetsViewsHoldTheCommonColumns) {
  const auto effects = observer.columns_of("SELECT * FROM fleet.effects");
  ASSERT_TRUE(effects.has_value());
  EXPECT_EQ(*effects, (std::vector<std::string>{"service", "saga_id", "step", "seq"}));
  const auto outbox = observer.columns_of("SELECT * FROM fleet.outbox");
  ASSERT_TRUE(outbox.has_value());
  EXPECT_EQ(*outbox, (std::vector<std::string>{"service", "event_id", "published_at"}));
}

TEST_F(Observed, KnowsWhichTablesThereAre) {
  EXPECT_TRUE(observer.has_table("users.accounts"));
  EXPECT_TRUE(observer.has_table("fleet.effects"));
  EXPECT_FALSE(observer.has_table("fleet.steps"));
  EXPECT_FALSE(observer.has_table("fleet.accounts"));
  EXPECT_FALSE(observer.has_table("albums.albums"));
  EXPECT_FALSE(observer.has_table("accounts"));
}

TEST_F(Observed, SaysWhyAQueryDoesNotWork) {
  EXPECT_EQ(answer("SELECT x FROM users.accounts"), "no such column: x");
  EXPECT_EQ(answer("SELECT * FROM albums.albums"), "no such table: albums.albums");
  EXPECT_EQ(answer("DELETE FROM users.accounts"), "a query starts with SELECT or WITH");
  EXPECT_EQ(answer("COMMIT"), "a query starts with SELECT or WITH");
  EXPECT_EQ(answer("WITH x AS (SELECT 1) DELETE FROM users.accounts"), "a query changes nothing");
  EXPECT_EQ(answer("SELECT 1; SELECT 2"), "there is more than one statement");
  EXPECT_EQ(answer("SELECT SUM(9223372036854775807) FROM (SELECT 1 UNION ALL SELECT 2)"),
            "integer overflow");
}

struct Recorder final : CommitListener {
  void on_commit(const Commit& commit) override {
    for (const RowChange& change : commit.changes) {
      text += fmt::format("{} {} {}>{} ", commit.sequence, change.table,
                          change.before.empty() ? "-" : show(change.before.back()),
                          change.after.empty() ? "-" : show(change.after.back()));
      EXPECT_EQ(change.columns.size(), std::max(change.before.size(), change.after.size()));
    }
  }
  static std::string show(const SqlValue& value) {
    return std::holds_alternative<std::int64_t>(value)
               ? std::to_string(std::get<std::int64_t>(value))
               : "?";
  }
  std::string text;
};

TEST_F(Observed, ListenersHearRowsAsTheyWereAndAre) {
  static constexpr Sql insert{"INSERT INTO users.counters VALUES (?1, ?2)"};
  static constexpr Sql increase{"UPDATE users.counters SET value = value + 1 WHERE id = ?1"};
  static constexpr Sql erase{"DELETE FROM users.counters WHERE id = ?1"};
  Recorder recorder;
  observer.listen(recorder);
  commit(users, [](Transaction& t) { return t.execute(insert, 1, 5) == 1; });
  commit(users,
         [](Transaction& t) { return t.execute(increase, 1) == 1 && t.execute(erase, 1) == 1; });
  EXPECT_EQ(recorder.text, "1 users.counters ->5 2 users.counters 5>6 2 users.counters 6>- ");
  recorder.text.clear();
  users.undo(changes);
  observer.on_commit({.sequence = 3}, changes, ObserverDatabase::Direction::kUndone);
  EXPECT_EQ(recorder.text, "3 users.counters ->6 3 users.counters 6>5 ");
  EXPECT_EQ(answer("SELECT value FROM users.counters"), "5;");
}

// Any sequence of statements, good or refused, and then every commit taken back.
TEST_F(Observed, EqualsTheStoreAfterAnyTransactionsAndTheirUndo) {
  static constexpr std::array<Sql, 12> statements{{
      {"INSERT INTO users.accounts VALUES (?1, ?2, 'ACTIVE', ?3) ON CONFLICT DO NOTHING"},
      {"INSERT INTO users.accounts VALUES (?1, ?2, 'ACTIVE', ?3) ON CONFLICT (user_id) DO UPDATE "
       "SET "
       "email = excluded.email"},
      {"INSERT OR REPLACE INTO users.accounts VALUES (?1, ?2, 'PENDING', ?3 / 2.0)"},
      {"UPDATE users.accounts SET state = CASE WHEN score > ?3 THEN 'DELETED' ELSE 'ACTIVE' END, "
       "email = coalesce(nullif(email, ?2), ?1)"},
      {"UPDATE users.accounts SET user_id = ?2 WHERE user_id = ?1 AND ?3 > 0"},
      {"DELETE FROM users.accounts WHERE user_id > ?1 AND user_id < ?2 AND score <> ?3"},
      {"INSERT INTO users.members VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"},
      {"UPDATE users.members SET household_id = ?2, state = ?3 WHERE household_id = ?1"},
      {"DELETE FROM users.members WHERE household_id = ?1 OR user_id = ?2 AND state <> ?3"},
      {"INSERT OR REPLACE INTO users.counters VALUES (?3, length(?1 || ?2))"},
      {"UPDATE users.counters SET id = id + 100, value = NULL WHERE id % 3 = ?3 % 3 AND ?1 < ?2"},
      {"DELETE FROM users.counters WHERE id > ?3 AND ?1 <> ?2"},
  }};
  RandomStream random(11, "transactions");
  const auto draw_text = [&] {
    return std::string(1 + random.below(20), "abcdefgh"[random.below(8)]);
  };
  std::vector<ChangeSet> commits;
  std::vector<Fingerprint> contents{users.content_digest()};
  std::size_t refused = 0;
  for (int round = 0; round < 400; ++round) {
    const auto ending = run(users, [&](Transaction& transaction) {
      for (std::uint64_t n = 1 + random.below(4); n > 0; --n) {
        const std::string a = draw_text();
        const std::string b = draw_text();
        transaction.execute(statements[random.below(statements.size())], a, b,
                            static_cast<std::int64_t>(random.below(20)));
      }
      return random.chance(0.8);
    });
    refused += ending == Store::Ending(true) ? 0 : 1;
    if (ending == Store::Ending(true)) {
      commits.push_back(changes);
      contents.push_back(users.content_digest());
      observer.on_commit({}, changes, ObserverDatabase::Direction::kDone);
    }
    ASSERT_EQ(users.content_digest(), contents.back());
    ASSERT_EQ(observer.content_digest(users), contents.back());
  }
  EXPECT_GT(refused, 50u);
  EXPECT_GT(commits.size(), 200u);
  EXPECT_EQ(value_of(users.connection(), "PRAGMA integrity_check"), "ok");
  while (!commits.empty()) {
    contents.pop_back();
    users.undo(commits.back());
    observer.on_commit({}, commits.back(), ObserverDatabase::Direction::kUndone);
    commits.pop_back();
    ASSERT_EQ(users.content_digest(), contents.back());
    ASSERT_EQ(observer.content_digest(users), contents.back());
  }
  EXPECT_EQ(value_of(users.connection(), "PRAGMA integrity_check"), "ok");
}

TEST_F(Observed, CopiesRowsThatWereAddedBeforeTheRun) {
  users.populate([](Transaction& transaction) {
    for (int i = 0; i < 1000; ++i) {
      const std::string id = std::to_string(i);
      transaction.execute(kAccount, id, id, i * 0.5);
    }
  });
  observer.copy_from(users);
  EXPECT_EQ(observer.content_digest(users), users.content_digest());
  EXPECT_EQ(answer("SELECT COUNT(*) FROM users.accounts"), "1000;");
}

TEST_F(Observed, AReplicaThatReplaysEqualsItsPrimary) {
  TableCatalogue replica_catalogue;
  Store replica("users-replica", replica_catalogue, environment);
  load(replica, "users", kUsers);
  commit(users, [](Transaction& t) { return t.execute(kAccount, "u1", "a@b.c", 1) == 1; });
  replica.replay(changes);
  EXPECT_EQ(replica.content_digest(), users.content_digest());
}

TEST_F(Observed, TheDigestOfChangesIsFixed) {
  run(users, [](Transaction& t) { return t.execute(kAccount, "u1", "a@b.c", 1) == 1; });
  const Fingerprint first = changes.digest(catalogue);
  users.undo(changes);
  run(users, [](Transaction& t) { return t.execute(kAccount, "u1", "a@b.c", 1) == 1; });
  EXPECT_EQ(changes.digest(catalogue), first);
  users.undo(changes);
  run(users, [](Transaction& t) { return t.execute(kAccount, "u1", "a@b.d", 1) == 1; });
  EXPECT_NE(changes.digest(catalogue), first);
  // Part of the digest format of runs (kDigestFormat in sim/events/event_stream.hpp).
  EXPECT_EQ(first.hex(), "f7bcbda41bed16253021979b89076d58");
}

TEST_F(Observed, TheDigestOfAChangeTellsWhichRowItWasAndWhatItIsNow) {
  static constexpr Sql kRename{"UPDATE users.accounts SET email = ?2 WHERE user_id = ?1"};
  static constexpr Sql kErase{"DELETE FROM users.accounts WHERE user_id = ?1"};
  run(users, [](Transaction& t) {
    for (const char* id : {"u1", "u2"}) t.execute(kAccount, id, std::string(id) + "@b.c", 1);
    return true;
  });
  const auto digest_of = [&](const Sql& sql, auto... arguments) {
    run(users, [&](Transaction& t) { return t.execute(sql, arguments...) == 1; });
    const Fingerprint digest = changes.digest(catalogue);
    users.undo(changes);
    return digest;
  };
  const Fingerprint renamed = digest_of(kRename, "u1", "x@b.c");
  EXPECT_EQ(digest_of(kRename, "u1", "x@b.c"), renamed);
  EXPECT_NE(digest_of(kRename, "u2", "x@b.c"), renamed);
  EXPECT_NE(digest_of(kRename, "u1", "y@b.c"), renamed);
  const Fingerprint erased = digest_of(kErase, "u1");
  EXPECT_NE(erased, renamed);
  EXPECT_NE(digest_of(kErase, "u2"), erased);
}

}  // namespace
}  // namespace soundcheck
