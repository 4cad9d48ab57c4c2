#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/events/event_stream.hpp"

namespace soundcheck {

class World;

// The end of the event stream, for whoever must tell why a run did not end well. Listens to
// everything; as cheap as copying an event.
class LastEvents final : public EventListener {
 public:
  static constexpr std::size_t kKept = 256;

  explicit LastEvents(World& world);
  LastEvents(const LastEvents&) = delete;
  LastEvents& operator=(const LastEvents&) = delete;

  void on_event(const Event& event) override { ring_[count_++ % kKept] = event; }

  // One line each, the oldest first: "12.300000000 s  call-ended  caller=payments-1 ...".
  std::string text() const;
  // What is repeated most among them: "call-ended a.get". Empty if nothing has happened.
  std::string most_frequent() const;

 private:
  std::size_t kept() const { return count_ < kKept ? count_ : kKept; }
  const Event& event(std::size_t i) const {  // from the oldest
    return ring_[(count_ - kept() + i) % kKept];
  }

  World& world_;
  std::array<Event, kKept> ring_{};
  std::size_t count_ = 0;
};

}  // namespace soundcheck
