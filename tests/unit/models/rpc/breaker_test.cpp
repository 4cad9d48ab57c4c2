#include "models/rpc/breaker.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {
namespace {

using State = CircuitBreaker::State;

const BreakerPolicy kHalf{.errors = 0.5, .calls = 4, .window = 10_s, .open = 5_s};

// Whether an attempt at that time is let through; it ends at once.
bool attempt(CircuitBreaker& breaker, Duration at, bool failed) {
  const auto ticket = breaker.admit(Time::at(at));
  if (ticket) breaker.record(*ticket, failed, Time::at(at));
  return ticket.has_value();
}

TEST(CircuitBreaker, OpensWhenTheShareOfErrorsIsReached) {
  CircuitBreaker breaker(kHalf);
  for (const bool failed : {false, false, true}) EXPECT_TRUE(attempt(breaker, 1_s, failed));
  EXPECT_EQ(breaker.state(), State::kClosed);
  EXPECT_TRUE(attempt(breaker, 1_s, true)) << "the second error of four opens it";
  EXPECT_EQ(breaker.state(), State::kOpen);
  EXPECT_FALSE(attempt(breaker, 5999_ms, false));
}

// Sentinel 1.8.8 needs more than the share, and never opens (findings/sentinel-error-ratio-one.sh).
TEST(CircuitBreaker, OfAllErrorsOpensWhenEverythingFails) {
  CircuitBreaker breaker({.errors = 1.0, .calls = 4, .window = 10_s, .open = 5_s});
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(attempt(breaker, 1_s, true));
  EXPECT_EQ(breaker.state(), State::kOpen);
}

// resilience4j 2.4.0 counts such results (findings/resilience4j-late-results.sh).
TEST(CircuitBreaker, LateResultsOfEarlierAttemptsDecideNoProbe) {
  CircuitBreaker breaker(kHalf);
  std::vector<CircuitBreaker::Ticket> hanging;
  for (int i = 0; i < 5; ++i) hanging.push_back(breaker.admit(Time::at(1_s)).value());
  for (int i = 0; i < 4; ++i) attempt(breaker, 1_s, true);
  ASSERT_TRUE(breaker.admit(Time::at(7_s)).has_value()) << "the probe";
  for (const auto ticket : hanging) breaker.record(ticket, false, Time::at(8_s));
  EXPECT_EQ(breaker.state(), State::kHalfOpen) << "the probe is still under way";
}

TEST(CircuitBreaker, TakesNoShareOfFewCalls) {
  CircuitBreaker breaker(kHalf);
  for (int i = 0; i < 3; ++i) attempt(breaker, 1_s, true);
  EXPECT_EQ(breaker.state(), State::kClosed);
}

TEST(CircuitBreaker, ForgetsWhatIsOlderThanItsWindow) {
  CircuitBreaker breaker(kHalf);
  for (int i = 0; i < 3; ++i) attempt(breaker, 1_s, true);
  attempt(breaker, 11_s, true);
  EXPECT_EQ(breaker.state(), State::kClosed) << "the first three are ten seconds old";
  CircuitBreaker other(kHalf);
  for (int i = 0; i < 3; ++i) attempt(other, 1_s, true);
  attempt(other, 10_s, true);
  EXPECT_EQ(other.state(), State::kOpen);
}

TEST(CircuitBreaker, AProbeDecidesWhatComesAfterOpen) {
  CircuitBreaker breaker(kHalf);
  for (int i = 0; i < 4; ++i) attempt(breaker, 1_s, true);
  EXPECT_TRUE(attempt(breaker, 6_s, true));
  EXPECT_EQ(breaker.state(), State::kOpen) << "the probe failed";
  EXPECT_FALSE(attempt(breaker, 10_s, false));
  const auto probe = breaker.admit(Time::at(11_s));
  ASSERT_TRUE(probe.has_value());
  EXPECT_EQ(breaker.state(), State::kHalfOpen);
  EXPECT_FALSE(breaker.admit(Time::at(12_s)).has_value()) << "one probe at a time";
  breaker.record(*probe, false, Time::at(13_s));
  EXPECT_EQ(breaker.state(), State::kClosed);
  EXPECT_TRUE(attempt(breaker, 13_s, true));
  EXPECT_EQ(breaker.state(), State::kClosed) << "it begins to count anew";
}

TEST(CircuitBreaker, AProbeThatNeverEndsGivesWayToTheNext) {
  CircuitBreaker breaker(kHalf);
  for (int i = 0; i < 4; ++i) attempt(breaker, 1_s, true);
  const auto lost = breaker.admit(Time::at(6_s));
  EXPECT_FALSE(breaker.admit(Time::at(10_s)).has_value());
  const auto next = breaker.admit(Time::at(11_s));
  ASSERT_TRUE(lost && next);
  breaker.record(*lost, true, Time::at(12_s));
  EXPECT_EQ(breaker.state(), State::kHalfOpen) << "its outcome comes too late";
  breaker.record(*next, false, Time::at(12_s));
  EXPECT_EQ(breaker.state(), State::kClosed);
}

TEST(CircuitBreaker, OutcomesFromBeforeItOpenedDoNotDecideTheProbe) {
  CircuitBreaker breaker(kHalf);
  const auto slow = breaker.admit(Time::at(1_s));
  for (int i = 0; i < 4; ++i) attempt(breaker, 1_s, true);
  breaker.admit(Time::at(6_s));
  breaker.record(*slow, false, Time::at(7_s));
  EXPECT_EQ(breaker.state(), State::kHalfOpen);
}

TEST(RpcBreaker, RefusesAtOnceAndWithoutAMessageWhileItIsOpen) {
  CallPolicy policy{.timeout = 50_ms, .breaker = kHalf};
  CallFixture calls({.policy = policy});
  calls.world.crash(calls.callees[0]);
  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(calls.call_at(Duration::seconds(1) * (i + 1)).ended);
  }
  calls.run_until(5_s);
  calls.world.start(calls.callees[0]);
  ObservedCall& refused = calls.call();
  calls.run_until(6_s);
  EXPECT_TRUE(refused.failed_with(ErrorCode::kCircuitOpen));
  EXPECT_TRUE(refused.definite());
  EXPECT_EQ(refused.took(), 0_s);
  ObservedCall& probe = calls.call_at(4_s + CallFixture::kRoundTrip + 5_s);
  ObservedCall& beside = calls.call();
  calls.run_until(15_s);
  EXPECT_TRUE(probe.ended && probe.result.has_value());
  EXPECT_TRUE(beside.failed_with(ErrorCode::kCircuitOpen));
  ObservedCall& closed = calls.call();
  calls.run();
  EXPECT_TRUE(closed.result.has_value());
}

TEST(RpcBreaker, CountsNeitherRejectionsNorWhatOthersHaveSeen) {
  CallPolicy policy{.timeout = 50_ms, .breaker = kHalf};
  CallFixture calls({.callers = 2, .policy = policy});
  const Ping rejected{.refuse = static_cast<std::int64_t>(ErrorCode::kConflict) + 1};
  const Ping broken{.refuse = static_cast<std::int64_t>(ErrorCode::kInternal) + 1};
  for (int i = 0; i < 4; ++i) calls.call(rejected);
  for (int i = 0; i < 4; ++i) calls.call(broken, {}, 1);
  calls.run_until(1_s);
  const MethodId ping = calls.rpc().find_method("callee", "ping");
  EXPECT_EQ(calls.rpc().breaker(calls.callers[0], ping)->state(), State::kClosed);
  EXPECT_EQ(calls.rpc().breaker(calls.callers[1], ping)->state(), State::kOpen);
  calls.world.crash(calls.callers[1]);
  calls.run_until(2_s);
  EXPECT_EQ(calls.rpc().breaker(calls.callers[1], ping), nullptr) << "its memory is gone";
}

TEST(RpcBreaker, ARetryOutlastsIt) {
  CallPolicy policy{.timeout = 50_ms,
                    .retry = {.attempts = 7, .backoff = Backoff::kConstant, .base = 1_s},
                    .breaker = kHalf};
  policy.breaker->open = 2_s;
  CallFixture calls({.policy = policy});
  calls.world.crash(calls.callees[0]);
  ObservedCall& call = calls.call();  // 1 to 4 are refused by the host, 5 by the breaker
  calls.run_until(4_s);
  calls.world.start(calls.callees[0]);
  calls.run();
  EXPECT_TRUE(call.result.has_value());
  EXPECT_EQ(calls.begun[0], 1);
}

TEST(RpcPolicy, OfAMethodWinsAgainstThatOfTheService) {
  CallFixture patient({.policy = {.timeout = 10_ms}});
  patient.rpc().set_call_policy(patient.caller_service, patient.callee_service, {.timeout = 50_ms},
                                "ping");
  CallFixture other({.policy = {.timeout = 10_ms}});
  other.rpc().set_call_policy(other.caller_service, other.callee_service, {.timeout = 50_ms},
                              "pong");
  ObservedCall& impatient = other.call(ping_that_takes(20_ms));
  ObservedCall& answered = patient.call(ping_that_takes(20_ms));
  other.run();
  patient.run();
  EXPECT_TRUE(impatient.failed_with(ErrorCode::kTimeout));
  EXPECT_TRUE(answered.result.has_value());
}

}  // namespace
}  // namespace soundcheck
