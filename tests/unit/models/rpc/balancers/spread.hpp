#pragma once

#include <vector>

#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {

// How many of `count` requests each replica got, sent one at a time or all at once.
inline std::vector<int> spread(Strategy<Balancer> balancer, int replicas, int count, bool at_once) {
  CallFixture calls({.callees = replicas,
                     .policy = {.balancer = balancer},
                     .server = {.workers = 10'000, .queue = 0}});
  for (int i = 0; i < count; ++i) {
    calls.call(at_once ? ping_that_takes(100_ms) : Ping{});
    if (!at_once) calls.run_until(Duration::milliseconds(10 * (i + 1)));
  }
  calls.run();
  return calls.finished;
}

}  // namespace soundcheck
