#include <gtest/gtest.h>

#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {
namespace {

// The pauses before each retry of a call whose callee is down: it is refused after a round trip.
std::vector<Duration> pauses(RetryPolicy retry, std::uint64_t seed = 1) {
  struct Pauses final : EventListener {
    std::vector<Duration> all;
    void on_event(const Event& event) override { all.push_back(event.as<CallRetried>().pause); }
  } listener;
  CallFixture calls({.policy = {.retry = retry}, .seed = seed});
  calls.world.events().listen(listener, {EventKind::kCallRetried});
  calls.world.crash(calls.callees[0]);
  ObservedCall& call = calls.call();
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kConnectionRefused));
  Duration total = CallFixture::kRoundTrip * retry.attempts;
  for (const Duration pause : listener.all) total += pause;
  EXPECT_EQ(call.took(), total);
  return listener.all;
}

TEST(RpcRetry, WaitsAsTheBackoffSays) {
  EXPECT_EQ(pauses({.attempts = 6, .backoff = "exponential(100ms, max 1s)", .jitter = "none"}),
            (std::vector<Duration>{100_ms, 200_ms, 400_ms, 800_ms, 1_s}));
}

TEST(RpcRetry, WaitsAsTheJitterSays) {
  for (const Duration pause :
       pauses({.attempts = 20, .backoff = "constant(100ms)", .jitter = "equal"})) {
    EXPECT_GE(pause, 50_ms);
    EXPECT_LE(pause, 100_ms);
  }
}

TEST(RpcRetry, JitterIsTheSameForTheSameSeedOnly) {
  const RetryPolicy retry{.attempts = 10, .jitter = "full"};
  EXPECT_EQ(pauses(retry, 5), pauses(retry, 5));
  EXPECT_NE(pauses(retry, 5), pauses(retry, 6));
}

TEST(RpcRetry, SucceedsOnceTheCalleeIsBack) {
  CallFixture calls(
      {.policy = {.retry = {.attempts = 5, .backoff = "exponential(100ms)", .jitter = "none"}}});
  calls.world.crash(calls.callees[0]);
  ObservedCall& call = calls.call();
  calls.run_until(350_ms);
  calls.world.start(calls.callees[0]);
  calls.run();
  ASSERT_TRUE(call.result.has_value());
  // Refused at 2 ms, 104 ms and 306 ms, then after 400 ms connected and answered.
  EXPECT_EQ(call.at, Time::at(706_ms + CallFixture::kRoundTrip * 2));
}

TEST(RpcRetry, IsNotTriedWhereTheCalleeHasRejected) {
  for (const ErrorCode code :
       {ErrorCode::kInvalid, ErrorCode::kForbidden, ErrorCode::kNotFound, ErrorCode::kConflict}) {
    CallFixture calls({.policy = {.retry = {.attempts = 5}}});
    calls.call({.refuse = static_cast<std::int64_t>(code) + 1});
    calls.run();
    EXPECT_EQ(calls.begun[0], 1) << name_of(code);
  }
  CallFixture calls({.policy = {.retry = {.attempts = 5}}});
  calls.call({.refuse = static_cast<std::int64_t>(ErrorCode::kInternal) + 1});
  calls.run();
  EXPECT_EQ(calls.begun[0], 5);
}

TEST(RpcRetry, ADefiniteLastFailureSaysNothingAboutAnEarlierTimeout) {
  CallFixture calls(
      {.policy = {.timeout = 50_ms,
                  .retry = {.attempts = 2, .backoff = "constant(100ms)", .jitter = "none"}}});
  ObservedCall& call = calls.call(ping_that_takes(80_ms));
  calls.run_until(120_ms);
  calls.world.crash(calls.callees[0]);
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kConnectionRefused));
  EXPECT_FALSE(call.definite());
  EXPECT_EQ(calls.finished[0], 1);
}

}  // namespace
}  // namespace soundcheck
