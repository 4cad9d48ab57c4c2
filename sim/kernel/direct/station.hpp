#pragma once

#include "sim/kernel/direct/processors.hpp"
#include "sim/kernel/gate.hpp"
#include "sim/kernel/timer_queue.hpp"

namespace soundcheck {

// The cores of a host, or its disk: a gate (open if the host shares, of `cores` places if it is
// first in, first out), processors behind it, and the timer for whoever ends next.
struct Station {
  Station(Sharing sharing, int cores, double speed)
      : gate(sharing, cores), processors(cores, speed) {}

  Gate gate;
  Processors processors;
  TimerId alarm;
  Time alarm_at = Time::never();  // never: not set
  std::uint64_t alarm_sequence = 0;
  bool alarm_may_be_early = false;
};

}  // namespace soundcheck
