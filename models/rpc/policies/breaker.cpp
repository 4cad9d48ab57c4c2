#include "models/rpc/policies/breaker.hpp"

namespace soundcheck {

namespace breakers {
#define SOUNDCHECK_BREAKER(function, name) StrategyKind function();
#include "models/rpc/policies/breakers.def"
#undef SOUNDCHECK_BREAKER
}  // namespace breakers

const StrategyFamily& Breaker::family() {
  static const StrategyFamily family("breaker", "sliding-window", StrategyStyle::kMap,
                                     {
#define SOUNDCHECK_BREAKER(function, name) {name, breakers::function()},
#include "models/rpc/policies/breakers.def"
#undef SOUNDCHECK_BREAKER
                                     });
  return family;
}

std::optional<Breaker::Ticket> Breaker::admit(Time now) {
  if (state_ != State::kClosed) {
    if (now - since_ < open_for()) return std::nullopt;
    enter(State::kHalfOpen, now);
  }
  return epoch_;
}

void Breaker::record(Ticket ticket, bool failed, Time now) {
  if (ticket != epoch_) return;
  if (state_ == State::kHalfOpen) {
    enter(failed ? State::kOpen : State::kClosed, now);
  } else if (opens_after(failed, now)) {
    enter(State::kOpen, now);
  }
}

void Breaker::enter(State state, Time now) {
  state_ = state;
  since_ = now;
  ++epoch_;
  reset();
}

}  // namespace soundcheck
