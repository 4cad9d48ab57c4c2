// What one caller draws is its own: replicas that it chooses, pauses between its attempts.
#include <gtest/gtest.h>

#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {
namespace {

// The replicas that caller 0 chose, while the other callers call as well or do not.
std::vector<std::int64_t> chosen(const char* balancer, bool others_call) {
  CallFixture calls({.callers = 3, .callees = 4, .policy = {.balancer = balancer}});
  std::vector<const ObservedCall*> own;
  for (int i = 1; i <= 50; ++i) {
    own.push_back(&calls.call());
    for (const std::size_t other : {1, 2}) {
      if (others_call) calls.call({}, {}, other);
    }
    calls.run_until(Duration::milliseconds(10 * i));
  }
  std::vector<std::int64_t> replicas;
  for (const ObservedCall* const call : own) replicas.push_back(call->result.value().replica);
  return replicas;
}

TEST(RpcStreams, ABalancerDrawsForEachCallerAlone) {
  EXPECT_EQ(chosen("random", false), chosen("random", true));
  EXPECT_EQ(chosen("power-of-two", false), chosen("power-of-two", true));
}

// How long caller 0's calls take that are refused at once and tried again.
std::vector<std::int64_t> pauses(bool others_call) {
  CallPolicy policy;
  policy.retry = {.attempts = 4, .jitter = "full"};
  CallFixture calls({.callers = 3, .policy = policy});
  calls.world.crash(calls.callees[0]);
  std::vector<std::int64_t> took;
  for (int i = 1; i <= 20; ++i) {
    const ObservedCall& own = calls.call();
    for (const std::size_t other : {1, 2}) {
      if (others_call) calls.call({}, {}, other);
    }
    calls.run_until(10_s * i);
    took.push_back(own.took().count());
  }
  return took;
}

TEST(RpcStreams, JitterIsDrawnForEachCallerAlone) {
  EXPECT_EQ(pauses(false), pauses(true));
}

}  // namespace
}  // namespace soundcheck
