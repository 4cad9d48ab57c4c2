#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {
namespace {

constexpr Duration kNewConnection =
    CallFixture::kRoundTrip * 2;  // and an answer that takes no time

CallPolicy hedged(const char* delay, int attempts = 2, Percentage budget = Percentage::of(10)) {
  CallPolicy policy{.timeout = 1_s};
  policy.hedge = HedgePolicy{.attempts = attempts, .delay = delay, .budget = budget};
  return policy;
}

class Attempts final : public EventListener {
 public:
  explicit Attempts(CallFixture& calls) {
    calls.world.events().listen(*this, {EventKind::kCallHedged, EventKind::kCallEnded});
  }
  void on_event(const Event& event) override {
    if (event.kind == EventKind::kCallHedged) {
      hedges.push_back(event.as<CallHedged>().after);
    } else {
      of_calls.push_back(event.as<CallEnded>().attempts);
    }
  }
  std::vector<Duration> hedges;         // since their calls began
  std::vector<std::uint32_t> of_calls;  // that have ended
};

TEST(RpcHedge, AsksAnotherReplicaWhenNoAnswerHasComeInTime) {
  CallFixture calls({.callees = 2, .policy = hedged("constant(50ms)")});
  Attempts attempts(calls);
  calls.world.pause(calls.callees[0]);
  ObservedCall& call = calls.call();
  calls.run();
  ASSERT_TRUE(call.result.has_value());
  EXPECT_EQ(call.result->replica, 1);
  EXPECT_EQ(call.took(), 50_ms + kNewConnection);
  EXPECT_EQ(attempts.hedges, std::vector{50_ms});
  EXPECT_EQ(attempts.of_calls, std::vector{2U});
}

TEST(RpcHedge, TheFirstAnswerWinsAndTheLosersWorkGoesOn) {
  CallFixture calls({.callees = 2, .policy = hedged("constant(50ms)")});
  ObservedCall& call = calls.call(ping_that_takes(80_ms));
  calls.run();
  ASSERT_TRUE(call.result.has_value());
  EXPECT_EQ(call.result->replica, 0);
  EXPECT_EQ(call.took(), 80_ms + kNewConnection);
  EXPECT_EQ(calls.finished, (std::vector{1, 1}));
  EXPECT_TRUE(calls.rpc().idle());
}

TEST(RpcHedge, AnAnswerInTimeIsTheOnlyOne) {
  CallFixture calls({.callees = 2, .policy = hedged("constant(50ms)")});
  calls.call(ping_that_takes(45_ms));
  calls.run();
  EXPECT_EQ(calls.begun, (std::vector{1, 0}));
}

TEST(RpcHedge, AFailedAttemptIsFollowedByTheNextAtOnce) {
  CallFixture calls({.callees = 2, .policy = hedged("constant(50ms)")});
  Attempts attempts(calls);
  calls.world.crash(calls.callees[0]);
  ObservedCall& call = calls.call();
  calls.run();
  ASSERT_TRUE(call.result.has_value());
  EXPECT_EQ(call.took(), CallFixture::kRoundTrip + kNewConnection);
  EXPECT_EQ(attempts.hedges, std::vector{CallFixture::kRoundTrip});
}

TEST(RpcHedge, ARejectionIsAnAnswer) {
  CallFixture calls({.callees = 2, .policy = hedged("constant(50ms)")});
  ObservedCall& call = calls.call({.refuse = static_cast<std::int64_t>(ErrorCode::kConflict) + 1});
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kConflict));
  EXPECT_TRUE(call.definite());
  EXPECT_EQ(calls.begun, (std::vector{1, 0}));
}

TEST(RpcHedge, ARejectionByOneSaysNothingAboutTheOther) {
  CallFixture calls({.callees = 2, .policy = hedged("constant(50ms)")});
  Ping slow = ping_that_takes(60_ms);
  slow.refuse = static_cast<std::int64_t>(ErrorCode::kConflict) + 1;
  ObservedCall& call = calls.call(slow);
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kConflict));
  EXPECT_FALSE(call.definite());
  EXPECT_EQ(calls.begun, (std::vector{1, 1}));
}

TEST(RpcHedge, FailsWhenAllAttemptsHaveFailed) {
  CallFixture calls({.callees = 3, .policy = hedged("constant(50ms)", 3)});
  for (const ProcessId callee : calls.callees) calls.world.crash(callee);
  ObservedCall& call = calls.call();
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kConnectionRefused));
  EXPECT_TRUE(call.definite());
  EXPECT_EQ(call.took(), CallFixture::kRoundTrip * 3);
}

TEST(RpcHedge, AsksEachReplicaOnceAndGivesUpAtOneTimeoutForAll) {
  CallFixture calls({.callees = 3, .policy = hedged("constant(100ms)", 5)});
  Attempts attempts(calls);
  for (const ProcessId callee : calls.callees) calls.world.pause(callee);
  ObservedCall& call = calls.call();
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kTimeout));
  EXPECT_FALSE(call.definite());
  EXPECT_EQ(call.took(), 1_s);
  EXPECT_EQ(attempts.hedges, (std::vector{100_ms, 200_ms}));
  EXPECT_EQ(attempts.of_calls, std::vector{3U});
}

TEST(RpcHedge, ADelayOfZeroAsksAllAtOnce) {
  CallFixture calls({.callees = 3, .policy = hedged("constant(0s)", 3)});
  ObservedCall& call = calls.call();
  calls.run();
  EXPECT_EQ(call.took(), kNewConnection);
  EXPECT_EQ(calls.begun, (std::vector{1, 1, 1}));
}

// Ten attempts at first, then one for a hundred calls: 10 + 0.01 * 1000, less what does not fill
// one.
TEST(RpcHedge, StaysWithinItsBudget) {
  CallFixture calls({.callees = 2, .policy = hedged("constant(1ms)", 2, Percentage::percent(1))});
  Attempts attempts(calls);
  for (int i = 0; i < 1000; ++i) {
    calls.call_at(Duration::milliseconds(100) * i, ping_that_takes(10_ms));
  }
  calls.run();
  EXPECT_EQ(attempts.of_calls.size(), 1000U);
  EXPECT_NEAR(static_cast<double>(attempts.hedges.size()), 20, 1);
}

TEST(RpcHedge, ACallerThatDiesWaitsForNothing) {
  CallFixture calls({.callees = 2, .policy = hedged("constant(50ms)")});
  ObservedCall& call = calls.call(ping_that_takes(80_ms));
  calls.run_until(60_ms);
  calls.world.crash(calls.callers[0]);
  calls.run();
  EXPECT_FALSE(call.ended);
  EXPECT_EQ(calls.finished, (std::vector{1, 1}));
  EXPECT_TRUE(calls.rpc().idle());
}

TEST(RpcHedge, ACallerThatWasPausedHedgesWhenItGoesOn) {
  CallFixture calls({.callees = 2, .policy = hedged("constant(50ms)")});
  Attempts attempts(calls);
  ObservedCall& call = calls.call(ping_that_takes(300_ms));
  calls.run_until(10_ms);
  const ProcessPause pause = calls.world.pause(calls.callers[0]);
  calls.run_until(100_ms);
  calls.world.resume(pause);
  calls.run();
  EXPECT_EQ(attempts.hedges, std::vector{100_ms});
  EXPECT_EQ(call.took(), 300_ms + kNewConnection);
}

TEST(RpcHedge, ABreakerCountsAttemptsAndRefusesThem) {
  CallPolicy policy = hedged("constant(50ms)");
  policy.breaker = "consecutive(2, open 10s)";
  CallFixture calls({.callees = 2, .policy = policy});
  for (const ProcessId callee : calls.callees) calls.world.pause(callee);
  ObservedCall& first = calls.call();  // both attempts are too late: it opens
  calls.run_until(2_s);
  EXPECT_TRUE(first.failed_with(ErrorCode::kTimeout));
  ObservedCall& second = calls.call();
  calls.run();
  EXPECT_TRUE(second.failed_with(ErrorCode::kCircuitOpen));
  EXPECT_TRUE(second.definite());
  EXPECT_EQ(second.took(), Duration());
}

// With exponential times of mean m and a hedge after d, an answer takes longer than t > d with
// probability exp(-t/m) * exp(-(t-d)/m). For d = m ln 20, the 95th percentile, that is 1 % at
// t = m (ln 100 + ln 20) / 2 = 3.80 m, against m ln 100 = 4.61 m without a hedge, for 5 % more
// attempts.
struct Tail {
  double p99 = 0;     // in means
  double hedges = 0;  // a call
};
Tail tail(const CallPolicy& policy) {
  constexpr int kCalls = 20'000;
  CallFixture calls({.callees = 2,
                     .policy = policy,
                     .server = {.workers = 10'000},
                     .service_time = Distribution::exponential(1_s)});
  Attempts attempts(calls);
  std::vector<const ObservedCall*> all;
  for (int i = 0; i < kCalls; ++i) all.push_back(&calls.call_at(Duration::milliseconds(100) * i));
  calls.run();
  std::vector<double> took;
  for (const ObservedCall* const call : all) {
    EXPECT_TRUE(call->ended && call->result.has_value());
    took.push_back((call->took() - CallFixture::kRoundTrip).in_seconds());
  }
  std::ranges::nth_element(took, took.begin() + kCalls * 99 / 100);
  return {took[kCalls * 99 / 100],
          static_cast<double>(attempts.hedges.size()) / static_cast<double>(kCalls)};
}

// Bounds: four standard errors of a percentile, sqrt(0.99 * 0.01 / n) / density (0.01 without a
// hedge, 0.02 with one), and of a share of 5 %, sqrt(0.05 * 0.95 / n).
TEST(RpcHedge, CutsTheTailOfExponentialTimesAsTheorySays) {
  CallPolicy plain{.timeout = 100_s};
  EXPECT_NEAR(tail(plain).p99, 4.605, 0.28);

  CallPolicy fixed = hedged("constant(2996ms)");
  fixed.timeout = 100_s;
  const Tail cut = tail(fixed);
  EXPECT_NEAR(cut.p99, 3.800, 0.14);
  EXPECT_NEAR(cut.hedges, 0.05, 0.0062);
}

// The percentile is itself an estimate from 1000 calls: its standard error is m * sqrt(0.05 * 0.95
// / 1000) / 0.05 = 0.14 m, so p99 may be off by half of that besides.
TEST(RpcHedge, FindsThePercentileAlthoughSlowAttemptsAreGivenUp) {
  CallPolicy policy = hedged("percentile(95%, calls 1000)");
  policy.timeout = 100_s;
  const Tail cut = tail(policy);
  EXPECT_NEAR(cut.p99, 3.800, 0.21);
  EXPECT_NEAR(cut.hedges, 0.05, 0.0125);
}

}  // namespace
}  // namespace soundcheck
