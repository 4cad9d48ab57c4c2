#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/core/ids.hpp"
#include "sim/core/random.hpp"
#include "sim/core/strategy.hpp"
#include "sim/world/process_streams.hpp"

namespace soundcheck {

class World;

// What a caller process knows when it chooses a replica: its own requests, and nothing else. Nobody
// tells it which replicas are alive.
struct Candidates {
  ProcessId caller;
  const std::vector<ProcessId>& replicas;  // at least two
  ProcessStreams& streams;
  const std::vector<std::uint32_t>& requests;  // the caller's attempts under way, by process

  std::size_t count() const { return replicas.size(); }
  RandomStream& random() const { return streams.of(caller); }  // the caller's own, for this callee
  std::uint32_t outstanding(std::size_t index) const {
    const std::size_t replica = replicas[index].index();
    return replica < requests.size() ? requests[replica] : 0;
  }
};

// Chooses the replica for an attempt: a file in balancers/. Each caller process has an object of
// its own for each callee and call site, which may remember what it likes.
class Balancer : public StrategyObject {
 public:
  static const StrategyFamily& family();
  // The index of a replica.
  virtual std::size_t pick(const Candidates& candidates) = 0;
};

// The balancers of all callers.
class Balancers {
 public:
  explicit Balancers(World& world);

  // `choice` is that of the call site and stays where it is. The balancer lives as long as the
  // caller's process.
  Balancer& of(const Strategy<Balancer>& choice, ProcessId caller, ServiceId callee);
  ProcessStreams& random(ServiceId callee) { return random_[callee.index()]; }
  // The process has died, and with it what it remembered.
  void forget(ProcessId caller);

 private:
  struct Entry {
    const Strategy<Balancer>* choice;
    std::unique_ptr<Balancer> balancer;
  };

  std::vector<ProcessStreams> random_;  // by callee
  // By caller and callee: one for each call site, so nearly always one.
  std::vector<std::vector<std::vector<Entry>>> entries_;
};

}  // namespace soundcheck
