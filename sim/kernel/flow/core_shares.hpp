#pragma once

#include <cstdint>
#include <vector>

#include "sim/kernel/gate.hpp"
#include "sim/kernel/platform.hpp"

namespace soundcheck {

// Who is on the cores of a host, or on its disk: some with a core to themselves, or any number that
// share in SimGrid.
struct CoreShares {
  CoreShares(Sharing how, int its_cores, double its_speed)
      : gate(how, its_cores), cores(static_cast<std::size_t>(its_cores)), speed(its_speed) {}

  bool has_free_core() const { return sharing == 0 && alone.size() < cores; }

  Gate gate;
  std::size_t cores;
  double speed;  // of a core, now
  std::vector<ActivityId> alone;
  std::uint32_t sharing = 0;
};

// A host, as the kernel keeps it.
struct Machine {
  CoreShares cores;
  CoreShares disk;
  HostSpec spec;
};

}  // namespace soundcheck
