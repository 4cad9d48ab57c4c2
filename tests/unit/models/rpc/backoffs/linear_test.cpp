#include <gtest/gtest.h>

#include "tests/unit/models/rpc/backoffs/waits.hpp"

namespace soundcheck {
namespace {

TEST(LinearBackoff, AddsItsFirstWaitUpToTheLongest) {
  EXPECT_EQ(waits("linear(100ms, max 250ms)", 4),
            (std::vector<Duration>{100_ms, 200_ms, 250_ms, 250_ms}));
}

TEST(LinearBackoff, IsNoShorterThanItsFirstWaitWithoutALongest) {
  EXPECT_EQ(waits("linear(4s)", 4), (std::vector<Duration>{4_s, 8_s, 10_s, 10_s}));
  EXPECT_EQ(waits("linear(1m)", 2), (std::vector<Duration>{60_s, 60_s}));
}

}  // namespace
}  // namespace soundcheck
