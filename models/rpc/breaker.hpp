#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "models/rpc/policy.hpp"

namespace soundcheck {

// A circuit breaker (Nygard, "Release It!", 2007; the window as in Hystrix and Resilience4j), one
// for each caller process and call site:
//
//   closed     attempts pass and are counted; when among at least `calls` of the last `window` the
//              share of `errors` has failed, it opens
//   open       attempts are refused at once, without a message, for the time `open`
//   half-open  one attempt passes as a probe: its success closes the breaker, its failure opens it
//              again; one that never ends gives way to the next after the time `open`
//
// The window moves in tenths. What a process has counted dies with it.
class CircuitBreaker {
 public:
  enum class State : std::uint8_t { kClosed, kOpen, kHalfOpen };
  // Of an attempt that was let through; to be given back with its outcome.
  using Ticket = std::uint32_t;

  explicit CircuitBreaker(const BreakerPolicy& policy) : policy_(policy) {}

  // Nothing if the attempt is refused.
  std::optional<Ticket> admit(Time now);
  // Outcomes of attempts that were let through before the last change of state do not count.
  void record(Ticket ticket, bool failed, Time now);
  State state() const { return state_; }

 private:
  static constexpr std::size_t kSlices = 10;
  struct Slice {
    std::int64_t number = -1;  // which tenth of a window since the start of the run
    std::uint32_t calls = 0;
    std::uint32_t errors = 0;
  };

  void enter(State state, Time now);
  bool too_many_errors(std::int64_t now_slice) const;

  BreakerPolicy policy_;
  State state_ = State::kClosed;
  Ticket epoch_ = 0;  // changes with every change of state and every probe
  Time since_;        // of the state, or of the last probe
  std::array<Slice, kSlices> window_{};
};

}  // namespace soundcheck
