#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/models/rpc/balancers/spread.hpp"

namespace soundcheck {
namespace {

TEST(PowerOfTwo, IsMoreEvenThanOneChoice) {
  // Balls into bins (Mitzenmacher, 2001): 10,000 into 100, one choice gives a fullest bin of about
  // 100 + sqrt(2 * 100 * ln 100) = 130; two choices of about 100 + ln ln 100 / ln 2 = 102.2.
  const auto fullest = [](Strategy<Balancer> balancer) {
    return std::ranges::max(spread(balancer, 100, 10'000, true));
  };
  EXPECT_GT(fullest("random"), 115);
  EXPECT_LE(fullest("power-of-two"), 106);
}

}  // namespace
}  // namespace soundcheck
