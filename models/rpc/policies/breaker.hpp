#pragma once

#include <cstdint>
#include <optional>

#include "sim/core/strategy.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

// A circuit breaker (Nygard, "Release It!", 2007), one for each caller process and call site:
//
//   closed     attempts pass and are counted; it opens when the strategy says so
//   open       attempts are refused at once, without a message, for some time
//   half-open  one attempt passes as a probe: its success closes the breaker, its failure opens it
//              again; one that never ends gives way to the next after the time of `open`
//
// What a process has counted dies with it. When a closed one opens is what strategies differ in:
// a file in breakers/.
class Breaker : public StrategyObject {
 public:
  enum class State : std::uint8_t { kClosed, kOpen, kHalfOpen };
  // Of an attempt that was let through; to be given back with its outcome.
  using Ticket = std::uint32_t;

  static const StrategyFamily& family();

  // Nothing if the attempt is refused.
  std::optional<Ticket> admit(Time now);
  // Outcomes of attempts that were let through before the last change of state do not count.
  void record(Ticket ticket, bool failed, Time now);
  State state() const { return state_; }

 protected:
  // How long it stays open before an attempt is let through.
  virtual Duration open_for() const = 0;
  // Counts an attempt of a closed breaker; whether the breaker opens now.
  virtual bool opens_after(bool failed, Time now) = 0;
  // Forgets what was counted.
  virtual void reset() = 0;

 private:
  void enter(State state, Time now);

  State state_ = State::kClosed;
  Ticket epoch_ = 0;  // changes with every change of state and every probe
  Time since_;        // of the state, or of the last probe
};

}  // namespace soundcheck
