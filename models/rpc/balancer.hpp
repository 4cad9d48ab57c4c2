#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/rpc/policy.hpp"
#include "sim/core/ids.hpp"
#include "sim/world/process_streams.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// Chooses the replica for an attempt. Each caller process decides for itself, from what it sees:
// its own turns and its own outstanding requests. Nobody tells it which replicas are alive.
class Balancer {
 public:
  explicit Balancer(World& world) {
    for (std::uint32_t i = 0; i < world.service_count(); ++i) {
      const auto name = world.names().text(world.service_name(ServiceId(i)));
      random_.emplace_back(world, "rpc/balancer/" + std::string(name));
    }
  }

  // `replicas` is not empty. outstanding(replica) gives the caller's attempts under way there.
  template <class Outstanding>
  ProcessId pick(Balancing balancing, ProcessId caller, ServiceId callee,
                 const std::vector<ProcessId>& replicas, const Outstanding& outstanding) {
    const std::size_t n = replicas.size();
    if (n == 1) return replicas[0];
    switch (balancing) {
      case Balancing::kRandom:
        return replicas[random_[callee.index()].of(caller).below(n)];
      case Balancing::kPowerOfTwo: {
        RandomStream& random = random_[callee.index()].of(caller);
        const std::size_t first = random.below(n);
        std::size_t second = random.below(n - 1);
        if (second >= first) ++second;
        return outstanding(replicas[second]) < outstanding(replicas[first]) ? replicas[second]
                                                                            : replicas[first];
      }
      case Balancing::kLeastRequests: {
        std::uint32_t& turn = turn_of(caller, callee);
        std::size_t best = turn % n;
        for (std::size_t i = 1; i < n; ++i) {
          const std::size_t candidate = (turn + i) % n;
          if (outstanding(replicas[candidate]) < outstanding(replicas[best])) best = candidate;
        }
        ++turn;
        return replicas[best];
      }
      case Balancing::kRoundRobin:
        break;
    }
    return replicas[turn_of(caller, callee)++ % n];
  }

 private:
  std::uint32_t& turn_of(ProcessId caller, ServiceId callee) {
    if (caller.index() >= turns_.size()) turns_.resize(caller.index() + 1);
    auto& of_caller = turns_[caller.index()];
    // Callers start at different replicas, or all of them would hit the first one at once.
    while (callee.index() >= of_caller.size()) of_caller.push_back(caller.index());
    return of_caller[callee.index()];
  }

  std::vector<ProcessStreams> random_;  // by callee
  std::vector<std::vector<std::uint32_t>> turns_;
};

}  // namespace soundcheck
