#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/time.hpp"

namespace soundcheck::conductor {

// Conductor's queues of messages that become visible at an instant, without leases: what is popped
// is gone unless it is pushed again.
class InMemoryQueues {
 public:
  // Moves a message that is already there.
  void push(const std::string& queue, const std::string& message, Time due);
  void remove(const std::string& queue, const std::string& message);
  void reschedule(const std::string& queue, const std::string& message, Time due,
                  bool only_if_earlier);
  // When a message is or was due; nothing if it is not there.
  std::optional<Time> due(const std::string& queue, const std::string& message) const;
  // The visible message that was due first, or pushed first; it stays in the queue.
  std::optional<std::string> oldest_visible(const std::string& queue, Time now) const;
  // All messages of a queue that are visible, in that order.
  std::vector<std::string> visible(const std::string& queue, Time now) const;
  // When the next invisible message of any queue becomes visible.
  std::optional<Time> next_due(Time now) const;

 private:
  struct Message {
    Time due;
    std::uint64_t order = 0;
  };
  std::map<std::string, std::map<std::string, Message>> queues_;
  std::uint64_t next_order_ = 0;
};

}  // namespace soundcheck::conductor
