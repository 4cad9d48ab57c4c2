#include "sim/env/process_gate.hpp"

#include "sim/core/assert.hpp"

namespace soundcheck {

void ProcessGate::pause() {
  ++pauses_;
  if (state_ == State::kOpen) state_ = State::kHolding;
}

// Holds until deliver() runs: what arrives in between waits for its turn.
void ProcessGate::resume() {
  SOUNDCHECK_ASSERT(pauses_ > 0, "a process goes on that was not paused");
  if (--pauses_ == 0 && state_ == State::kHolding) ready_.post({&ProcessGate::deliver, this, 0});
}

void ProcessGate::doom() {
  state_ = State::kDoomed;
  if (!held_.empty()) ready_.post({&ProcessGate::deliver, this, 0});
}

void ProcessGate::deliver(void* self, std::uint64_t) {
  auto& gate = *static_cast<ProcessGate*>(self);
  if (gate.paused()) return;  // again, since this was posted
  if (gate.state_ == State::kHolding) gate.state_ = State::kOpen;
  // One of them may pause the process again; the rest then stays.
  while (!gate.held_.empty() && gate.state_ != State::kHolding) {
    const Callback callback = gate.held_.front();
    gate.held_.pop_front();
    callback();
  }
}

}  // namespace soundcheck
