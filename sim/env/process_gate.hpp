#pragma once

#include <cstdint>
#include <deque>

#include "sim/core/ready_queue.hpp"

namespace soundcheck {

// The way into one incarnation of a process. Whatever comes to it from outside (a message, a timer,
// the end of a computation, the wake-up of a coroutine) passes here, and so does what its own code
// begins:
//
//   open      it happens
//   holding   the process is paused: it is kept, and happens in the order of arrival as soon as the
//             process goes on, later than anything that had been kept before it
//   doomed    the process was killed: nothing happens in it any more
//
// What was kept when the process is killed comes from the ready queue, and finds the process gone:
// a request that its kernel had acknowledged has to be answered with a reset.
class ProcessGate {
 public:
  explicit ProcessGate(ReadyQueue& ready) : ready_(ready) {}
  ProcessGate(const ProcessGate&) = delete;
  ProcessGate& operator=(const ProcessGate&) = delete;

  bool open() const { return state_ == State::kOpen; }
  bool doomed() const { return state_ == State::kDoomed; }
  bool paused() const { return pauses_ > 0 && !doomed(); }

  // True: the process is paused, and `callback` comes again by itself when it is not.
  bool holds(Callback callback) {
    if (state_ != State::kHolding) [[likely]]
      return false;
    held_.push_back(callback);
    return true;
  }

  // Pauses are counted: the process goes on when each has been resumed.
  void pause();
  void resume();
  void doom();

 private:
  enum class State : std::uint8_t { kOpen, kHolding, kDoomed };

  static void deliver(void* self, std::uint64_t);

  ReadyQueue& ready_;
  State state_ = State::kOpen;
  std::uint32_t pauses_ = 0;
  std::deque<Callback> held_;
};

}  // namespace soundcheck
