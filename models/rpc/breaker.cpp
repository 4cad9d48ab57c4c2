#include "models/rpc/breaker.hpp"

#include <algorithm>

namespace soundcheck {

std::optional<CircuitBreaker::Ticket> CircuitBreaker::admit(Time now) {
  if (state_ != State::kClosed) {
    if (now - since_ < policy_.open) return std::nullopt;
    enter(State::kHalfOpen, now);
  }
  return epoch_;
}

void CircuitBreaker::record(Ticket ticket, bool failed, Time now) {
  if (ticket != epoch_) return;
  if (state_ == State::kHalfOpen) {
    enter(failed ? State::kOpen : State::kClosed, now);
    return;
  }
  const std::int64_t width =
      std::max<std::int64_t>(1, policy_.window.count() / static_cast<std::int64_t>(kSlices));
  const std::int64_t number = now.count() / width;
  Slice& slice = window_[static_cast<std::size_t>(number) % kSlices];
  if (slice.number != number) slice = {.number = number};
  ++slice.calls;
  if (failed) ++slice.errors;
  if (failed && too_many_errors(number)) enter(State::kOpen, now);
}

bool CircuitBreaker::too_many_errors(std::int64_t now_slice) const {
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;
  for (const Slice& slice : window_) {
    if (slice.number <= now_slice - static_cast<std::int64_t>(kSlices)) continue;
    calls += slice.calls;
    errors += slice.errors;
  }
  return calls >= policy_.calls &&
         static_cast<double>(errors) >= policy_.errors * static_cast<double>(calls);
}

void CircuitBreaker::enter(State state, Time now) {
  state_ = state;
  since_ = now;
  ++epoch_;
  window_ = {};
}

}  // namespace soundcheck
