#include <gtest/gtest.h>

#include "tests/unit/models/rpc/balancers/spread.hpp"

namespace soundcheck {
namespace {

TEST(RoundRobin, GivesEachReplicaTheSame) {
  EXPECT_EQ(spread("round-robin", 4, 400, false), (std::vector<int>{100, 100, 100, 100}));
}

TEST(RoundRobin, CallersBeginTheirRoundsAtDifferentReplicas) {
  CallFixture calls({.callers = 4, .callees = 4, .policy = {.balancer = "round-robin"}});
  for (std::size_t caller = 0; caller < 4; ++caller) calls.call({}, {}, caller);
  calls.run();
  EXPECT_EQ(calls.finished, (std::vector<int>{1, 1, 1, 1}));
}

}  // namespace
}  // namespace soundcheck
