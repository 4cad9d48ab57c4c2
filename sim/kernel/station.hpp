#pragma once

#include "sim/kernel/gate.hpp"
#include "sim/kernel/processors.hpp"
#include "sim/kernel/timer_queue.hpp"

namespace soundcheck {

// The cores of a host, or its disk. First in, first out: a gate of `cores` places, and whoever is
// inside has a core to itself until its own timer rings. Shared: processors, and the timer for
// whoever ends next.
struct Station {
  Station(Sharing how, int cores, double its_speed)
      : sharing(how), speed(its_speed), gate(how, cores), processors(cores, its_speed) {}

  Sharing sharing;
  double speed;
  Gate gate;
  Processors processors;
  TimerId alarm;
  Time alarm_at = Time::never();  // never: not set
  std::uint64_t alarm_sequence = 0;
  bool alarm_may_be_early = false;
};

}  // namespace soundcheck
