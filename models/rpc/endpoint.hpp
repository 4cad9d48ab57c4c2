#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "models/rpc/calls.hpp"
#include "models/rpc/long_polls.hpp"
#include "models/rpc/policy.hpp"
#include "sim/env/service.hpp"

namespace soundcheck {

// What one incarnation of a process is as a callee: accept queue, workers, handlers. It is
// destroyed with the process; the frames of its handlers belong to the process' scope, and its
// connections, with the requests that came on them, to the transport.
//
// Timers and computations name the attempt, not the endpoint: what comes too late finds nothing.
class Endpoint {
 public:
  // What all endpoints share. Outlives them.
  struct Surroundings {
    Runtime& runtime;
    Attempts& attempts;
    Calls& calls;
    LongPolls& polls;
  };

  Endpoint(Surroundings& around, ProcessId process, const ServerPolicy& policy);
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  // The service object that answers here; null when only costs are modelled.
  void set_service(Service* service) { service_ = service; }
  // A request has been read from its connection.
  void accept(AttemptId id, Attempt& attempt);

  // The client of a request that waits has gone.
  void withdraw(AttemptId id, Attempt& attempt);

  std::size_t waiting() const { return waiting_; }
  std::uint32_t busy() const { return busy_; }

 private:
  using Step = void (Endpoint::*)(AttemptId, Attempt&);

  // A callback for an attempt at an endpoint. What comes to a paused process is held; what comes
  // too late for an attempt is dropped.
  template <Step kStep>
  Callback later(AttemptId id) {
    return {&Endpoint::take<kStep>, &around_, id.packed()};
  }
  template <Step kStep>
  static void take(void* around, std::uint64_t packed) {
    auto& attempts = static_cast<Surroundings*>(around)->attempts;
    const auto id = AttemptId::unpack(packed);
    Attempt* const attempt = attempts.find(id);
    if (attempt == nullptr || attempt->endpoint == nullptr) return;
    if (attempts.world().holds(attempt->server, {&Endpoint::take<kStep>, around, packed})) return;
    (attempt->endpoint->*kStep)(id, *attempt);
  }

  void queue(AttemptId id, Attempt& attempt);
  void begin(AttemptId id, Attempt& attempt);
  void compute(AttemptId id, Attempt& attempt);
  void run(AttemptId id, Attempt& attempt);
  void finished(AttemptId id, Attempt& attempt, CoroutineBase& handler);
  void leave_worker(AttemptId id, Attempt& attempt);
  void begin_task(Attempt& attempt);
  void end_task(Attempt& attempt);
  bool turned_away(AttemptId id, Attempt& attempt);
  void refuse(AttemptId id, Attempt& attempt, Error error);
  void next_from_queue();
  void reply(AttemptId id, Attempt& attempt);
  void drop(AttemptId id, Attempt& attempt);
  static void computed(void* around, std::uint64_t packed, Outcome outcome);
  static void handler_done(void* around, std::uint64_t packed, CoroutineBase& handler);

  Surroundings& around_;
  ProcessId process_;
  const ServerPolicy& policy_;
  Service* service_ = nullptr;
  std::uint32_t busy_ = 0;
  std::uint32_t waiting_ = 0;
  std::deque<AttemptId> queue_;  // with those that were withdrawn
  std::vector<std::unique_ptr<Admission>> admission_;
};

}  // namespace soundcheck
