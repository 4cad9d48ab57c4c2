#include <gtest/gtest.h>

#include "tests/unit/faults/fault_fixture.hpp"
#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {
namespace {

FaultSpec pause_of(std::string service, Duration at, Duration lasts) {
  FaultSpec spec = fault_of("process.pause");
  spec.target.service = std::move(service);
  spec.target.replica = replica(0);
  spec.at = at;
  spec.lasts = lasts;
  return spec;
}

TEST(ProcessPause, StopsAProcessAndLetsItGoOn) {
  QuietWorld quiet;
  FaultInjector injector(quiet.world, {pause_of("payments", 1_s, 3_s)});
  injector.start();
  quiet.run_until(1_s);
  EXPECT_TRUE(quiet.running(quiet.payments[0])) << "it is there, and does nothing";
  EXPECT_TRUE(quiet.world.paused(quiet.payments[0]));
  EXPECT_FALSE(quiet.world.paused(quiet.payments[1]));
  quiet.run_until(3999_ms);
  EXPECT_TRUE(quiet.world.paused(quiet.payments[0]));
  quiet.run_until(4_s);
  EXPECT_TRUE(quiet.is_whole());
  EXPECT_EQ(quiet.world.process(quiet.payments[0]).incarnation, 1U);
  EXPECT_TRUE(quiet.world.disturbances().undisturbed());
}

TEST(ProcessPause, OfADatabaseStopsItsServer) {
  QuietWorld quiet;
  FaultSpec spec = fault_of("process.pause");
  spec.at = 1_s;
  spec.target.database = "payments";
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  quiet.run_until(1_s);
  EXPECT_TRUE(quiet.world.paused(quiet.database));
  EXPECT_FALSE(quiet.world.disturbances().undisturbed());
  injector.heal_all();
  EXPECT_TRUE(quiet.is_whole());
}

TEST(ProcessPause, LastsUntilTheLastOfTwoHasEnded) {
  QuietWorld quiet;
  FaultInjector injector(quiet.world,
                         {pause_of("payments", 1_s, 4_s), pause_of("payments", 3_s, 5_s)});
  injector.start();
  quiet.run_until(7_s);
  EXPECT_TRUE(quiet.world.paused(quiet.payments[0]));
  quiet.run_until(8_s);
  EXPECT_TRUE(quiet.is_whole());
}

TEST(ProcessPause, EndsWithTheProcessThatWasKilled) {
  QuietWorld quiet;
  FaultSpec crash = crash_of("payments", replica(0), 1_s);
  crash.at = 2_s;
  FaultInjector injector(quiet.world, {pause_of("payments", 1_s, 9_s), crash});
  injector.start();
  quiet.run_until(2_s);
  EXPECT_FALSE(quiet.running(quiet.payments[0]));
  EXPECT_FALSE(quiet.world.paused(quiet.payments[0]));
  quiet.run_until(3_s);
  EXPECT_TRUE(quiet.running(quiet.payments[0]));
  EXPECT_FALSE(quiet.world.paused(quiet.payments[0])) << "it is not the one that was stopped";
  quiet.run_until(11_s);
  EXPECT_TRUE(quiet.is_whole());
  EXPECT_TRUE(quiet.world.disturbances().undisturbed());
}

TEST(ProcessPause, OfTheNextIncarnationIsNotEndedByThatOfTheLast) {
  QuietWorld quiet;
  FaultSpec crash = crash_of("payments", replica(0), 0_s);
  crash.at = 2_s;
  FaultInjector injector(quiet.world,
                         {pause_of("payments", 1_s, 4_s), crash, pause_of("payments", 3_s, 5_s)});
  injector.start();
  quiet.run_until(6_s);
  EXPECT_TRUE(quiet.world.paused(quiet.payments[0]));
  quiet.run_until(8_s);
  EXPECT_TRUE(quiet.is_whole());
}

TEST(ProcessPause, EndsWithThePowerOfItsHost) {
  QuietWorld quiet;
  FaultSpec power = fault_of("host.down");
  power.at = 2_s;
  power.lasts = 1_s;
  power.target.host = "host-0";
  FaultInjector injector(quiet.world, {pause_of("payments", 1_s, 9_s), power});
  injector.start();
  quiet.run_until(4_s);
  EXPECT_TRUE(quiet.running(quiet.payments[0]));
  EXPECT_FALSE(quiet.world.paused(quiet.payments[0]));
  quiet.run_until(11_s);
  EXPECT_TRUE(quiet.is_whole());
}

// --- what callers see, and what the process itself does afterwards ---

constexpr Duration kRoundTrip = CallFixture::kRoundTrip;
constexpr Duration kOneWay = CallFixture::kOneWay;

struct PausedCalls : CallFixture {
  explicit PausedCalls(Shape shape, const char* who, Duration at, Duration lasts)
      : CallFixture(shape), injector(world, {pause_of(who, at, lasts)}) {
    injector.start();
  }
  FaultInjector injector;
};

TEST(ProcessPause, OfACalleeIsSilenceUntilTheTimeoutAndTheWorkIsDoneLater) {
  PausedCalls calls({.policy = {.timeout = 500_ms}}, "callee", 1_s, 2_s);
  calls.run_until(1_s);
  ObservedCall& call = calls.call();
  calls.run_until(2900_ms);
  EXPECT_TRUE(call.failed_with(ErrorCode::kTimeout));
  EXPECT_FALSE(call.definite()) << "its kernel has accepted the connection and the request";
  EXPECT_EQ(call.took(), 500_ms);
  EXPECT_EQ(calls.begun[0], 0);
  calls.run();
  EXPECT_EQ(calls.finished[0], 1);
  EXPECT_TRUE(calls.rpc().idle());
}

TEST(ProcessPause, OfACalleeKeepsATlsConnectionFromBeingMade) {
  PausedCalls calls({.policy = {.timeout = 500_ms, .tls = true}}, "callee", 1_s, 2_s);
  calls.run_until(1_s);
  ObservedCall& call = calls.call();
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kTimeout));
  EXPECT_TRUE(call.definite()) << "nothing was sent before the handshake";
  EXPECT_EQ(calls.begun[0], 0);
  EXPECT_TRUE(calls.rpc().idle());
}

TEST(ProcessPause, ThatIsShorterThanTheTimeoutCostsItsTimeOnly) {
  PausedCalls calls({.policy = {.timeout = 5_s}}, "callee", 1_s, 2_s);
  calls.run_until(990_ms);
  ObservedCall& asleep = calls.call(ping_that_takes(100_ms));
  calls.run_until(1500_ms);
  ObservedCall& waiting = calls.call(ping_that_takes(100_ms));
  calls.run_until(2900_ms);
  EXPECT_EQ(calls.finished[0], 0) << "the handler that slept does not wake up";
  calls.run();
  EXPECT_TRUE(asleep.result.has_value());
  EXPECT_EQ(asleep.at, Time::at(3_s + kOneWay)) << "its timer had come due";
  EXPECT_TRUE(waiting.result.has_value());
  EXPECT_EQ(waiting.at, Time::at(3_s + 100_ms + kOneWay));
}

TEST(ProcessPause, OfACallerHoldsItsReplies) {
  PausedCalls calls({.policy = {.timeout = 5_s}}, "caller", 1_s, 2_s);
  calls.run_until(990_ms);
  ObservedCall& call = calls.call(ping_that_takes(100_ms));
  calls.run();
  EXPECT_TRUE(call.result.has_value());
  EXPECT_EQ(call.at, Time::at(3_s));
  ObservedCall& next = calls.call();
  calls.run();
  EXPECT_EQ(next.took(), kRoundTrip) << "the connection has been kept";
}

TEST(ProcessPause, OfACallerHoldsItsTimeoutsBehindTheRepliesThatCameBefore) {
  PausedCalls calls({.policy = {.timeout = 500_ms}}, "caller", 1_s, 2_s);
  calls.run_until(990_ms);
  ObservedCall& answered = calls.call(ping_that_takes(100_ms));
  ObservedCall& late = calls.call(ping_that_takes(900_ms));
  calls.run();
  EXPECT_TRUE(answered.result.has_value());
  EXPECT_EQ(answered.at, Time::at(3_s));
  EXPECT_TRUE(late.failed_with(ErrorCode::kTimeout)) << "that timer was first";
  EXPECT_EQ(late.at, Time::at(3_s));
  EXPECT_TRUE(calls.rpc().idle());
}

TEST(ProcessPause, OfACallerBeforeItsRetryDelaysTheRetry) {
  PausedCalls calls(
      {.policy = {.timeout = 5_s,
                  .retry = {.attempts = 2, .backoff = "constant(100ms)", .jitter = "none"}}},
      "caller", 1_s, 2_s);
  calls.run_until(950_ms);
  calls.world.crash(calls.callees[0]);
  ObservedCall& call = calls.call();
  calls.run_until(990_ms);
  calls.world.start(calls.callees[0]);
  calls.run();
  EXPECT_TRUE(call.result.has_value());
  EXPECT_EQ(call.at, Time::at(3_s + kRoundTrip * 2));
}

TEST(ProcessPause, DeliversWhatHasArrivedInItsOrder) {
  PausedCalls calls({.callers = 3, .policy = {.timeout = 5_s}, .server = {.workers = 1}}, "callee",
                    1_s, 2_s);
  std::vector<ObservedCall*> all;
  for (const std::size_t caller : {2, 0, 1}) {
    calls.run_until(1_s + Duration::milliseconds(10 * static_cast<int>(all.size())));
    all.push_back(&calls.call(ping_that_takes(10_ms), {}, caller));
  }
  calls.run();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Duration work = 10_ms * static_cast<std::int64_t>(i + 1);
    EXPECT_EQ(all[i]->at, Time::at(3_s + work + kOneWay)) << i;
  }
}

TEST(ProcessPause, OfACalleeThatIsKilledResetsWhatItsKernelHadTaken) {
  PausedCalls calls({.policy = {.timeout = 5_s}}, "callee", 1_s, 9_s);
  calls.run_until(1_s);
  ObservedCall& call = calls.call();
  calls.run_until(2_s);
  calls.world.crash(calls.callees[0]);
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kConnectionReset));
  EXPECT_EQ(call.at, Time::at(2_s + kOneWay));
  EXPECT_EQ(calls.begun[0], 0);
  EXPECT_TRUE(calls.rpc().idle());
}

TEST(ProcessPause, OfACallerThatIsKilledLeavesNothingBehind) {
  PausedCalls calls({.policy = {.timeout = 500_ms}}, "caller", 1_s, 9_s);
  calls.run_until(990_ms);
  ObservedCall& call = calls.call(ping_that_takes(100_ms));
  calls.run_until(2_s);
  calls.world.crash(calls.callers[0]);
  calls.run();
  EXPECT_FALSE(call.ended);
  EXPECT_EQ(calls.finished[0], 1);
  EXPECT_TRUE(calls.rpc().idle());
  EXPECT_EQ(calls.world.completions().open_slots(), 0U);
}

// --- aimed at a call: the process stops at that point, and goes on from there ---

struct PauseAt {
  const char* failpoint;
  const char* victim;
  int begun;  // handlers, while the process stands still
  int finished;
};
class PauseAtEachPoint : public testing::TestWithParam<PauseAt> {};

TEST_P(PauseAtEachPoint, StopsItThere) {
  const PauseAt& expected = GetParam();
  CallFixture calls({.policy = {.timeout = 10_s}});
  calls.call();
  calls.run_until(1_s);
  FaultSpec spec = fault_of("process.pause");
  spec.lasts = 2_s;
  spec.target.service = expected.victim;
  spec.target.replica = replica(0);
  spec.when = FaultAim{.phase = *parse_aim_point(expected.failpoint), .occurrence = 1};
  FaultInjector injector(calls.world, {spec});
  injector.start();
  ObservedCall& call = calls.call(ping_that_takes(20_ms));
  calls.run_until(2_s);
  EXPECT_EQ(injector.struck(0), 1U);
  EXPECT_FALSE(call.ended);
  EXPECT_EQ(calls.begun[0], 1 + expected.begun);
  EXPECT_EQ(calls.finished[0], 1 + expected.finished);
  calls.run();
  EXPECT_TRUE(call.result.has_value());
  EXPECT_GE(call.took(), 2_s);
  EXPECT_LE(call.took(), 2_s + kRoundTrip + 20_ms);
  EXPECT_EQ(calls.finished[0], 2);
  EXPECT_TRUE(calls.rpc().idle());
}

INSTANTIATE_TEST_SUITE_P(Calls, PauseAtEachPoint,
                         testing::Values(PauseAt{"rpc.request-sent", "callee", 0, 0},
                                         PauseAt{"rpc.request-arrived", "callee", 0, 0},
                                         PauseAt{"rpc.handler-start", "callee", 0, 0},
                                         PauseAt{"rpc.reply-ready", "callee", 1, 1},
                                         PauseAt{"rpc.request-sent", "caller", 0, 0},
                                         PauseAt{"rpc.request-arrived", "caller", 1, 1},
                                         PauseAt{"rpc.reply-ready", "caller", 1, 1},
                                         PauseAt{"rpc.reply-arrived", "caller", 1, 1}),
                         [](const auto& parameter) {
                           std::string name = std::string(parameter.param.victim) + "_at_" +
                                              parameter.param.failpoint;
                           for (char& c : name) c = c == '.' || c == '-' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace soundcheck
