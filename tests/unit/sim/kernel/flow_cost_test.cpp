// What a run costs in `flow`: how often SimGrid is asked.
#include <gtest/gtest.h>

#include "tests/unit/sim/kernel/kernel_fixture.hpp"

namespace soundcheck::test {
namespace {

// Rounds of SimGrid in the hour after a burst in the first second. `start` is called for each
// activity of the burst and of what follows.
void expect_no_rounds_after_a_burst(const std::function<void(Kernel&, ActivityCallback)>& start,
                                    Duration interval) {
  with_kernel(Fidelity::kFlow, small_platform(Sharing::kShared, 4), [&](Kernel& kernel) {
    KernelLog log(kernel);
    Script script;
    for (std::uint64_t i = 0; i < 100; ++i) {
      script.at(kernel, Time::at(1_s), [&] { start(kernel, log.activity(0)); });
    }
    for (std::int64_t i = 1; i <= 10'000; ++i) {
      script.at(kernel, Time::at(interval * i), [&] { start(kernel, log.activity(1)); });
    }
    kernel.run(Time::at(20_s));
    const std::uint64_t before = rounds_of(kernel);
    kernel.run(Time::at(interval * 10'001 + 1_s));
    EXPECT_EQ(log.entries().size(), 10'100U);
    EXPECT_LE(rounds_of(kernel) - before, 1U);
    return std::string();
  });
}

// Two and a half cores of four are busy, always.
TEST(FlowCost, OfComputationsIsAsBeforeWhenABurstIsOver) {
  expect_no_rounds_after_a_burst(
      [](Kernel& kernel, ActivityCallback done) { kernel.execute(kHost, 25_ms, done); }, 10_ms);
}

// 5 MB take 10 ms.
TEST(FlowCost, OfADiskIsAsBeforeWhenABurstIsOver) {
  expect_no_rounds_after_a_burst(
      [](Kernel& kernel, ActivityCallback done) {
        kernel.access(kHost, 5'000'000, DiskOperation::kRead, done);
      },
      11_ms);
}

// 5 MB take 5 ms.
TEST(FlowCost, OfMessagesIsAsBeforeWhenABurstIsOver) {
  expect_no_rounds_after_a_burst(
      [](Kernel& kernel, ActivityCallback done) {
        kernel.transfer(kHost, kNeighbour, 5'000'000, done);
      },
      6_ms);
}

// Only links are shared along routes.
TEST(FlowCost, OfSharedCoresIsNoRoundOfSimGrid) {
  with_kernel(Fidelity::kFlow, small_platform(), [](Kernel& kernel) {
    KernelLog log(kernel);
    for (std::uint64_t i = 0; i < 1000; ++i) kernel.execute(kHost, 1_ms, log.activity(i));
    kernel.run(Time::never());
    EXPECT_EQ(log.done_at(999), (500_ms).count());
    EXPECT_EQ(rounds_of(kernel), 0U);
    return std::string();
  });
}

}  // namespace
}  // namespace soundcheck::test
