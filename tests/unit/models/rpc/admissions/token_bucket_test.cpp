#include <gtest/gtest.h>

#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {
namespace {

TEST(TokenBucket, LetsABurstPassAndThenItsRate) {
  const auto bucket = Strategy<Admission>("token-bucket(10/s, burst 3)").make();
  const auto passes = [&bucket](Duration at) {
    return !bucket->refusal({.now = Time::at(at)}).has_value();
  };
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(passes(1_s));
  EXPECT_EQ(bucket->refusal({.now = Time::at(1_s)}), 429);
  EXPECT_FALSE(passes(1099_ms));
  EXPECT_TRUE(passes(1100_ms)) << "a token each 100 ms";
  EXPECT_FALSE(passes(1199_ms));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(passes(10_s)) << "full again, and no fuller";
  EXPECT_FALSE(passes(10_s));
}

TEST(RpcAdmission, AnswersWithoutAWorkerWhatItRefuses) {
  CallFixture calls({.server = {.workers = 1, .queue = 9, .admission = {"token-bucket(1/s)"}}});
  ObservedCall& taken = calls.call(ping_that_takes(500_ms));
  ObservedCall& refused = calls.call();
  calls.run();
  EXPECT_TRUE(taken.result.has_value());
  EXPECT_TRUE(refused.failed_with(ErrorCode::kUnavailable));
  EXPECT_TRUE(refused.definite());
  EXPECT_EQ(refused.took(), CallFixture::kRoundTrip * 2) << "connecting, and the answer";
  EXPECT_EQ(calls.begun[0], 1);
}

TEST(RpcAdmission, EachReplicaCountsForItselfAndForgetsWhenItDies) {
  CallFixture calls({.callees = 2,
                     .policy = {.balancer = "round-robin"},
                     .server = {.admission = {"token-bucket(1/h)"}}});
  for (int i = 0; i < 4; ++i) calls.call();
  calls.run_until(1_s);
  EXPECT_EQ(calls.finished, (std::vector<int>{1, 1}));
  calls.world.crash(calls.callees[0]);
  calls.run_until(2_s);
  calls.world.start(calls.callees[0]);
  for (int i = 0; i < 2; ++i) calls.call();
  calls.run_until(3_s);
  EXPECT_EQ(calls.finished, (std::vector<int>{2, 1}));
}

}  // namespace
}  // namespace soundcheck
