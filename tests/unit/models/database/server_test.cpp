// What a transaction costs and how transactions get in each other's way, while nothing fails.
#include "tests/unit/models/database/server_fixture.hpp"

namespace soundcheck {
namespace {

using Ask = ServerFixture::Ask;

TransactOptions locking(std::initializer_list<const char*> keys) {
  TransactOptions options;
  for (const char* const key : keys) options.locks.push_back(row("payments.rows", key));
  return options;
}

TEST(DatabaseServer, AReadIsOneRoundTripAndItsStatements) {
  ServerFixture f;
  f.begin("a");
  f.run_until(100_ms);
  const ObservedTransaction& read = f.read("a");
  f.run();
  EXPECT_EQ(read.result, 1);
  EXPECT_EQ(read.at, Time::at(100_ms + 2_ms + 200_us));
}

TEST(DatabaseServer, AWriteIsTwoRoundTripsItsStatementsAndAnFsync) {
  ServerFixture f;
  const ObservedTransaction& first = f.begin("a");
  f.run_until(100_ms);
  const ObservedTransaction& second = f.begin("a");
  f.run();
  EXPECT_EQ(first.at, Time::at(2_ms + 4_ms + 200_us + 4_ms)) << "connecting is one round trip more";
  EXPECT_EQ(second.at, Time::at(100_ms + 4_ms + 200_us + 4_ms));
  EXPECT_EQ(second.result, 2);
  EXPECT_TRUE(f.at_rest());
}

TEST(DatabaseServer, AWriteThatIsSentAtOnceIsOneRoundTripItsStatementsAndAnFsync) {
  ServerFixture f;
  f.begin("a");
  f.run_until(100_ms);
  const ObservedTransaction& write = f.begin("a", {.at_once = true});
  f.run();
  EXPECT_EQ(write.at, Time::at(100_ms + 2_ms + 200_us + 4_ms));
  EXPECT_EQ(write.result, 2);
  EXPECT_TRUE(f.at_rest());
}

TEST(DatabaseServer, StatementsReadFromTheDisk) {
  ServerFixture f({.parameters = {.read_per_statement = Bytes::bytes(250'000)}});
  const ObservedTransaction& read = f.begin("a", {}, Ask::kRead);
  f.run();
  // Two statements of 250 kB each from a disk of 500 MB/s.
  EXPECT_EQ(read.at, Time::at(4_ms + 1_ms + 200_us));
}

TEST(DatabaseServer, ACommitIsVisibleBeforeItIsDurable) {
  ServerFixture f;
  const ObservedTransaction& write = f.begin("a");
  f.run_until(5_ms + 200_us);  // COMMIT has arrived
  EXPECT_EQ(f.value_of("a"), 1);
  EXPECT_TRUE(f.observer_is_in_step());
  EXPECT_EQ(f.databases->unsynced_commits(f.server), 1u);
  EXPECT_FALSE(write.ended);
  f.run();
  EXPECT_TRUE(write.ended);
}

TEST(DatabaseServer, CommitsThatWaitShareTheNextFsync) {
  ServerFixture f;
  const ObservedTransaction& first = f.begin("a");
  f.run_until(1_ms);
  const ObservedTransaction& second = f.begin("b");
  f.run_until(2_ms);
  const ObservedTransaction& third = f.begin("c");
  f.run();
  EXPECT_EQ(first.at, Time::at(10_ms + 200_us));
  EXPECT_EQ(second.at, Time::at(14_ms + 200_us));
  EXPECT_EQ(third.at, Time::at(14_ms + 200_us));
}

TEST(DatabaseServer, AServerThatDoesNotWaitAcknowledgesAtOnce) {
  ServerFixture f({.parameters = {.commit = Distribution::constant(4_ms), .fsync = Fsync::kNever}});
  const ObservedTransaction& write = f.begin("a");
  f.run_until(6_ms + 200_us);
  EXPECT_TRUE(write.ended);
  EXPECT_EQ(f.databases->unsynced_commits(f.server), 1u);
  f.run();
  EXPECT_TRUE(f.at_rest());
}

TEST(DatabaseServer, ATransactionThatDeclinesIsAnsweredWithoutFsync) {
  ServerFixture f;
  const ObservedTransaction& write = f.begin("a", {}, Ask::kRollBack);
  f.run();
  ASSERT_TRUE(write.failed_with(ErrorCode::kInvalid));
  EXPECT_EQ(write.result.error().text, "declined");
  EXPECT_EQ(write.at, Time::at(6_ms + 200_us));
  EXPECT_EQ(f.value_of("a"), std::nullopt);
}

TEST(DatabaseServer, AViolatedConstraintIsADefiniteConflict) {
  ServerFixture f;
  f.begin("same-1");
  const ObservedTransaction& second = f.begin("same-2");
  f.run();
  ASSERT_TRUE(second.failed_with(ErrorCode::kConflict));
  EXPECT_TRUE(second.result.error().definite);
  EXPECT_EQ(f.value_of("same-2"), std::nullopt);
  EXPECT_TRUE(f.at_rest());
}

TEST(DatabaseServer, WhoFindsThePoolExhaustedWaitsItsTurn) {
  ServerFixture f({.parameters = {.connections = 1, .commit = Distribution::constant(4_ms)}});
  std::vector<ObservedTransaction*> of_one;
  for (int i = 0; i < 3; ++i) of_one.push_back(&f.begin("a"));
  const ObservedTransaction& of_other = f.begin("b", {}, Ask::kCommit, 1);
  f.run();
  EXPECT_EQ(of_one[0]->at, Time::at(10_ms + 200_us));
  EXPECT_EQ(of_one[1]->at, of_one[0]->at + 8_ms + 200_us);
  EXPECT_EQ(of_one[2]->at, of_one[1]->at + 8_ms + 200_us);
  EXPECT_EQ(of_one[2]->result, 3);
  EXPECT_LT(of_other.at, of_one[1]->at) << "each process has a pool of its own";
}

TEST(DatabaseServer, WhoWaitsTooLongForAConnectionFailsDefinitely) {
  ServerFixture f({.parameters = {.connections = 1,
                                  .commit = Distribution::constant(50_ms),
                                  .connection_timeout = 20_ms}});
  f.begin("a");
  const ObservedTransaction& second = f.begin("b");
  f.run();
  ASSERT_TRUE(second.failed_with(ErrorCode::kDatabaseUnavailable));
  EXPECT_TRUE(second.result.error().definite);
  EXPECT_EQ(second.at, Time::at(20_ms));
  EXPECT_EQ(f.value_of("a"), 1);
  EXPECT_EQ(f.value_of("b"), std::nullopt);
}

TEST(DatabaseServer, ALockIsHeldUntilItsTransactionIsDurable) {
  ServerFixture f;
  const ObservedTransaction& first = f.begin("a", locking({"a"}));
  const ObservedTransaction& second = f.begin("b", locking({"a"}));
  const ObservedTransaction& free = f.begin("c", locking({"c"}), Ask::kRead);
  f.run();
  EXPECT_EQ(first.at, Time::at(10_ms + 200_us));
  // Granted when the first is durable (9.2 ms); then its costs, a round trip, an fsync and the way
  // back.
  EXPECT_EQ(second.at, Time::at(9_ms + 200_us + 200_us + 2_ms + 4_ms + 1_ms));
  EXPECT_LT(free.at, second.at);
  EXPECT_TRUE(f.at_rest());
}

TEST(DatabaseServer, OppositeOrdersOfLocksDoNotBlockEachOther) {
  ServerFixture f;
  for (int i = 0; i < 10; ++i) {
    f.begin("a", locking({"x", "y", "z"}));
    f.begin("a", locking({"z", "y", "x", "x"}));
    f.begin("a", locking({"y", "x"}), i % 2 == 0 ? Ask::kRollBack : Ask::kRead);
  }
  f.run();
  EXPECT_EQ(f.value_of("a"), 20);
  EXPECT_TRUE(f.at_rest());
}

template <TypedEvent T>
struct Heard final : EventListener {
  void on_event(const Event& event) override { events.push_back(event.as<T>()); }
  std::vector<T> events;
};

TEST(DatabaseServer, TellsTheEventStreamWhatCommittedAndWhatItTook) {
  ServerFixture f({.parameters = {.connections = 1, .commit = Distribution::constant(4_ms)}});
  Heard<TransactionEnded> ended;
  Heard<Committed> commits;
  f.world.events().listen(ended, {EventKind::kTransactionEnded});
  f.world.events().listen(commits, {EventKind::kCommitted});
  f.begin("a");
  f.begin("b");
  f.begin("c", {}, Ask::kRollBack);
  f.run();
  ASSERT_EQ(ended.events.size(), 3u);
  EXPECT_EQ(ended.events[0].took, 10_ms + 200_us);
  EXPECT_EQ(ended.events[0].waited, 0_s);
  EXPECT_EQ(ended.events[0].saga, 1u);
  EXPECT_EQ(ended.events[1].took, 18_ms + 400_us);
  EXPECT_EQ(ended.events[1].waited, 10_ms + 200_us);
  ASSERT_EQ(commits.events.size(), 2u);
  EXPECT_EQ(commits.events[1].sequence, 2U);
  EXPECT_EQ(commits.events[1].database, f.server);
  EXPECT_NE(commits.events[0].rows_low, commits.events[1].rows_low);
}

TEST(DatabaseServer, ATransactionTellsItsSagaClockAndCommitNumber) {
  ServerFixture f;
  f.begin("a");
  f.begin("b");
  f.run();
  const auto rows =
      f.databases->observer().query("SELECT id, seq FROM payments.rows ORDER BY seq", {});
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].text(0), "a");
  EXPECT_EQ((*rows)[0].integer(1), 1);
  EXPECT_EQ((*rows)[1].integer(1), 2);
}

TEST(DatabaseServer, TheSameSeedGivesTheSameDigest) {
  const auto digest_of = [](std::uint64_t seed) {
    ServerFixture f({.parameters = {.statement = Distribution::exponential(100_us),
                                    .commit = Distribution::exponential(2_ms)},
                     .seed = seed});
    for (int i = 0; i < 50; ++i) f.begin(std::string(1, static_cast<char>('a' + i % 7)));
    f.run();
    return f.world.events().digest().hex();
  };
  EXPECT_EQ(digest_of(1), digest_of(1));
  EXPECT_NE(digest_of(1), digest_of(2));
}

TEST(DatabaseServer, WritesItsDataToAFile) {
  ServerFixture f;
  f.begin("a");
  f.run();
  const auto folder = std::filesystem::path(::testing::TempDir());
  ASSERT_TRUE(f.databases->write_files(folder).has_value());
  auto file = SqliteConnection::open_file(folder / "payments.sqlite");
  ASSERT_TRUE(file.has_value());
  {
    SqliteStatement count = file->prepare_or_stop("SELECT COUNT(*) FROM rows");
    ASSERT_TRUE(count.step().value());
    EXPECT_EQ(count.integer(0), 1);
  }
  std::filesystem::remove(folder / "payments.sqlite");
}

}  // namespace
}  // namespace soundcheck
