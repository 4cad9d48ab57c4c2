#pragma once

#include <cstdint>
#include <memory>

#include "sim/kernel/kernel.hpp"

namespace soundcheck {

// SimGrid behind the Kernel port: links are shared max-min fairly between concurrent messages
// (network model CM02 without cross traffic), cores and disks alike. One per process and lifetime:
// SimGrid's engine cannot be made twice, so a second call ends the program with an assertion; run
// it in a forked child.
std::unique_ptr<Kernel> make_flow_kernel(const Platform& platform);

// How often SimGrid was asked so far: what a run costs in `flow`, counted. `flow` was made by
// make_flow_kernel.
std::uint64_t rounds_of(const Kernel& flow);

}  // namespace soundcheck
