#include <gtest/gtest.h>

#include "models/rpc/policies/jitter.hpp"

namespace soundcheck {
namespace {

TEST(FullJitter, IsUniformUpToTheBackoff) {
  const Strategy<Jitter> jitter = "full";
  RandomStream random(1, "jitter");
  double sum = 0;
  for (int i = 0; i < 2000; ++i) {
    const Duration wait = jitter->of(100_ms, random);
    EXPECT_GE(wait, 0_s);
    EXPECT_LE(wait, 100_ms);
    sum += wait.in_seconds();
  }
  // Uniform on 0 .. 100 ms: standard error of the mean of 2,000 is 0.645 ms; 99.9 %: 3.29 of them.
  EXPECT_NEAR(sum / 2000, 0.050, 0.00213);
}

}  // namespace
}  // namespace soundcheck
