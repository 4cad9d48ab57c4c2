#include <gtest/gtest.h>

#include "tests/unit/faults/fault_fixture.hpp"
#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {
namespace {

constexpr ReplicaRole kInvolvedReplica{ReplicaRole::Kind::kInvolved};

TEST(ProcessCrash, KillsAndStartsAgainAfterTheGivenTime) {
  QuietWorld quiet;
  FaultSpec spec = crash_of("payments", replica(4), 3_s);
  spec.at = 1_s;
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  quiet.run_until(1_s);
  EXPECT_FALSE(quiet.running(quiet.payments[4]));
  EXPECT_TRUE(quiet.world.host_on(HostId(4)));
  quiet.run_until(3999_ms);
  EXPECT_FALSE(quiet.running(quiet.payments[4]));
  quiet.run_until(4_s);
  EXPECT_TRUE(quiet.is_whole());
  EXPECT_EQ(quiet.world.process(quiet.payments[4]).incarnation, 2U);
}

TEST(ProcessCrash, RestartsAfterFiveSecondsIfNothingIsSaid) {
  QuietWorld quiet;
  FaultSpec spec = fault_of("process.crash");
  spec.at = 1_s;
  spec.target.service = "payments";
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  quiet.run_until(5999_ms);
  EXPECT_EQ(quiet.running_payments(), 0) << "a service without a role is all of it";
  quiet.run_until(6_s);
  EXPECT_EQ(quiet.running_payments(), 6);
}

TEST(ProcessCrash, OfADatabaseKillsItsServer) {
  QuietWorld quiet;
  FaultSpec spec = fault_of("process.crash");
  spec.at = 1_s;
  spec.target.database = "payments";
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  quiet.run_until(1_s);
  EXPECT_FALSE(quiet.running(quiet.database));
  EXPECT_EQ(quiet.running_payments(), 6);
}

TEST(ProcessCrash, OfAProcessThatIsDownDoesNothing) {
  QuietWorld quiet;
  FaultSpec first = crash_of("payments", replica(0), 10_s);
  first.at = 1_s;
  FaultSpec second = crash_of("payments", replica(0), 1_s);
  second.at = 2_s;
  FaultInjector injector(quiet.world, {first, second});
  injector.start();
  quiet.run_until(5_s);
  EXPECT_FALSE(quiet.running(quiet.payments[0])) << "the second one starts nothing";
  EXPECT_EQ(injector.struck(0), 1U);
  EXPECT_EQ(injector.struck(1), 0U);
  EXPECT_EQ(injector.never_struck(), std::vector<std::size_t>{1});
  quiet.run_until(11_s);
  EXPECT_TRUE(quiet.running(quiet.payments[0]));
}

TEST(ProcessCrash, DoesNotEndAnotherThatCameAfterSomebodyElseHadStartedTheProcess) {
  QuietWorld quiet;
  FaultSpec first = crash_of("payments", replica(0), 10_s);
  first.at = 1_s;
  FaultSpec second = crash_of("payments", replica(0), 10_s);
  second.at = 5_s;
  FaultInjector injector(quiet.world, {first, second});
  injector.start();
  quiet.run_until(3_s);
  quiet.world.start(quiet.payments[0]);
  quiet.run_until(12_s);
  EXPECT_FALSE(quiet.running(quiet.payments[0])) << "the second one holds it until 15 s";
  quiet.run_until(15_s);
  EXPECT_TRUE(quiet.running(quiet.payments[0]));
}

// --- aimed at a call: what its caller sees ---

struct CrashAt {
  const char* failpoint;
  const char* victim;
  ErrorCode error;
  bool definite;
  int begun;
  int finished;
};

// One caller, one callee, its connection open; either side dies at each point of the call.
class CrashAtEachPoint : public testing::TestWithParam<CrashAt> {};

TEST_P(CrashAtEachPoint, GivesTheRightError) {
  const CrashAt& expected = GetParam();
  CallFixture calls({.policy = {.timeout = 800_ms}});
  calls.call();
  calls.run_until(1_s);
  FaultSpec spec = fault_of("process.crash");
  spec.target.service = expected.victim;
  spec.target.replica = replica(0);
  spec.when = FaultAim{.phase = *parse_aim_point(expected.failpoint), .occurrence = 1};
  FaultInjector injector(calls.world, {spec});
  injector.start();
  ObservedCall& call = calls.call(ping_that_takes(20_ms));
  calls.run();
  EXPECT_EQ(injector.struck(0), 1U);
  EXPECT_EQ(calls.begun[0], 1 + expected.begun);
  EXPECT_EQ(calls.finished[0], 1 + expected.finished);
  EXPECT_TRUE(calls.rpc().idle());
  EXPECT_EQ(calls.world.completions().open_slots(), 0U);
  if (std::string_view(expected.victim) == "caller") {
    EXPECT_FALSE(call.ended) << "there is nobody any more to hear of it";
    return;
  }
  ASSERT_TRUE(call.ended);
  ASSERT_FALSE(call.result.has_value());
  EXPECT_EQ(name_of(call.result.error().code), name_of(expected.error));
  EXPECT_EQ(call.definite(), expected.definite);
}

INSTANTIATE_TEST_SUITE_P(
    Calls, CrashAtEachPoint,
    testing::Values(
        CrashAt{"rpc.request-sent", "callee", ErrorCode::kConnectionReset, false, 0, 0},
        CrashAt{"rpc.request-arrived", "callee", ErrorCode::kConnectionReset, false, 0, 0},
        CrashAt{"rpc.handler-start", "callee", ErrorCode::kConnectionReset, false, 0, 0},
        CrashAt{"rpc.reply-ready", "callee", ErrorCode::kConnectionReset, false, 1, 1},
        CrashAt{"rpc.request-sent", "caller", {}, false, 0, 0},
        CrashAt{"rpc.request-arrived", "caller", {}, false, 1, 1},
        CrashAt{"rpc.handler-start", "caller", {}, false, 1, 1},
        CrashAt{"rpc.reply-ready", "caller", {}, false, 1, 1},
        CrashAt{"rpc.reply-arrived", "caller", {}, false, 1, 1}),
    [](const auto& parameter) {
      std::string name = std::string(parameter.param.victim) + "_at_" + parameter.param.failpoint;
      for (char& c : name) c = c == '.' || c == '-' ? '_' : c;
      return name;
    });

TEST(ProcessCrash, OfTheCalleeAfterItsReplyHurtsNobody) {
  CallFixture calls({});
  FaultSpec spec = fault_of("process.crash");
  spec.target.service = "callee";
  spec.when = FaultAim{.phase = *parse_aim_point("after-reply")};
  FaultInjector injector(calls.world, {spec});
  injector.start();
  ObservedCall& call = calls.call();
  calls.run_until(1_s);
  EXPECT_TRUE(call.result.has_value());
  EXPECT_FALSE(calls.world.running(calls.callees[0])) << "the involved one is the callee";
  EXPECT_TRUE(calls.world.running(calls.callers[0]));
}

TEST(ProcessCrash, StrikesTheInvolvedReplicaOnly) {
  CallFixture calls({.callees = 3, .policy = {.balancer = "round-robin"}});
  FaultSpec spec = fault_of("process.crash", {{"restart", "1s"}});
  spec.target.service = "callee";
  spec.target.replica = kInvolvedReplica;
  spec.when = FaultAim{.phase = *parse_aim_point("before"), .occurrence = 2};
  FaultInjector injector(calls.world, {spec});
  injector.start();
  ObservedCall& first = calls.call();
  calls.run_until(100_ms);
  ObservedCall& second = calls.call();
  calls.run_until(200_ms);
  EXPECT_TRUE(calls.world.running(calls.callees[0]));
  EXPECT_FALSE(calls.world.running(calls.callees[1]));
  EXPECT_TRUE(calls.world.running(calls.callees[2]));
  EXPECT_TRUE(first.result.has_value());
  EXPECT_TRUE(second.failed_with(ErrorCode::kConnectionReset));
  EXPECT_EQ(calls.begun, (std::vector<int>{1, 0, 0}));
  calls.run();
  EXPECT_TRUE(calls.world.running(calls.callees[1]));
}

TEST(ProcessCrash, OfTheHostUnderARunningCallIsSilence) {
  for (const char* failpoint :
       {"rpc.request-sent", "rpc.request-arrived", "rpc.handler-start", "rpc.reply-ready"}) {
    CallFixture calls({.policy = {.timeout = 800_ms}});
    calls.call();
    calls.run_until(1_s);
    FaultSpec spec = fault_of("host.down");
    spec.lasts = 5_s;
    spec.target.service = "callee";
    spec.target.replica = replica(0);
    spec.when = FaultAim{.phase = *parse_aim_point(failpoint), .occurrence = 1};
    FaultInjector injector(calls.world, {spec});
    injector.start();
    ObservedCall& call = calls.call(ping_that_takes(20_ms));
    calls.run();
    EXPECT_TRUE(call.failed_with(ErrorCode::kTimeout)) << failpoint;
    EXPECT_FALSE(call.definite()) << failpoint;
    EXPECT_EQ(call.took(), 800_ms) << failpoint;
    EXPECT_TRUE(calls.rpc().idle()) << failpoint;
  }
}

}  // namespace
}  // namespace soundcheck
