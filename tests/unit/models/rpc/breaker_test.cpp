#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {
namespace {

using State = Breaker::State;

const char* const kHalf = "sliding-window(50%, calls 4, window 10s, open 5s)";

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
                    .retry = {.attempts = 7, .backoff = "constant(1s)", .jitter = "none"},
                    .breaker = "sliding-window(50%, calls 4, window 10s, open 2s)"};
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
