#include <gtest/gtest.h>

#include "models/rpc/policies/jitter.hpp"

namespace soundcheck {
namespace {

TEST(NoJitter, IsTheBackoffAndDrawsNothing) {
  const Strategy<Jitter> jitter = "none";
  RandomStream random(1, "jitter");
  RandomStream untouched(1, "jitter");
  EXPECT_EQ(jitter->of(100_ms, random), 100_ms);
  EXPECT_EQ(random.bits(), untouched.bits());
}

}  // namespace
}  // namespace soundcheck
