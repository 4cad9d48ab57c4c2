#pragma once

#include <simgrid/s4u.hpp>
#include <vector>

#include "sim/kernel/platform.hpp"

namespace soundcheck {

// A platform's hosts and links as SimGrid has them, by HostId. Owned by SimGrid's engine.
struct SimgridHost {
  simgrid::s4u::Host* host;  // an end of messages: it computes nothing
  simgrid::s4u::Link* up;
  simgrid::s4u::Link* down;
};

// A message has a whole number of bytes in SimGrid, but what is left of one that was alone so far
// has a fraction: links are built in units of 2^-20 bytes. Messages of 8 TB fit.
inline constexpr double kLinkUnitsPerByte = 0x1p20;

// Builds and seals the platform: a star zone for each zone, in a star zone for its region, in one
// for the world, so that 100,000 hosts need no route table. The engine exists and has no platform
// yet.
std::vector<SimgridHost> build_simgrid_platform(const Platform& platform);

}  // namespace soundcheck
