#include <gtest/gtest.h>

#include "tests/unit/models/rpc/balancers/spread.hpp"

namespace soundcheck {
namespace {

TEST(LeastRequests, IsEvenAtEveryMoment) {
  EXPECT_EQ(spread("least-requests", 5, 100, true), (std::vector<int>(5, 20)));
}

TEST(LeastRequests, LeavesASlowReplicaAlone) {
  CallFixture calls({.callees = 3, .policy = {.balancer = "least-requests"}});
  calls.call(ping_that_takes(500_ms));  // keeps replica 0 busy
  for (int i = 0; i < 20; ++i) {
    calls.call_at(Duration::milliseconds(10 * (i + 1)));
  }
  calls.run();
  EXPECT_EQ(calls.begun[0], 1);
  EXPECT_EQ(calls.begun[1] + calls.begun[2], 20);
}

}  // namespace
}  // namespace soundcheck
