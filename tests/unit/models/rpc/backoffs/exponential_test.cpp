#include <gtest/gtest.h>

#include "tests/unit/models/rpc/backoffs/waits.hpp"

namespace soundcheck {
namespace {

TEST(ExponentialBackoff, DoublesUpToTheLongest) {
  EXPECT_EQ(waits("exponential(100ms, max 1s)", 6),
            (std::vector<Duration>{100_ms, 200_ms, 400_ms, 800_ms, 1_s, 1_s}));
}

TEST(ExponentialBackoff, DoesNotOverflow) {
  const Strategy<Backoff> backoff = "exponential(1ns, max 100000d)";
  EXPECT_EQ(backoff->after(1'000'000), Duration::days(100'000));
}

TEST(ExponentialBackoff, TheLongestWaitIsNotBelowTheFirst) {
  Mistakes mistakes;
  ParameterReader reader(mistakes);
  Strategy<Backoff> backoff;
  backoff.read(ParameterNode::plain("exponential(1s, max 50ms)"), reader);
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_EQ(mistakes[0].sentence, "the largest back-off lies below the first one");
  EXPECT_EQ(backoff.text(), "exponential(100ms, max 10s)") << "it stays what it was";
}

}  // namespace
}  // namespace soundcheck
