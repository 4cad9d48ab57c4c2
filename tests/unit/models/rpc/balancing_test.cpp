#include <gtest/gtest.h>

#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {
namespace {

// How many of `calls` requests each replica got, sent one at a time or all at once.
std::vector<int> spread(Balancing balancing, int replicas, int count, bool at_once) {
  CallFixture calls({.callees = replicas,
                     .policy = {.balancing = balancing},
                     .server = {.workers = 10'000, .queue = 0}});
  for (int i = 0; i < count; ++i) {
    calls.call(at_once ? ping_that_takes(100_ms) : Ping{});
    if (!at_once) calls.run_until(Duration::milliseconds(10 * (i + 1)));
  }
  calls.run();
  return calls.finished;
}

TEST(RpcBalancing, RoundRobinGivesEachReplicaTheSame) {
  EXPECT_EQ(spread(Balancing::kRoundRobin, 4, 400, false), (std::vector<int>{100, 100, 100, 100}));
}

TEST(RpcBalancing, CallersBeginTheirRoundsAtDifferentReplicas) {
  CallFixture calls({.callers = 4, .callees = 4});
  for (std::size_t caller = 0; caller < 4; ++caller) calls.call({}, {}, caller);
  calls.run();
  EXPECT_EQ(calls.finished, (std::vector<int>{1, 1, 1, 1}));
}

TEST(RpcBalancing, RandomGivesEachReplicaItsShare) {
  // Chi square with 3 degrees of freedom: 16.27 at 99.9 %.
  double chi_square = 0;
  for (const int got : spread(Balancing::kRandom, 4, 4000, false)) {
    chi_square += (got - 1000.0) * (got - 1000.0) / 1000.0;
  }
  EXPECT_LT(chi_square, 16.27);
  EXPECT_GT(chi_square, 0.0);
}

TEST(RpcBalancing, LeastRequestsIsEvenAtEveryMoment) {
  EXPECT_EQ(spread(Balancing::kLeastRequests, 5, 100, true), (std::vector<int>(5, 20)));
}

TEST(RpcBalancing, TwoChoicesAreMoreEvenThanOne) {
  // Balls into bins (Mitzenmacher, 2001): 10,000 into 100, one choice gives a fullest bin of about
  // 100 + sqrt(2 * 100 * ln 100) = 130; two choices of about 100 + ln ln 100 / ln 2 = 102.2.
  const auto fullest = [](Balancing balancing) {
    const std::vector<int> got = spread(balancing, 100, 10'000, true);
    return *std::ranges::max_element(got);
  };
  EXPECT_GT(fullest(Balancing::kRandom), 115);
  EXPECT_LE(fullest(Balancing::kPowerOfTwo), 106);
}

TEST(RpcBalancing, LeastRequestsLeavesASlowReplicaAlone) {
  CallFixture calls({.callees = 3, .policy = {.balancing = Balancing::kLeastRequests}});
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
