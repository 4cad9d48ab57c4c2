#include <gtest/gtest.h>

#include <set>

#include "tests/unit/faults/fault_fixture.hpp"

namespace soundcheck {
namespace {

constexpr ReplicaRole kAnyReplica{ReplicaRole::Kind::kAny};

FaultSpec crash_every(Distribution every, ReplicaRole role, Duration restart) {
  FaultSpec spec = crash_of("payments", role, restart);
  spec.every = std::move(every);
  return spec;
}

std::vector<Duration> times_of(const FaultInjector& injector) {
  std::vector<Duration> times;
  for (const Strike& strike : injector.strikes()) times.push_back(strike.at.since_start());
  return times;
}

TEST(FaultInjector, CountsTimesFromItsStart) {
  QuietWorld quiet;
  FaultSpec spec = crash_of("payments", replica(0));
  spec.at = 3_s;
  FaultInjector injector(quiet.world, {spec});
  quiet.run_until(10_s);
  injector.start();
  quiet.run_until(20_s);
  EXPECT_EQ(times_of(injector), std::vector<Duration>{13_s});
}

TEST(FaultInjector, RepeatsFromStartToStart) {
  QuietWorld quiet;
  FaultSpec plain = crash_every(Distribution::constant(10_s), replica(0), 10_s);
  FaultSpec later = crash_every(Distribution::constant(10_s), replica(1), 1_s);
  later.at = 25_s;
  FaultInjector injector(quiet.world, {plain, later});
  injector.start();
  quiet.run_until(46_s);
  EXPECT_EQ(injector.struck(0), 4U) << "10, 20, 30, 40 s: ends just before it begins again";
  EXPECT_EQ(injector.struck(1), 3U) << "25, 35, 45 s";
}

TEST(FaultInjector, PassesAStartOverWhileTheLastStrikeStillLasts) {
  QuietWorld quiet;
  FaultSpec spec = fault_of("network.partition");
  spec.every = Distribution::constant(10_s);
  spec.lasts = 15_s;
  spec.target.service = "auth";
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  quiet.run_until(65_s);
  EXPECT_EQ(times_of(injector), (std::vector<Duration>{10_s, 30_s, 50_s}));
}

TEST(FaultInjector, ExponentialGapsHaveTheirMean) {
  QuietWorld quiet;
  FaultInjector injector(quiet.world,
                         {crash_every(Distribution::exponential(10_s), kAnyReplica, Duration())});
  injector.start();
  quiet.run_until(10'000_s);
  // Poisson(1000): standard deviation 31.6; the 99.9 % interval is 3.29 of them.
  EXPECT_NEAR(static_cast<double>(injector.struck(0)), 1000, 104);
}

TEST(FaultInjector, DrawsReplicasAnewOrOnceAsTheRoleSays) {
  const auto drawn = [](ReplicaRole::Kind kind) {
    QuietWorld quiet;
    FaultInjector injector(quiet.world, {crash_every(Distribution::constant(1_s), {kind}, 0_s)});
    injector.start();
    quiet.run_until(60'500_ms);
    EXPECT_EQ(injector.struck(0), 60U);
    std::set<std::vector<ProcessId>> sets;
    for (const Strike& strike : injector.strikes()) sets.insert(strike.victims.processes);
    return sets;
  };
  using Role = ReplicaRole::Kind;
  EXPECT_EQ(drawn(Role::kAny).size(), 6U) << "each of the six came up";
  EXPECT_EQ(drawn(Role::kOne).size(), 1U);
  EXPECT_EQ(drawn(Role::kAll).begin()->size(), 6U);
  const auto minorities = drawn(Role::kMinority);
  EXPECT_GT(minorities.size(), 8U) << "of the 15 pairs";
  for (const auto& minority : minorities) EXPECT_EQ(minority.size(), 2U);
  for (const auto& majority : drawn(Role::kMajority)) EXPECT_EQ(majority.size(), 4U);
}

TEST(FaultInjector, DrawsOnlyReplicasThatRun) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    QuietWorld quiet(seed);
    std::vector<FaultSpec> specs;
    for (int i = 0; i < 6; ++i) {
      specs.push_back(crash_of("payments", kAnyReplica, 1_h));
      specs.back().at = Duration::seconds(i + 1);
    }
    specs.push_back(specs.back());
    specs.back().at = 10_s;
    FaultInjector injector(quiet.world, specs);
    injector.start();
    quiet.run_until(20_s);
    EXPECT_EQ(quiet.running_payments(), 0) << "six strikes, six victims";
    EXPECT_EQ(injector.never_struck(), std::vector<std::size_t>{6}) << "nobody is left";
  }
}

TEST(FaultInjector, AMinorityOfOneOrTwoIsNobody) {
  EXPECT_EQ(replicas_taken({ReplicaRole::Kind::kMinority}, 1), 0U);
  EXPECT_EQ(replicas_taken({ReplicaRole::Kind::kMinority}, 2), 0U);
  EXPECT_EQ(replicas_taken({ReplicaRole::Kind::kMinority}, 3), 1U);
  EXPECT_EQ(replicas_taken({ReplicaRole::Kind::kMajority}, 1), 1U);
  EXPECT_EQ(replicas_taken({ReplicaRole::Kind::kMajority}, 2), 2U);
  EXPECT_EQ(replicas_taken({ReplicaRole::Kind::kMajority}, 3), 2U);
  QuietWorld quiet;
  FaultSpec spec = fault_of("process.crash");
  spec.at = 1_s;
  spec.target.database = "payments";  // one server
  spec.target.replica = ReplicaRole{ReplicaRole::Kind::kMinority};
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  quiet.run_until(2_s);
  EXPECT_EQ(injector.never_struck(), std::vector<std::size_t>{0});
}

TEST(FaultInjector, AnotherFaultShiftsNoDraw) {
  const auto strikes_of = [](std::vector<FaultSpec> specs, std::uint32_t fault) {
    QuietWorld quiet(3);
    FaultInjector injector(quiet.world, std::move(specs));
    injector.start();
    quiet.run_until(1000_s);
    std::vector<std::pair<Time, Victims>> strikes;
    for (const Strike& strike : injector.strikes()) {
      if (strike.fault == fault) strikes.emplace_back(strike.at, strike.victims);
    }
    return strikes;
  };
  const FaultSpec crash = crash_every(Distribution::exponential(20_s), kAnyReplica, 0_s);
  FaultSpec delay = fault_of("network.delay", {{"delay", "exponential(10ms)"}});
  delay.every = Distribution::exponential(7_s);
  delay.lasts = 3_s;
  delay.target.service = "payments";
  delay.target.replica = kAnyReplica;
  const auto alone = strikes_of({crash}, 0);
  EXPECT_GT(alone.size(), 30U);
  EXPECT_EQ(alone, strikes_of({delay, crash}, 1)) << "of another kind in front of it";
  EXPECT_EQ(alone, strikes_of({crash, crash}, 0)) << "of the same kind behind it";
  FaultSpec named = crash;
  named.name = "evening";
  EXPECT_NE(alone, strikes_of({named}, 0));
}

TEST(FaultInjector, LeavesNothingBehindWhenItIsDestroyed) {
  QuietWorld quiet;
  {
    FaultSpec crash = crash_of("payments", replica(0), 1_h);
    crash.at = 1_s;
    FaultSpec errors = fault_of("rpc.error");
    errors.at = 1_s;
    errors.target.service = "payments";
    FaultSpec aimed = crash_of("auth", {ReplicaRole::Kind::kInvolved});
    aimed.when = FaultAim{};
    FaultInjector injector(quiet.world, {crash, errors, aimed});
    injector.start();
    quiet.run_until(2_s);
    EXPECT_FALSE(quiet.is_whole());
  }
  EXPECT_TRUE(quiet.is_whole());
  quiet.run_until(2_h);
}

// --- replay ---

std::vector<FaultSpec> restless_plan() {
  FaultSpec crash = crash_every(Distribution::exponential(5_s), kAnyReplica, 2_s);
  FaultSpec partition = fault_of("network.partition");
  partition.every = Distribution::exponential(11_s);
  partition.lasts = 4_s;
  partition.target.service = "auth";
  partition.target.replica = ReplicaRole{ReplicaRole::Kind::kMinority};
  FaultSpec aimed = fault_of("process.crash", {{"restart", "1s"}});
  aimed.target.service = "auth";
  aimed.when = FaultAim{.phase = *parse_aim_point("before"), .chance = Probability::percent(20)};
  FaultSpec error = fault_of("rpc.error");
  error.target.service = "auth";
  error.when = FaultAim{.phase = *parse_aim_point("before"), .chance = Probability::percent(20)};
  return {crash, partition, aimed, error};
}

struct ReplayedRun {
  FaultPlan strikes;
  std::string digest;
};

// Auth is called every 100 ms.
ReplayedRun run_with(QuietWorld& quiet, FaultInjector& injector) {
  injector.start();
  for (int i = 1; i <= 500; ++i) {
    quiet.run_until(Duration::milliseconds(100 * i));
    FailpointContext at;
    at.failpoint = Failpoint::kRpcHandlerStart;
    at.process = quiet.auth[i % 3];
    at.peer = quiet.clients;
    at.service = quiet.world.process(at.process).service;
    quiet.world.failpoints().reach(at);
  }
  injector.heal_all();
  return {injector.strikes(), quiet.world.events().digest().hex()};
}

ReplayedRun record(std::uint64_t seed) {
  QuietWorld quiet(seed);
  FaultInjector injector(quiet.world, restless_plan());
  return run_with(quiet, injector);
}

ReplayedRun replay(FaultPlan plan, std::uint64_t seed) {
  QuietWorld quiet(seed);
  FaultInjector injector(quiet.world, restless_plan(), std::move(plan));
  return run_with(quiet, injector);
}

TEST(FaultPlan, ReplayedGivesTheSameRun) {
  const ReplayedRun first = record(11);
  EXPECT_GT(first.strikes.size(), 40U);
  for (std::uint32_t fault = 0; fault < 4; ++fault) {
    EXPECT_TRUE(
        std::ranges::any_of(first.strikes, [&](const Strike& s) { return s.fault == fault; }));
  }
  const ReplayedRun again = record(11);
  EXPECT_EQ(first.digest, again.digest);
  EXPECT_NE(first.digest, record(12).digest);
  const ReplayedRun replayed = replay(first.strikes, 11);
  EXPECT_EQ(first.strikes, replayed.strikes);
  EXPECT_EQ(first.digest, replayed.digest);
}

TEST(FaultPlan, CanBeShrunk) {
  const ReplayedRun first = record(11);
  // Every strike of the aimed faults alone: no other fault hinders them.
  for (const Strike& strike : first.strikes) {
    if (!strike.failpoint) continue;
    const ReplayedRun only = replay({strike}, 11);
    ASSERT_EQ(only.strikes.size(), 1U);
    EXPECT_EQ(only.strikes[0].fault, strike.fault);
    EXPECT_EQ(only.strikes[0].occurrence, strike.occurrence);
    EXPECT_EQ(only.strikes[0].verdict.code, strike.verdict.code);
  }
  EXPECT_TRUE(replay({}, 11).strikes.empty());
}

}  // namespace
}  // namespace soundcheck
