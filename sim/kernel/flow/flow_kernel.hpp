#pragma once

#include <memory>

#include "sim/kernel/kernel.hpp"

namespace soundcheck {

// SimGrid behind the Kernel port: CPUs, disks and links are shared max-min fairly between
// concurrent activities (network model CM02 without cross traffic). One per process and lifetime:
// SimGrid's engine cannot be made twice, so a second call ends the program with an assertion; run
// it in a forked child.
std::unique_ptr<Kernel> make_flow_kernel(const Platform& platform);

}  // namespace soundcheck
