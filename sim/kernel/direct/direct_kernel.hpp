#pragma once

#include <memory>

#include "sim/kernel/kernel.hpp"

namespace soundcheck {

// Our own event queue behind the Kernel port; any number in one process. Each direction of a link
// serves messages first in, first out at its bandwidth (where `flow` shares it max-min fairly); a
// message books all links of its route when it is sent. Hosts follow the same sharing rules as in
// `flow`.
std::unique_ptr<Kernel> make_direct_kernel(const Platform& platform);

}  // namespace soundcheck
