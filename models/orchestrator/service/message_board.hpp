#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "models/orchestrator/service/store.hpp"
#include "sim/env/env.hpp"

namespace soundcheck::orchestrator {

// What all replicas of an orchestrator know about their queues without asking the database: which
// messages are there and from when on they are visible, as a database's notifications would tell
// them. The database stays the truth: a message taken from here must still be popped there, and the
// periodic redelivery brings the board back in step. Whoever waits for a message parks here; the
// one that has waited longest is told first.
class MessageBoard {
 public:
  void apply(const std::vector<QueueWrite>& writes);
  // What a look into the database found. It may be older than what the board has heard since, so it
  // only adds what the board does not know, and what that very look made visible again.
  void learn(const std::vector<QueuedMessage>& messages);
  // The database did not have the message that was taken, or somebody else was first.
  void taken_in_vain(const std::string& queue, const std::string& message);

  struct Found {
    std::string queue;
    std::string message;
  };
  // The message of these queues that became visible first, taken off the board.
  std::optional<Found> take(const std::vector<std::string>& queues, Time now);
  // Whether the message exists, visible or not, popped or not.
  bool has(const std::string& queue, const std::string& message) const;
  // When the next message of these queues becomes visible.
  Time next(const std::vector<std::string>& queues) const;

  void park(const std::vector<std::string>& queues, SlotRef slot, Completions& completions);
  // Has one waiter look again, whatever there is.
  void nudge(const std::string& queue, Completions& completions);
  // Tells waiters of this queue about messages that are visible now, one each.
  void wake(const std::string& queue, Completions& completions, Time now);

  // Lock of a workflow among replicas, with a lease: a replica that dies keeps it until the lease
  // ends.
  bool lock(const std::string& workflow_id, std::uint64_t owner, Time now, Duration lease);
  void unlock(const std::string& workflow_id, std::uint64_t owner);

 private:
  struct Queue {
    std::map<std::string, std::pair<Time, std::uint64_t>> messages;
    std::set<std::tuple<Time, std::uint64_t, std::string>> by_time;
    std::map<std::string, int> popped;  // taken, how often, and not acknowledged yet
    std::deque<SlotRef> waiters;
    std::size_t clean_at =
        64;  // a waiter that another queue woke stays here until the next cleaning
  };
  struct Lease {
    std::uint64_t owner = 0;
    Time until;
  };

  void put(const std::string& queue, const std::string& message, Time visible);
  void withdraw(const std::string& queue, const std::string& message);

  std::map<std::string, Queue> queues_;
  std::map<std::string, Lease> leases_;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace soundcheck::orchestrator
