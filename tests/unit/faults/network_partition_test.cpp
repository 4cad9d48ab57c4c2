#include <gtest/gtest.h>

#include "tests/unit/faults/fault_fixture.hpp"
#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {
namespace {

FaultSpec partition_between(std::string from, std::string to, Duration at, Duration lasts) {
  FaultSpec spec = fault_of("network.partition");
  spec.at = at;
  spec.lasts = lasts;
  spec.target.from = std::move(from);
  spec.target.to = std::move(to);
  return spec;
}

TEST(NetworkPartition, CutsTheRouteBothWaysAndNothingElse) {
  QuietWorld quiet;
  FaultInjector injector(quiet.world, {partition_between("payments", "auth", 1_s, 10_s)});
  injector.start();
  quiet.run_until(2_s);
  Network& network = quiet.world.network();
  EXPECT_TRUE(network.cut(quiet.payments[0], quiet.auth[2]));
  EXPECT_TRUE(network.cut(quiet.auth[2], quiet.payments[0]));
  EXPECT_FALSE(network.cut(quiet.clients, quiet.payments[0]));
  EXPECT_FALSE(network.cut(quiet.payments[0], quiet.payments[1]));
  quiet.run_until(11_s);
  EXPECT_TRUE(quiet.is_whole());
}

TEST(NetworkPartition, ForwardCutsOneWayOnly) {
  QuietWorld quiet;
  FaultSpec spec = fault_of("network.partition", {{"direction", "forward"}});
  spec.at = 0_s;
  spec.target.from = "payments";
  spec.target.to = "payments.database";
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  quiet.run_until(1_s);
  EXPECT_TRUE(quiet.world.network().cut(quiet.payments[0], quiet.database));
  EXPECT_FALSE(quiet.world.network().cut(quiet.database, quiet.payments[0]));
}

TEST(NetworkPartition, CutsAMinorityOffFromEverybodyElse) {
  QuietWorld quiet;
  FaultSpec spec = fault_of("network.partition");
  spec.at = 0_s;
  spec.target.service = "payments";
  spec.target.replica = ReplicaRole{ReplicaRole::Kind::kMinority};
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  quiet.run_until(1_s);
  std::vector<ProcessId> lonely;
  for (const ProcessId process : quiet.payments) {
    if (quiet.world.network().cut(quiet.clients, process)) lonely.push_back(process);
  }
  ASSERT_EQ(lonely.size(), 2U) << "of 6, the others are a majority";
  EXPECT_FALSE(quiet.world.network().cut(lonely[0], lonely[1])) << "they still see each other";
}

TEST(NetworkPartition, BetweenZonesLeavesEachZoneWhole) {
  QuietWorld quiet;
  FaultInjector injector(quiet.world, {partition_between("eu-a", "eu-b", 0_s, 10_s)});
  injector.start();
  quiet.run_until(1_s);
  EXPECT_TRUE(quiet.world.network().cut(quiet.payments[0], quiet.payments[2]));
  EXPECT_FALSE(quiet.world.network().cut(quiet.payments[0], quiet.payments[1]));
  EXPECT_FALSE(quiet.world.network().cut(quiet.payments[0], quiet.payments[4]));
}

TEST(NetworkPartition, TwoOverlappingOnesHealOneAfterTheOther) {
  QuietWorld quiet;
  FaultInjector injector(quiet.world, {partition_between("payments", "auth", 0_s, 10_s),
                                       partition_between("eu-a", "eu-b", 5_s, 10_s)});
  injector.start();
  quiet.run_until(6_s);
  EXPECT_TRUE(quiet.world.network().cut(quiet.payments[0], quiet.auth[1]));
  quiet.run_until(11_s);
  EXPECT_TRUE(quiet.world.network().cut(quiet.payments[0], quiet.auth[1])) << "by the other one";
  EXPECT_FALSE(quiet.world.network().cut(quiet.payments[0], quiet.auth[2]));
  quiet.run_until(15_s);
  EXPECT_TRUE(quiet.is_whole());
}

// --- with calls on top ---

TEST(NetworkPartition, WhatWasSentDuringItArrivesByRetransmissionAfterItHasHealed) {
  CallFixture calls({.policy = {.timeout = 10_s}});
  calls.call();  // opens the connection
  FaultInjector injector(calls.world, {partition_between("caller", "callee", 1_s, 1_s)});
  injector.start();
  ObservedCall& call = calls.call_at(1500_ms);
  calls.run();
  ASSERT_TRUE(call.result.has_value());
  // TCP sends again 200 ms after the loss at 1.5 s, and 400 ms after that: lost at 1.7 s and at
  // 2.1 s no more.
  EXPECT_EQ(call.at, Time::at(2100_ms + CallFixture::kRoundTrip));
  EXPECT_EQ(calls.begun[0], 2);
}

TEST(NetworkPartition, IsSilenceForACallerThatLosesPatienceFirst) {
  CallFixture calls({.policy = {.timeout = 300_ms}});
  calls.call();
  FaultInjector injector(calls.world, {partition_between("caller", "callee", 1_s, 5_s)});
  injector.start();
  ObservedCall& call = calls.call_at(2_s);
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kTimeout));
  EXPECT_FALSE(call.definite()) << "the request was sent";
  EXPECT_EQ(call.took(), 300_ms);
  EXPECT_EQ(calls.begun[0], 1) << "its connection was closed by the time the network healed";
  EXPECT_TRUE(calls.rpc().idle());
}

TEST(NetworkPartition, ATimeoutBeforeTheConnectionStandsIsDefinite) {
  CallFixture calls({.policy = {.timeout = 300_ms}});
  FaultInjector injector(calls.world, {partition_between("caller", "callee", 1_s, 5_s)});
  injector.start();
  ObservedCall& call = calls.call_at(2_s);
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kTimeout));
  EXPECT_TRUE(call.definite()) << "nothing was ever sent";
}

TEST(NetworkPartition, OfTheWayBackLosesTheReplyButNotTheEffect) {
  CallFixture calls({.policy = {.timeout = 300_ms}});
  calls.call();
  FaultSpec spec = fault_of("network.partition", {{"direction", "forward"}});
  spec.at = 1_s;
  spec.lasts = 5_s;
  spec.target.from = "callee";
  spec.target.to = "caller";
  FaultInjector injector(calls.world, {spec});
  injector.start();
  ObservedCall& call = calls.call_at(2_s);
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kTimeout));
  EXPECT_FALSE(call.definite());
  EXPECT_EQ(calls.finished[0], 2) << "the work was done";
}

}  // namespace
}  // namespace soundcheck
