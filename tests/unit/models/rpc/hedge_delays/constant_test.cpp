#include <gtest/gtest.h>

#include "models/rpc/policies/hedge_delay.hpp"

namespace soundcheck {
namespace {

TEST(ConstantHedgeDelay, IsTheSameWhateverWasSeen) {
  const auto delay = Strategy<HedgeDelay>("constant(20ms)").make();
  EXPECT_EQ(delay->wait(), 20_ms);
  delay->learn(1_s);
  EXPECT_EQ(delay->wait(), 20_ms);
}

}  // namespace
}  // namespace soundcheck
