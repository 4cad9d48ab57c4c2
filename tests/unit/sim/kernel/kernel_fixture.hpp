#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/unit/sim/kernel/kernel_log.hpp"

namespace soundcheck::test {

// What the port promises, for both kernels.
class KernelTest : public testing::TestWithParam<Fidelity> {
 protected:
  void on(const Platform& platform, const std::function<void(Kernel&, KernelLog&, Script&)>& body) {
    with_kernel(GetParam(), platform, [&](Kernel& kernel) {
      KernelLog log(kernel);
      Script script;
      body(kernel, log, script);
      return std::string();
    });
  }
};

inline constexpr HostId kHost{0};
inline constexpr HostId kNeighbour{1};  // same zone
inline constexpr HostId kNextZone{3};   // same region
inline constexpr HostId kFarAway{6};    // other region
inline constexpr std::int64_t kMillisecond = 1'000'000;

}  // namespace soundcheck::test
