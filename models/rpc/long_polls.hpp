#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/rpc/attempt.hpp"
#include "models/rpc/calls.hpp"

namespace soundcheck {

// Requests whose callers repeat them (CallOptions::repeats) and whose handlers have nothing to
// answer. They can be parked: such a request stays where it is, without a timer, until the handler
// has an answer or anything disturbs the world. What its repetitions would have cost is counted
// (kCallsRepeated, kHandlersRepeated), not simulated.
class LongPolls final : public DisturbanceObserver {
 public:
  LongPolls(Attempts& attempts, Calls& calls);

  // The handler of the attempt begins; it is no long poll any more.
  void begin(AttemptId id);
  void forget(Attempt& attempt) { polls_.erase(std::exchange(attempt.handler, nullptr)); }

  // For the handler: see Idling.
  bool may_park(const ContextRef& context, Duration hold);
  void park(const ContextRef& context, Duration hold, SlotRef woken);
  Duration resume(const ContextRef& context);

  // Ends the parking of those at a server: somebody needs its workers.
  void wake(ProcessId server) {
    if (!polls_.empty()) wake_parked(server);
  }
  // Counts what parked polls have left out until now; at the end of a run.
  void account_for_parked();
  void on_disturbance() override { wake_parked(ProcessId()); }

 private:
  struct LongPoll {
    AttemptId attempt;
    Time begun;                // the handler
    Duration work;             // of the endpoint, before that
    std::uint64_t parked = 0;  // in the order in which it happened; 0: it is not
    Duration hold;             // from `begun`
    SlotRef woken;
  };

  Duration way_of(const Attempt& attempt) const;
  void catch_up(LongPoll& poll);
  void count_repeated(const Attempt& attempt, std::int64_t times, Duration in_worker,
                      Duration whole);
  // Of one server, or all of them; in the order in which they were parked.
  std::vector<LongPoll*> parked_polls(ProcessId server);
  void wake_parked(ProcessId server);

  World& world_;
  Attempts& attempts_;
  Calls& calls_;
  std::unordered_map<const RequestContext*, LongPoll> polls_;  // by context of the handler
  std::uint64_t parked_so_far_ = 0;
};

}  // namespace soundcheck
