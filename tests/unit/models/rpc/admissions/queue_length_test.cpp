#include <gtest/gtest.h>

#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {
namespace {

TEST(QueueLength, ShedsWhatWouldWaitBehindSoMany) {
  const auto shedding = Strategy<Admission>("queue-length(2)").make();
  EXPECT_FALSE(shedding->refusal({.working = 4, .workers = 4, .waiting = 1}));
  EXPECT_EQ(shedding->refusal({.working = 4, .workers = 4, .waiting = 2}), 503);
}

TEST(QueueLength, OfNoneShedsAllThatFindNoWorker) {
  CallFixture calls({.server = {.workers = 2, .queue = 9, .admission = {"queue-length(0)"}}});
  for (int i = 0; i < 2; ++i) calls.call(ping_that_takes(100_ms));
  ObservedCall& shed = calls.call();
  calls.run();
  EXPECT_TRUE(shed.failed_with(ErrorCode::kUnavailable));
  EXPECT_EQ(calls.finished[0], 2);
}

}  // namespace
}  // namespace soundcheck
