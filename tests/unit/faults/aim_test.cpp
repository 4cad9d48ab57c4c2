#include <gtest/gtest.h>

#include "tests/unit/faults/fault_fixture.hpp"

namespace soundcheck {
namespace {

// Where a saga's work has come to, as a model would tell it.
struct Reached {
  Failpoint failpoint = Failpoint::kDbAfterCommit;
  ProcessId process;
  ProcessId peer;
  const char* workflow = "subscribe";
  const char* step = "charge_payment";
  std::uint32_t attempt = 0;
  bool undo = false;
};

Verdict reach(QuietWorld& quiet, const Reached& reached) {
  World& world = quiet.world;
  FailpointContext at;
  at.failpoint = reached.failpoint;
  at.process = reached.process;
  at.peer = reached.peer;
  at.service = world.process(reached.process).service;
  at.saga = {.saga = 7,
             .workflow = world.names().intern(reached.workflow),
             .step = world.names().intern(reached.step),
             .attempt = reached.attempt,
             .undo = reached.undo};
  return world.failpoints().armed(at.failpoint) ? world.failpoints().reach(at) : Verdict{};
}

FaultSpec crash_when(FaultAim aim) {
  FaultSpec spec = fault_of("process.crash", {{"restart", "0s"}});
  spec.target.service = "payments";
  spec.when = std::move(aim);
  return spec;
}

// Whether a crash of payments aimed like this kills the first replica when that is reached.
bool strikes(FaultAim aim, Reached reached, bool at_payments = true) {
  QuietWorld quiet;
  FaultInjector injector(quiet.world, {crash_when(std::move(aim))});
  injector.start();
  reached.process = at_payments ? quiet.payments[0] : quiet.auth[0];
  reached.peer = quiet.database;
  reach(quiet, reached);
  EXPECT_EQ(injector.struck(0) == 1, !quiet.running(reached.process));
  return injector.struck(0) == 1;
}

TEST(FaultAim, MatchesSagaStepAndPhase) {
  const FaultAim aim{
      .saga = "subscribe", .step = "charge_payment", .phase = *parse_aim_point("after-commit")};
  EXPECT_TRUE(strikes(aim, {}));
  EXPECT_FALSE(strikes(aim, {.failpoint = Failpoint::kDbBeforeCommit}));
  EXPECT_FALSE(strikes(aim, {.workflow = "cancel"}));
  EXPECT_FALSE(strikes(aim, {.step = "reserve"}));
  EXPECT_FALSE(strikes(aim, {}, false)) << "another service's commit for the same step";
}

TEST(FaultAim, WithoutAPhaseStrikesAtEachOfThem) {
  for (const AimPhase& phase : aim_phases()) {
    if (phase.point.at_peer) continue;
    EXPECT_TRUE(strikes({.saga = "subscribe"}, {.failpoint = phase.point.failpoint})) << phase.name;
  }
  EXPECT_FALSE(strikes({.saga = "subscribe"}, {.failpoint = Failpoint::kDbBegin}));
  EXPECT_TRUE(strikes({.phase = *parse_aim_point("db.begin")}, {.failpoint = Failpoint::kDbBegin}))
      << "but any failpoint can be named";
}

TEST(FaultAim, TellsUndoFromForwardWorkAndOneTryFromAnother) {
  EXPECT_TRUE(strikes({.undo = true}, {.undo = true}));
  EXPECT_FALSE(strikes({.undo = true}, {}));
  EXPECT_FALSE(strikes({.undo = false}, {.undo = true}));
  EXPECT_TRUE(strikes({.attempt = 1}, {.attempt = 0})) << "the first try is number 1";
  EXPECT_FALSE(strikes({.attempt = 1}, {.attempt = 1}));
  EXPECT_TRUE(strikes({.attempt = 3}, {.attempt = 2}));
}

// Which of ten times that the point is reached are struck; payments are back by the next one.
std::vector<int> struck_of_ten(FaultAim aim, std::uint64_t seed = 1) {
  QuietWorld quiet(seed);
  aim.phase = *parse_aim_point("after-commit");
  FaultInjector injector(quiet.world, {crash_when(std::move(aim))});
  injector.start();
  std::vector<int> struck;
  for (int i = 1; i <= 10; ++i) {
    reach(quiet, {.process = quiet.payments[0]});
    if (!quiet.running(quiet.payments[0])) struck.push_back(i);
    quiet.run_until(Duration::seconds(i));
  }
  return struck;
}

TEST(FaultAim, OccurrenceIsTheNthTimeAndOccurrencesALimit) {
  EXPECT_EQ(struck_of_ten({}).size(), 10U);
  EXPECT_EQ(struck_of_ten({.occurrence = 4}), std::vector<int>{4});
  EXPECT_EQ(struck_of_ten({.occurrences = 3}), (std::vector<int>{1, 2, 3}));
  EXPECT_TRUE(struck_of_ten({.occurrence = 11}).empty());
  EXPECT_TRUE(struck_of_ten({.chance = Probability::never()}).empty());
}

TEST(FaultAim, ChanceIsDrawnOncePerOccurrence) {
  int total = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    total += static_cast<int>(struck_of_ten({.chance = Probability::percent(30)}, seed).size());
  }
  EXPECT_NEAR(total, 600, 68) << "binomial(2000, 0.3), 99.9 %";
  EXPECT_EQ(struck_of_ten({.chance = Probability::percent(30)}, 5),
            struck_of_ten({.chance = Probability::percent(30)}, 5));
  // A limit ends the draws, it does not shift them.
  const auto unlimited = struck_of_ten({.chance = Probability::percent(50)}, 5);
  const auto limited = struck_of_ten({.chance = Probability::percent(50), .occurrences = 2}, 5);
  EXPECT_EQ(limited, std::vector<int>(unlimited.begin(), unlimited.begin() + 2));
}

TEST(FaultAim, AtADatabaseTheDatabaseIsInvolved) {
  QuietWorld quiet;
  FaultSpec spec = crash_when({.phase = *parse_aim_point("in-commit")});
  spec.target = FaultTarget{.database = "payments"};
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  reach(
      quiet,
      {.failpoint = Failpoint::kDbInCommit, .process = quiet.payments[3], .peer = quiet.database});
  EXPECT_FALSE(quiet.running(quiet.database));
  EXPECT_EQ(quiet.running_payments(), 6);
}

TEST(FaultAim, MayStrikeElsewhere) {
  QuietWorld quiet;
  FaultSpec spec = crash_when({.service = "payments", .phase = *parse_aim_point("after-commit")});
  spec.target = FaultTarget{.zone = "us-a"};
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  reach(quiet, {.process = quiet.auth[0]});
  EXPECT_TRUE(quiet.running(quiet.payments[4]));
  reach(quiet, {.process = quiet.payments[0]});
  EXPECT_FALSE(quiet.running(quiet.payments[4]));
  EXPECT_FALSE(quiet.running(quiet.payments[5]));
  EXPECT_TRUE(quiet.running(quiet.payments[0]));
}

TEST(FaultAim, ALastingFaultIsInForceFromThatMoment) {
  QuietWorld quiet;
  FaultSpec spec = fault_of("network.partition");
  spec.when = FaultAim{.service = "payments", .phase = *parse_aim_point("before-reply")};
  spec.lasts = 10_s;  // the target is the involved replica, cut off from everybody
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  reach(quiet, {.failpoint = Failpoint::kRpcReplyReady, .process = quiet.payments[2]});
  EXPECT_TRUE(quiet.world.network().cut(quiet.payments[2], quiet.clients));
  EXPECT_FALSE(quiet.world.network().cut(quiet.payments[1], quiet.clients));
  quiet.run_until(10_s);
  EXPECT_FALSE(quiet.world.network().cut(quiet.payments[2], quiet.clients));
}

TEST(FaultAim, TheProcessThatIsKilledIsGoneForTheNextFaultAtTheSamePoint) {
  QuietWorld quiet;
  FaultInjector injector(quiet.world, {crash_when({}), crash_when({})});
  injector.start();
  const Verdict verdict = reach(quiet, {.process = quiet.payments[0]});
  EXPECT_EQ(verdict.action, Verdict::Action::kPass) << "the operation finds its process dead";
  EXPECT_EQ(injector.struck(0), 1U);
  EXPECT_EQ(injector.struck(1), 0U);
}

TEST(FaultAim, TheWorkOfADeadProcessIsNoOccurrence) {
  QuietWorld quiet;
  FaultInjector injector(quiet.world, {crash_when({.occurrence = 2})});
  injector.start();
  quiet.world.crash(quiet.payments[0]);
  reach(quiet, {.process = quiet.payments[0]});  // a commit that outlives its client
  quiet.world.start(quiet.payments[0]);
  reach(quiet, {.process = quiet.payments[0]});
  EXPECT_EQ(injector.struck(0), 0U);
  reach(quiet, {.process = quiet.payments[0]});
  EXPECT_EQ(injector.struck(0), 1U);
}

TEST(FaultAim, TellsWhatItDidInTheEventStream) {
  struct Listener final : EventListener {
    std::vector<Event> events;
    void on_event(const Event& event) override { events.push_back(event); }
  } listener;
  QuietWorld quiet;
  quiet.world.events().listen(
      listener, {EventKind::kFaultStarted, EventKind::kFaultEnded, EventKind::kFailpointFired});
  FaultInjector injector(quiet.world, {crash_of("auth", replica(0)), crash_when({})});
  injector.heal_all();  // not started: nothing to tell
  EXPECT_TRUE(listener.events.empty());
  FaultInjector second(quiet.world, {fault_of("host.down"), crash_when({})});
  second.start();
  reach(quiet, {.process = quiet.payments[0]});
  quiet.run_until(1_s);
  ASSERT_EQ(listener.events.size(), 3U);
  Names& names = quiet.world.names();
  const auto fired = listener.events[0].as<FailpointFired>();
  EXPECT_EQ(names.text(fired.failpoint), "db.after-commit");
  EXPECT_EQ(names.text(fired.step), "charge_payment");
  EXPECT_EQ(fired.saga, 7U);
  EXPECT_EQ(fired.process, quiet.payments[0]);
  const auto started = listener.events[1].as<FaultStarted>();
  EXPECT_EQ(names.text(started.fault_kind), "process.crash");
  EXPECT_EQ(started.number, 1);
  EXPECT_EQ(listener.events[2].as<FaultEnded>().number, 1);
}

TEST(AimPoint, IsReadAsPhaseOrFailpoint) {
  EXPECT_EQ(parse_aim_point("before")->failpoint, Failpoint::kRpcHandlerStart);
  EXPECT_EQ(parse_aim_point("rpc.request-sent")->failpoint, Failpoint::kRpcRequestSent);
  for (const AimPhase& phase : aim_phases()) {
    EXPECT_EQ(to_text(*parse_aim_point(phase.name)), phase.name);
  }
  EXPECT_EQ(to_text(*parse_aim_point("rpc.request-sent")), "rpc.request-sent");
  EXPECT_FALSE(parse_aim_point("after-comit").has_value());
}

}  // namespace
}  // namespace soundcheck
