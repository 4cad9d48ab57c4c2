#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "models/orchestrator/service/store.hpp"
#include "sim/env/env.hpp"

namespace soundcheck::orchestrator {

// What all replicas of an orchestrator know about their queues without asking the database: which
// messages are there and from when on they are visible, as a database's notifications would tell
// them. The database stays the truth: a message taken from here must still be popped there, and the
// periodic redelivery brings the view back in step. Whoever waits for a message parks here; the
// one that has waited longest is told first.
class QueueView {
 public:
  void apply(const std::vector<QueueWrite>& writes, Time now);
  // The messages of the database that are popped or visible at `horizon`, as a look that began at
  // `began` found them. What the view has heard since is newer, and stays.
  void learn(const std::vector<QueuedMessage>& messages, Time horizon, Time began, Time now);

  struct Found {
    std::string queue;
    std::string message;
    std::uint64_t take = 0;  // which time of taking it this is
  };
  // The message of these queues that became visible first; nobody else gets it.
  std::optional<Found> take(const std::vector<std::string>& queues, Time now);
  // The database did not have it any more, or another one was first there.
  void taken_in_vain(const Found& found);
  // Whether the message exists, visible or not, popped or not.
  bool has(const std::string& queue, const std::string& message) const;
  // Since or from when on it is visible; one that was popped, since then.
  std::optional<Time> visible(const std::string& queue, const std::string& message) const;
  // Nobody gets the message before `until`, although it is visible in the database; false if it is
  // not there, or popped. Whatever happens to it ends that, and so does `show`, from `at` on.
  bool hide(const std::string& queue, const std::string& message, Time until);
  void show(const std::string& queue, const std::string& message, Time at);
  // When the next message after those of now becomes visible, in any queue.
  Time next(Time now) const;

  void wait(const std::vector<std::string>& queues, SlotRef slot, Completions& completions);
  // Tells waiters of this queue, or of all, about messages that are visible now, one each.
  void wake(const std::string& queue, Completions& completions, Time now);
  void wake_all(Completions& completions, Time now);
  // Whoever keeps a timer for the next message is told when there is one before `at`.
  void set_alarm(SlotRef slot, Time at, Completions& completions);
  void advance_alarms(Time next, Completions& completions);

  // A replica is about to write to the database, or has done so: whoever looks after what is left
  // undone there has something to look at.
  void note_write(Completions& completions, Time now);
  bool unwritten_since(Time time) const { return last_write_ <= time; }
  void await_write(SlotRef slot, Completions& completions);

  // Lock of a workflow among replicas, with a lease: a replica that dies keeps it until the lease
  // ends.
  bool lock(const std::string& workflow_id, std::uint64_t owner, Time now, Duration lease);
  void unlock(const std::string& workflow_id, std::uint64_t owner);

 private:
  struct Message {
    Time visible;
    Time shown;                  // later, while it is hidden
    std::uint64_t sequence = 0;  // of what happened to it last
    bool popped = false;         // taken, and not acknowledged yet
    Time changed;
  };
  struct Queue {
    std::map<std::string, Message> messages;
    std::set<std::tuple<Time, std::uint64_t, std::string>> by_time;  // those not popped
    std::set<std::string> popped;
    std::deque<SlotRef> waiters;
    std::size_t clean_at =
        64;  // a waiter that another queue woke stays here until the next cleaning
  };
  struct Alarm {
    SlotRef slot;
    Time at;
  };
  struct Lease {
    std::uint64_t owner = 0;
    Time until;
  };

  void put(Queue& queue, const std::string& message, Time visible, bool popped, Time now);
  static void erase(Queue& queue, const std::string& message);
  static void wake(Queue& queue, Completions& completions, Time now);

  std::map<std::string, Queue> queues_;
  std::vector<Alarm> alarms_;
  std::vector<SlotRef> resting_;
  Time last_write_;
  std::map<std::string, Lease> leases_;
  std::uint64_t next_sequence_ = 1;
};

}  // namespace soundcheck::orchestrator
