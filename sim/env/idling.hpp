#pragma once

#include "sim/core/time.hpp"
#include "sim/env/completion.hpp"
#include "sim/env/context.hpp"

namespace soundcheck {

// What a simulation offers to work that waits for something to do: repetitions that would all be
// the same need not happen one by one (docs/decisions/0006). A runtime that serves for real has
// none of this.
class Idling {
 public:
  virtual ~Idling() = default;

  // The request of a long poll (CallOptions::repeats) was held for `hold`, and there is still
  // nothing to answer. True when it may be parked instead of being answered with nothing and sent
  // again: the repetitions would all be the same, as far as can be seen now.
  virtual bool may_park(const ContextRef& context, Duration hold) = 0;
  // Parks it, if the above has just been true. Completes with Nothing when it ends to be so; its
  // handler may wake up earlier, when it has an answer, and then resumes it.
  virtual void park(const ContextRef& context, Duration hold, SlotRef woken) = 0;
  // The request is now the one that the caller would have sent last, and is held that much longer.
  virtual Duration resume(const ContextRef& context) = 0;

  // For loops that look for work: whether nothing has been out of order in the whole world since
  // `time`, as far as is known; and a completion with Nothing when something is.
  virtual bool undisturbed_since(Time time) const = 0;
  virtual void await_disturbance(SlotRef slot) = 0;
};

}  // namespace soundcheck
