#include <gtest/gtest.h>

#include "tests/unit/models/rpc/backoffs/waits.hpp"

namespace soundcheck {
namespace {

TEST(ConstantBackoff, IsAlwaysAsLong) {
  EXPECT_EQ(waits("constant(100ms)", 3), (std::vector<Duration>(3, 100_ms)));
}

}  // namespace
}  // namespace soundcheck
