#include <gtest/gtest.h>

#include "tests/unit/models/rpc/balancers/spread.hpp"

namespace soundcheck {
namespace {

TEST(RandomBalancer, GivesEachReplicaItsShare) {
  // Chi square with 3 degrees of freedom: 16.27 at 99.9 %.
  double chi_square = 0;
  for (const int got : spread("random", 4, 4000, false)) {
    chi_square += (got - 1000.0) * (got - 1000.0) / 1000.0;
  }
  EXPECT_LT(chi_square, 16.27);
  EXPECT_GT(chi_square, 0.0);
}

}  // namespace
}  // namespace soundcheck
