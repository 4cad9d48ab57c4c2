#include <gtest/gtest.h>

#include "models/rpc/policies/hedge_delay.hpp"

namespace soundcheck {
namespace {

TEST(PercentileHedgeDelay, IsTheTimeThatSoManyOfTheLastCallsHadNotNeeded) {
  const auto delay = Strategy<HedgeDelay>("percentile(95%, calls 100)").make();
  for (int i = 1; i < 20; ++i) delay->learn(Duration::milliseconds(i));
  EXPECT_EQ(delay->wait(), std::nullopt) << "one call in twenty, of nineteen";
  delay->learn(1_s);
  EXPECT_EQ(delay->wait(), 1_s);
  for (int i = 21; i <= 100; ++i) delay->learn(Duration::milliseconds(i));
  EXPECT_EQ(delay->wait(), 97_ms) << "slower or as slow: 97 to 100, and the one of 1 s";
}

TEST(PercentileHedgeDelay, ForgetsWhatIsOlderThanTheLastCalls) {
  const auto delay = Strategy<HedgeDelay>("percentile(90%, calls 10)").make();
  for (int i = 0; i < 10; ++i) delay->learn(1_s);
  EXPECT_EQ(delay->wait(), 1_s);
  for (int i = 1; i <= 10; ++i) delay->learn(Duration::milliseconds(i));
  EXPECT_EQ(delay->wait(), 10_ms);
}

}  // namespace
}  // namespace soundcheck
