// A database server, or a client of it, that stops where it is and goes on later.
#include "tests/unit/models/database/server_fixture.hpp"

namespace soundcheck {
namespace {

// Of the first transaction of a ServerFixture.
constexpr Duration kWhileStatementsTravel = 2_ms + 500_us;
constexpr Duration kWhileStatementsRun = 3_ms + 50_us;
constexpr Duration kOnceStatementsAreAnswered = 3_ms + 700_us;
constexpr Duration kWhileCommitTravels = 4_ms + 700_us;
constexpr Duration kWhileSyncing = 7_ms;
constexpr Duration kOnceAcknowledged = 9_ms + 700_us;
constexpr Duration kPauseMoments[] = {
    Duration(),          kWhileStatementsTravel, kWhileStatementsRun, kOnceStatementsAreAnswered,
    kWhileCommitTravels, kWhileSyncing,          kOnceAcknowledged};

TransactOptions with_lock() {
  return {.locks = {row("payments.rows", "lock")}};
}

TEST(DatabasePause, OfTheServerOrTheClientCostsItsTimeOnly) {
  for (const bool of_server : {true, false}) {
    for (const Duration at : kPauseMoments) {
      ServerFixture f;
      const ObservedTransaction& write = f.begin("a", with_lock());
      f.run_until(at);
      const ProcessPause pause = f.world.pause(of_server ? f.server : f.clients[0]);
      f.run_until(1_s);
      const bool done = of_server && at == kOnceAcknowledged;  // that is on its way to the client
      EXPECT_EQ(write.ended, done) << to_text(at);
      f.world.resume(pause);
      f.run();
      EXPECT_EQ(write.result, 1);
      EXPECT_EQ(f.value_of("a"), 1);
      EXPECT_LE(write.at, Time::at(1_s + 10_ms)) << to_text(at);
      EXPECT_TRUE(f.at_rest());
    }
  }
}

TEST(DatabasePause, OfTheServerKeepsItsLocksWhileClientsLosePatience) {
  ServerFixture f({.parameters = {.commit = Distribution::constant(4_ms), .timeout = 5_s}});
  const ObservedTransaction& holder = f.begin("a", with_lock());
  f.run_until(kOnceStatementsAreAnswered);
  const ProcessPause pause = f.world.pause(f.server);
  const ObservedTransaction& fresh = f.begin("b", with_lock(), ServerFixture::Ask::kCommit, 1);
  f.run_until(59_s);
  ASSERT_TRUE(holder.failed_with(ErrorCode::kCommitUnknown)) << "COMMIT had been sent";
  EXPECT_EQ(holder.at, Time::at(5_s));
  ASSERT_TRUE(fresh.failed_with(ErrorCode::kDatabaseUnavailable));
  EXPECT_TRUE(fresh.result.error().definite);
  EXPECT_EQ(f.databases->locks_held(f.server), 1u);
  EXPECT_EQ(f.value_of("a"), std::nullopt);
  f.world.resume(pause);
  f.run();
  EXPECT_EQ(f.value_of("a"), 1) << "COMMIT was there before the client had gone";
  EXPECT_EQ(f.value_of("b"), std::nullopt) << "rolled back: its client closed the connection";
  EXPECT_TRUE(f.at_rest());
}

TEST(DatabasePause, OfAClientKeepsTheLocksOfItsTransaction) {
  ServerFixture f;
  f.begin("a", with_lock());
  f.run_until(kOnceStatementsAreAnswered);
  const ProcessPause pause = f.world.pause(f.clients[0]);
  const ObservedTransaction& other = f.begin("b", with_lock(), ServerFixture::Ask::kCommit, 1);
  f.run_until(20_s);
  EXPECT_FALSE(other.ended);
  f.world.resume(pause);
  f.run();
  EXPECT_EQ(other.result, 1);
  EXPECT_EQ(f.value_of("a"), 1);
  EXPECT_TRUE(f.at_rest());
}

TEST(DatabasePause, OfAClientHoldsItsPatienceBehindTheAnswerThatCameBefore) {
  ServerFixture f({.parameters = {.commit = Distribution::constant(4_ms), .timeout = 5_s}});
  const ObservedTransaction& read = f.read("a");
  f.run_until(kWhileStatementsRun);
  const ProcessPause pause = f.world.pause(f.clients[0]);
  f.run_until(10_s);
  f.world.resume(pause);
  f.run();
  EXPECT_TRUE(read.failed_with(ErrorCode::kNotFound)) << "the answer of the function";
  EXPECT_EQ(read.at, Time::at(10_s));
  EXPECT_TRUE(f.databases->idle());
}

TEST(DatabasePause, AClientThatGoesOnGivesItsFreeConnectionToWhoeverWaits) {
  ServerFixture f(
      {.parameters = {
           .connections = 1, .commit = Distribution::constant(4_ms), .connection_timeout = 1_s}});
  f.begin("a");
  const ObservedTransaction& next = f.begin("a");
  f.run_until(kWhileSyncing);
  const ProcessPause pause = f.world.pause(f.clients[0]);
  f.run_until(3_s);
  f.world.resume(pause);
  f.run();
  EXPECT_TRUE(next.failed_with(ErrorCode::kDatabaseUnavailable)) << "its patience had ended";
  const ObservedTransaction& later = f.begin("a");
  f.world.kernel().run(Time::at(2_h));
  EXPECT_EQ(later.result, 2) << "the connection is free again";
  EXPECT_TRUE(f.at_rest());
}

TEST(DatabasePause, OfAServerThatIsKilledUndoesAndResetsLikeAnyOther) {
  for (const Duration at : kPauseMoments) {
    if (at == kOnceAcknowledged) continue;
    ServerFixture f;
    const ObservedTransaction& write = f.begin("a", with_lock());
    f.run_until(at);
    const ProcessPause pause = f.world.pause(f.server);
    f.run_until(1_s);
    f.world.crash(f.server);
    f.run_until(2_s);
    EXPECT_TRUE(write.ended) << to_text(at);
    EXPECT_FALSE(write.result.has_value());
    EXPECT_LE(write.at, Time::at(1_s + 2_ms)) << "a reset, not a timeout";
    EXPECT_EQ(f.value_of("a"), std::nullopt);
    f.world.start(f.server);
    f.world.resume(pause);
    f.run();
    EXPECT_TRUE(f.at_rest()) << to_text(at);
    EXPECT_TRUE(f.observer_is_in_step());
  }
}

TEST(DatabasePause, OfAClientThatIsKilledLeavesNothingBehind) {
  for (const Duration at : kPauseMoments) {
    ServerFixture f;
    const ObservedTransaction& write = f.begin("a", with_lock());
    f.run_until(at);
    const ProcessPause pause = f.world.pause(f.clients[0]);
    f.run_until(1_s);
    f.world.crash(f.clients[0]);
    f.run();
    f.world.resume(pause);
    EXPECT_FALSE(write.ended);
    EXPECT_TRUE(f.at_rest()) << to_text(at);
    f.world.shut_down();
    EXPECT_EQ(f.world.completions().open_slots(), 0u);
  }
}

TEST(DatabasePause, AtAFailpointStopsTheServerThere) {
  for (const Failpoint failpoint :
       {Failpoint::kDbBeforeCommit, Failpoint::kDbInCommit, Failpoint::kDbAfterCommit}) {
    ServerFixture f;
    std::optional<ProcessPause> pause;
    const Striker striker(f.world, failpoint, [&] {
      pause = f.world.pause(f.server);
      return Verdict{};
    });
    const ObservedTransaction& write = f.begin("a", with_lock());
    f.run_until(1_s);
    EXPECT_FALSE(write.ended);
    EXPECT_EQ(f.value_of("a").has_value(), failpoint != Failpoint::kDbBeforeCommit);
    EXPECT_EQ(f.databases->unsynced_commits(f.server), failpoint == Failpoint::kDbInCommit);
    ASSERT_TRUE(pause.has_value());
    f.world.resume(*pause);
    f.run();
    EXPECT_EQ(write.result, 1);
    EXPECT_TRUE(f.at_rest());
  }
}

}  // namespace
}  // namespace soundcheck
