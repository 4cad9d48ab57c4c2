// What becomes of transactions when the client, the server or the network between them fails.
#include "tests/unit/models/database/server_fixture.hpp"

namespace soundcheck {
namespace {

using Ask = ServerFixture::Ask;
using Action = Verdict::Action;

// Of the first transaction of a ServerFixture.
constexpr Duration kConnecting = 1_ms;
constexpr Duration kStatementsRun = 3_ms + 100_us;
constexpr Duration kStatementsAnswered = 3_ms + 700_us;
constexpr Duration kCommitOnItsWay = 4_ms + 700_us;
constexpr Duration kVisible = 5_ms + 200_us;
constexpr Duration kDurable = 9_ms + 200_us;

TransactOptions locked() {
  return {.locks = {row("payments.rows", "lock")}};
}

TEST(DatabaseFailure, AClientThatDiesBeforeCommitLeavesNothingButItsLocksForAMoment) {
  for (const Duration at : {kStatementsRun, kStatementsAnswered}) {
    ServerFixture f;
    f.begin("a", locked());
    const ObservedTransaction& other = f.begin("b", locked(), Ask::kCommit, 1);
    f.run_until(at);
    f.world.crash(f.clients[0]);
    EXPECT_EQ(f.databases->locks_held(f.server), 1u);
    f.run();
    EXPECT_EQ(f.value_of("a"), std::nullopt);
    // The reset takes one latency; then statements, a round trip, fsync, the way back.
    EXPECT_EQ(other.at, Time::at(at + 1_ms + 200_us + 2_ms + 4_ms + 1_ms));
    EXPECT_TRUE(f.at_rest());
  }
}

TEST(DatabaseFailure, ACommitThatHasBeenSentIsTheServersBusiness) {
  ServerFixture f;
  const ObservedTransaction& write = f.begin("a", locked());
  f.run_until(kCommitOnItsWay);
  f.world.crash(f.clients[0]);
  f.run();
  EXPECT_FALSE(write.ended);
  EXPECT_EQ(f.value_of("a"), 1);
  EXPECT_TRUE(f.at_rest());
}

TEST(DatabaseFailure, ATransactionSentAtOnceIsTheServersBusinessAsSoonAsItIsOnItsWay) {
  for (const Duration at : {kConnecting + 1_ms + 500_us, kStatementsRun}) {
    ServerFixture f;
    const ObservedTransaction& write = f.begin("a", {.locks = locked().locks, .at_once = true});
    const ObservedTransaction& other = f.begin("b", locked(), Ask::kCommit, 1);
    f.run_until(at);
    f.world.crash(f.clients[0]);
    f.run();
    EXPECT_FALSE(write.ended);
    EXPECT_EQ(f.value_of("a"), 1);
    EXPECT_TRUE(other.ended);
    EXPECT_TRUE(f.at_rest());
  }
}

TEST(DatabaseFailure, AClientIsInDoubtAboutATransactionThatItSentAtOnce) {
  for (const Duration at : {kConnecting + 1_ms + 500_us, kStatementsRun}) {
    ServerFixture f;
    const ObservedTransaction& write = f.begin("a", {.at_once = true});
    f.run_until(at);
    f.world.crash(f.server);
    f.run();
    EXPECT_TRUE(write.failed_with(ErrorCode::kCommitUnknown));
    EXPECT_EQ(f.value_of("a"), std::nullopt);
    EXPECT_TRUE(f.at_rest());
  }
}

TEST(DatabaseFailure, LocksOfAHostWithoutPowerAreHeldUntilKeepAliveExpires) {
  for (const Duration at : {kStatementsRun, kCommitOnItsWay}) {
    ServerFixture f({.parameters = {.commit = Distribution::constant(4_ms), .keep_alive = 10_s}});
    f.begin("a", locked());
    const ObservedTransaction& other = f.begin("b", locked(), Ask::kCommit, 1);
    f.run_until(at);
    f.world.set_host_down(HostId(0));
    f.run_until(9_s);
    EXPECT_FALSE(other.ended);
    f.run();
    EXPECT_EQ(other.result, 1);
    EXPECT_GT(other.at, Time::at(10_s));
    EXPECT_LT(other.at, Time::at(10_s + 20_ms));
    EXPECT_EQ(f.value_of("a"), std::nullopt);
    EXPECT_TRUE(f.at_rest());
  }
}

TEST(DatabaseFailure, ACrashedServerIsADefiniteFailureUntilCommitWasSent) {
  for (const Duration at : {kConnecting, kStatementsRun}) {
    ServerFixture f;
    const ObservedTransaction& write = f.begin("a");
    f.run_until(at);
    f.world.crash(f.server);
    f.run();
    ASSERT_TRUE(write.failed_with(ErrorCode::kDatabaseUnavailable));
    EXPECT_TRUE(write.result.error().definite);
    EXPECT_EQ(f.value_of("a"), std::nullopt);
    EXPECT_LE(write.at, Time::at(at + 3_ms)) << "a reset, not a timeout";
    EXPECT_TRUE(f.at_rest());
  }
}

TEST(DatabaseFailure, ACrashedServerIsUnknownOnceCommitWasSent) {
  const auto outcome_after_crash = [](Duration at) {
    ServerFixture f;
    const ObservedTransaction& write = f.begin("a");
    f.run_until(at);
    f.world.crash(f.server);
    f.run();
    EXPECT_TRUE(write.failed_with(ErrorCode::kCommitUnknown));
    EXPECT_FALSE(write.result.error().definite);
    EXPECT_TRUE(f.at_rest());
    EXPECT_TRUE(f.observer_is_in_step());
    return f.value_of("a");
  };
  EXPECT_EQ(outcome_after_crash(kCommitOnItsWay), std::nullopt);
  EXPECT_EQ(outcome_after_crash(kVisible), std::nullopt) << "visible, but lost";
  EXPECT_EQ(outcome_after_crash(kDurable - 1_ns), std::nullopt);

  ServerFixture f;
  const ObservedTransaction& write = f.begin("a");
  f.run_until(kDurable);
  f.world.crash(f.server);  // the acknowledgement is on its way
  f.run();
  EXPECT_EQ(write.result, 1);
  EXPECT_EQ(f.value_of("a"), 1);
}

TEST(DatabaseFailure, ACrashUndoesWhatWasNotSyncedAndNothingElse) {
  ServerFixture f;
  f.begin("a");
  f.run_until(100_ms);
  const Fingerprint durable = f.databases->store(f.server).content_digest();
  for (const char* const key : {"a", "b", "a", "c"}) f.begin(key);
  f.run_until(100_ms + kVisible + 1_ms);
  ASSERT_EQ(f.databases->unsynced_commits(f.server), 4u);
  EXPECT_EQ(f.value_of("a"), 3);
  f.world.crash(f.server);
  EXPECT_EQ(f.databases->store(f.server).content_digest(), durable);
  EXPECT_TRUE(f.observer_is_in_step());
}

TEST(DatabaseFailure, WithoutWaitingForDurabilityAnAcknowledgedCommitCanBeLost) {
  ServerFixture f({.parameters = {.commit = Distribution::constant(4_ms), .fsync = Fsync::kNever}});
  const ObservedTransaction& write = f.begin("a");
  f.run_until(kVisible + 2_ms);
  ASSERT_EQ(write.result, 1);
  f.world.crash(f.server);
  f.run();
  EXPECT_EQ(f.value_of("a"), std::nullopt);
}

TEST(DatabaseFailure, AServerAcceptsConnectionsAgainAfterItsRecovery) {
  ServerFixture f;
  f.begin("a");
  f.run_until(100_ms);
  f.world.crash(f.server);
  const ObservedTransaction& dead = f.begin("a");
  f.run_until(200_ms);
  f.world.start(f.server);
  const ObservedTransaction& recovering = f.begin("a");
  f.run_until(2_s + 200_ms + 1_ms);
  const ObservedTransaction& recovered = f.begin("a");
  f.run();
  EXPECT_TRUE(dead.failed_with(ErrorCode::kDatabaseUnavailable));
  EXPECT_EQ(dead.at, Time::at(101_ms)) << "the reset of the connection that was kept";
  EXPECT_TRUE(recovering.failed_with(ErrorCode::kDatabaseUnavailable));
  EXPECT_EQ(recovered.result, 2);
}

TEST(DatabaseFailure, ASilentServerCostsTheClientItsPatience) {
  const auto code_after = [](Duration at) {
    ServerFixture f({.parameters = {.commit = Distribution::constant(4_ms), .timeout = 5_s}});
    const ObservedTransaction& write = f.begin("a");
    f.run_until(at);
    f.world.set_host_down(HostId(2));
    f.run();
    EXPECT_EQ(write.at, Time::at(5_s));
    EXPECT_TRUE(f.databases->idle());
    return write.result.has_value() ? ErrorCode::kInjected : write.result.error().code;
  };
  EXPECT_EQ(code_after(kConnecting), ErrorCode::kDatabaseUnavailable);
  EXPECT_EQ(code_after(kStatementsRun), ErrorCode::kDatabaseUnavailable);
  EXPECT_EQ(code_after(kCommitOnItsWay), ErrorCode::kCommitUnknown);
  EXPECT_EQ(code_after(kVisible), ErrorCode::kCommitUnknown);
}

TEST(DatabaseFailure, AnOldConnectionToARestartedHostIsResetWhenItIsUsed) {
  ServerFixture f;
  f.begin("a");
  f.run_until(100_ms);
  f.world.set_host_down(HostId(2));
  f.run_until(200_ms);
  f.world.set_host_up(HostId(2));
  f.run_until(5_s);
  const ObservedTransaction& stale = f.begin("a");
  f.run_until(6_s);
  const ObservedTransaction& fresh = f.begin("a");
  f.run();
  EXPECT_TRUE(stale.failed_with(ErrorCode::kDatabaseUnavailable));
  EXPECT_EQ(fresh.result, 2);
}

TEST(DatabaseFailure, MessagesLostInAPartitionAreSentAgainWhenItHeals) {
  for (const Duration at : {Duration(), kConnecting, kStatementsRun, kVisible}) {
    ServerFixture f;
    const ObservedTransaction& write = f.begin("a");
    f.run_until(at);
    const NetworkRuleId rule = f.partition();
    f.run_until(2_s);
    EXPECT_FALSE(write.ended);
    f.world.network().remove_rule(rule);
    f.run();
    EXPECT_EQ(write.result, 1);
    EXPECT_EQ(f.value_of("a"), 1);
    EXPECT_TRUE(f.at_rest());
  }
}

TEST(DatabaseFailure, APartitionThatOutlastsThePatienceOfBothReleasesTheLocks) {
  ServerFixture f(
      {.parameters = {.commit = Distribution::constant(4_ms), .timeout = 5_s, .keep_alive = 20_s}});
  const ObservedTransaction& write = f.begin("a", locked());
  f.run_until(kStatementsRun);
  f.partition();
  f.run_until(20_s);
  EXPECT_TRUE(write.failed_with(ErrorCode::kDatabaseUnavailable));
  EXPECT_EQ(f.databases->locks_held(f.server), 1u);
  f.run();
  EXPECT_EQ(f.value_of("a"), std::nullopt);
  EXPECT_TRUE(f.at_rest());
}

TEST(DatabaseFailure, AWaiterWhoseClientDiesLeavesTheQueueOfTheLock) {
  ServerFixture f;
  f.begin("a", locked());
  f.begin("b", locked());
  const ObservedTransaction& third = f.begin("c", locked(), Ask::kCommit, 1);
  f.run_until(kVisible);
  f.world.crash(f.clients[0]);  // the first is the server's by now, the second still waits
  f.run();
  EXPECT_EQ(f.value_of("a"), 1);
  EXPECT_EQ(f.value_of("b"), std::nullopt);
  EXPECT_EQ(third.result, 1);
  EXPECT_TRUE(f.at_rest());
}

TEST(DatabaseFailpoint, KnowsWhoseTransactionItIs) {
  for (const Failpoint failpoint : {Failpoint::kDbBegin, Failpoint::kDbBeforeCommit,
                                    Failpoint::kDbInCommit, Failpoint::kDbAfterCommit}) {
    ServerFixture f;
    const Striker watcher(f.world, failpoint, [] { return Verdict{}; });
    f.begin("a");
    f.run();
    EXPECT_EQ(watcher.passed, 1);
    EXPECT_EQ(watcher.context.process, f.clients[0]);
    EXPECT_EQ(watcher.context.peer, f.server);
    EXPECT_EQ(watcher.context.service, f.service);
    EXPECT_EQ(watcher.context.saga.saga, 1u);
  }
}

struct Aimed {
  bool ended;
  Result<std::int64_t> result;
  std::optional<std::int64_t> value;
  Time at;
};

Aimed aim(Failpoint failpoint, const std::function<Verdict(ServerFixture&)>& strike) {
  ServerFixture f;
  const Striker striker(f.world, failpoint, [&] { return strike(f); });
  const ObservedTransaction& write = f.begin("a", locked());
  f.run();
  EXPECT_TRUE(f.at_rest()) << name_of(failpoint);
  EXPECT_TRUE(f.observer_is_in_step()) << name_of(failpoint);
  return {write.ended, write.result, f.value_of("a"), write.at};
}

TEST(DatabaseFailpoint, ACrashOfTheClientThere) {
  const auto crash = [](ServerFixture& f) {
    f.world.crash(f.clients[0]);
    return Verdict{};
  };
  EXPECT_EQ(aim(Failpoint::kDbBegin, crash).value, std::nullopt);
  for (const Failpoint failpoint :
       {Failpoint::kDbBeforeCommit, Failpoint::kDbInCommit, Failpoint::kDbAfterCommit}) {
    const Aimed aimed = aim(failpoint, crash);
    EXPECT_FALSE(aimed.ended);
    EXPECT_EQ(aimed.value, 1);
  }
}

TEST(DatabaseFailpoint, ACrashOfTheServerThere) {
  const auto crash = [](ServerFixture& f) {
    f.world.crash(f.server);
    return Verdict{};
  };
  EXPECT_EQ(aim(Failpoint::kDbBegin, crash).result.error().code, ErrorCode::kDatabaseUnavailable);
  for (const Failpoint failpoint :
       {Failpoint::kDbBeforeCommit, Failpoint::kDbInCommit, Failpoint::kDbAfterCommit}) {
    const Aimed aimed = aim(failpoint, crash);
    ASSERT_FALSE(aimed.result.has_value());
    EXPECT_EQ(aimed.result.error().code, ErrorCode::kCommitUnknown);
    EXPECT_EQ(aimed.value.has_value(), failpoint == Failpoint::kDbAfterCommit);
  }
}

TEST(DatabaseFailpoint, AFailureThere) {
  const auto fail = [](ServerFixture&) {
    return Verdict{.action = Action::kFail, .code = ErrorCode::kSerialization};
  };
  for (const Failpoint failpoint : {Failpoint::kDbBegin, Failpoint::kDbBeforeCommit}) {
    const Aimed aimed = aim(failpoint, fail);
    ASSERT_FALSE(aimed.result.has_value());
    EXPECT_EQ(aimed.result.error().code, ErrorCode::kSerialization);
    EXPECT_TRUE(aimed.result.error().definite);
    EXPECT_EQ(aimed.value, std::nullopt);
  }
  for (const Failpoint failpoint : {Failpoint::kDbInCommit, Failpoint::kDbAfterCommit}) {
    const Aimed aimed = aim(failpoint, fail);
    ASSERT_FALSE(aimed.result.has_value());
    EXPECT_FALSE(aimed.result.error().definite) << "the commit stands, whatever the answer says";
    EXPECT_EQ(aimed.value, 1);
  }
}

TEST(DatabaseFailpoint, ALostMessageThere) {
  const auto drop = [](ServerFixture&) { return Verdict{.action = Action::kDrop}; };
  EXPECT_EQ(aim(Failpoint::kDbBegin, drop).result.error().code, ErrorCode::kDatabaseUnavailable);
  for (const Failpoint failpoint :
       {Failpoint::kDbBeforeCommit, Failpoint::kDbInCommit, Failpoint::kDbAfterCommit}) {
    const Aimed aimed = aim(failpoint, drop);
    ASSERT_FALSE(aimed.result.has_value());
    EXPECT_EQ(aimed.result.error().code, ErrorCode::kCommitUnknown);
    EXPECT_EQ(aimed.at, Time::at(30_s));
    EXPECT_EQ(aimed.value.has_value(), failpoint != Failpoint::kDbBeforeCommit);
  }
}

TEST(DatabaseFailpoint, ADelayThere) {
  const auto delay = [](ServerFixture&) {
    return Verdict{.action = Action::kDelay, .delay = 50_ms};
  };
  for (const Failpoint failpoint : {Failpoint::kDbBegin, Failpoint::kDbBeforeCommit,
                                    Failpoint::kDbInCommit, Failpoint::kDbAfterCommit}) {
    const Aimed aimed = aim(failpoint, delay);
    EXPECT_EQ(aimed.result, 1);
    EXPECT_EQ(aimed.at, Time::at(60_ms + 200_us)) << name_of(failpoint);
  }
}

TEST(DatabaseFailpoint, ACommitHeldBackHoldsUpThoseBehindIt) {
  ServerFixture f;
  const Striker striker(f.world, Failpoint::kDbInCommit,
                        [] { return Verdict{.action = Action::kDelay, .delay = 50_ms}; });
  f.begin("a");
  f.run_until(1_ms);
  const ObservedTransaction& behind = f.begin("b");
  f.run();
  EXPECT_EQ(behind.at, Time::at(60_ms + 200_us));
}

TEST(DatabaseFailpoint, ACrashDuringADelayEndsTheTransaction) {
  for (const Failpoint failpoint :
       {Failpoint::kDbBeforeCommit, Failpoint::kDbInCommit, Failpoint::kDbAfterCommit}) {
    ServerFixture f;
    const Striker striker(f.world, failpoint,
                          [] { return Verdict{.action = Action::kDelay, .delay = 50_ms}; });
    const ObservedTransaction& write = f.begin("a", locked());
    f.run_until(20_ms);
    f.world.crash(f.server);
    f.world.start(f.server);
    f.run();
    EXPECT_TRUE(write.failed_with(ErrorCode::kCommitUnknown));
    EXPECT_EQ(f.value_of("a").has_value(), failpoint == Failpoint::kDbAfterCommit);
    EXPECT_TRUE(f.at_rest());
  }
}

}  // namespace
}  // namespace soundcheck
