#include <gtest/gtest.h>

#include "models/rpc/policies/jitter.hpp"

namespace soundcheck {
namespace {

TEST(EqualJitter, IsUniformOverTheUpperHalfOfTheBackoff) {
  const Strategy<Jitter> jitter = "equal";
  RandomStream random(1, "jitter");
  double sum = 0;
  for (int i = 0; i < 2000; ++i) {
    const Duration wait = jitter->of(100_ms, random);
    EXPECT_GE(wait, 50_ms);
    EXPECT_LE(wait, 100_ms);
    sum += wait.in_seconds();
  }
  // Uniform on 50 .. 100 ms: standard error of the mean of 2,000 is 0.323 ms; 99.9 %: 3.29 of them.
  EXPECT_NEAR(sum / 2000, 0.075, 0.00107);
}

}  // namespace
}  // namespace soundcheck
