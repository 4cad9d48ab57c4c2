#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/kernel/kernel.hpp"
#include "tests/unit/sim/kernel/kernel_fixture.hpp"

namespace soundcheck::test {
namespace {

using testing::ElementsAre;

// Cancelling, and hosts and links that fail or slow down.
class KernelFaults : public KernelTest {};

INSTANTIATE_TEST_SUITE_P(Kernels, KernelFaults, testing::Values(Fidelity::kDirect, Fidelity::kFlow),
                         [](const auto& info) {
                           return info.param == Fidelity::kDirect ? "Direct" : "Flow";
                         });

TEST_P(KernelFaults, ACancelledActivityIsNeverReportedAndFreesItsShare) {
  on(small_platform(Sharing::kShared, 1), [](Kernel& kernel, KernelLog& log, Script& script) {
    kernel.execute(kHost, 2_ms, log.activity(1));
    const ActivityId computation = kernel.execute(kHost, 2_ms, log.activity(2));
    const ActivityId message = kernel.transfer(kHost, kNeighbour, 5'000'000, log.activity(3));
    const ActivityId access =
        kernel.access(kHost, 5'000'000, DiskOperation::kRead, log.activity(4));
    script.at(kernel, Time::at(1_ms), [&] {
      EXPECT_TRUE(kernel.cancel(computation));
      EXPECT_TRUE(kernel.cancel(message));
      EXPECT_TRUE(kernel.cancel(access));
      EXPECT_FALSE(kernel.cancel(computation));
    });
    kernel.run(Time::never());
    EXPECT_THAT(log.order(), ElementsAre(1));
    EXPECT_EQ(log.done_at(1), 2'500'000) << "half a core for 1 ms, then a whole one";
    EXPECT_FALSE(kernel.cancel(message));
    EXPECT_FALSE(kernel.cancel(ActivityId{}));
  });
}

TEST_P(KernelFaults, CancellingInAQueueLetsTheNextOneIn) {
  on(small_platform(Sharing::kFifo, 1), [](Kernel& kernel, KernelLog& log, Script& script) {
    const ActivityId running = kernel.execute(kHost, 5_ms, log.activity(1));
    const ActivityId waiting = kernel.execute(kHost, 5_ms, log.activity(2));
    kernel.execute(kHost, 1_ms, log.activity(3));
    script.at(kernel, Time::at(1_ms), [&] {
      EXPECT_TRUE(kernel.cancel(waiting));
      EXPECT_TRUE(kernel.cancel(running));
    });
    kernel.run(Time::never());
    EXPECT_THAT(log.order(), ElementsAre(3));
    EXPECT_EQ(log.done_at(3), 2 * kMillisecond);
  });
}

TEST_P(KernelFaults, AnActivityMayBeCancelledFromAnEventOfTheInstantInWhichItEnds) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script& script) {
    ActivityId computation;
    script.at(kernel, Time::at(1_ms), [&] { EXPECT_TRUE(kernel.cancel(computation)); });
    computation = kernel.execute(kHost, 1_ms, log.activity(1));
    kernel.run(Time::never());
    EXPECT_TRUE(log.entries().empty());
  });
}

TEST_P(KernelFaults, AHostThatGoesOffFailsWhatRunsOnItAtOnce) {
  for (const Sharing sharing : {Sharing::kShared, Sharing::kFifo}) {
    on(small_platform(sharing, 1), [](Kernel& kernel, KernelLog& log, Script& script) {
      kernel.execute(kHost, 5_ms, log.activity(1));
      kernel.execute(kHost, 5_ms, log.activity(2));
      kernel.access(kHost, 5'000'000, DiskOperation::kRead, log.activity(3));
      kernel.transfer(kHost, kNeighbour, 5'000'000, log.activity(4));
      kernel.transfer(kNeighbour, kHost, 5'000'000, log.activity(5));
      kernel.transfer(kHost, kHost, 50'000'000, log.activity(6));
      kernel.execute(kNeighbour, 5_ms, log.activity(7));
      script.at(kernel, Time::at(1_ms), [&] {
        kernel.set_host_on(kHost, false);
        kernel.execute(kHost, 1_ms, log.activity(8));
        kernel.transfer(kNeighbour, kHost, 100, log.activity(9));
        EXPECT_TRUE(log.entries().empty())
            << "failures are reported after the event, not inside it";
      });
      script.at(kernel, Time::at(2_ms), [&] {
        kernel.set_host_on(kHost, true);
        kernel.execute(kHost, 1_ms, log.activity(10));
        kernel.transfer(kNeighbour, kHost, 1'000'000, log.activity(11));
        kernel.access(kHost, 1'000'000, DiskOperation::kRead, log.activity(12));
      });
      kernel.run(Time::never());
      EXPECT_THAT(log.order(), ElementsAre(1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 7));
      for (const std::uint64_t which : {1, 2, 3, 4, 5, 6, 8, 9})
        EXPECT_EQ(log.failed_at(which), kMillisecond) << which;
      EXPECT_EQ(log.done_at(10), 3 * kMillisecond);
      EXPECT_EQ(log.done_at(11), (3_ms + 100_us).count());
      EXPECT_EQ(log.done_at(12), 4 * kMillisecond);
      EXPECT_EQ(log.done_at(7), 5 * kMillisecond);
    });
  }
}

// SimGrid's own hosts and disks fail in an order of their own, which differs between its releases.
TEST_P(KernelFaults, TheDiskOfAHostThatIsOffServesNothing) {
  for (const Sharing sharing : {Sharing::kShared, Sharing::kFifo}) {
    on(small_platform(sharing, 1), [](Kernel& kernel, KernelLog& log, Script& script) {
      for (const std::uint64_t which : {1, 2, 3})  // alone, sharing or waiting
        kernel.access(kHost, 5'000'000, DiskOperation::kRead, log.activity(which));
      script.at(kernel, Time::at(1_ms), [&] {
        kernel.set_host_on(kHost, false);
        kernel.access(kHost, 5'000'000, DiskOperation::kWrite, log.activity(4));
      });
      script.at(kernel, Time::at(2_ms), [&] {
        kernel.set_host_on(kHost, true);
        kernel.access(kHost, 500'000, DiskOperation::kRead, log.activity(5));
      });
      kernel.run(Time::never());
      EXPECT_THAT(log.order(), ElementsAre(1, 2, 3, 4, 5));
      for (const std::uint64_t which : {1, 2, 3, 4}) EXPECT_EQ(log.failed_at(which), kMillisecond);
      EXPECT_EQ(log.done_at(5), 3 * kMillisecond);
    });
  }
}

TEST_P(KernelFaults, ALinkThatGoesOffLosesItsMessagesButNotTheHostsOwn) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script& script) {
    kernel.transfer(kHost, kNeighbour, 5'000'000, log.activity(1));
    kernel.transfer(kFarAway, kHost, 0, log.activity(2));
    kernel.transfer(kHost, kHost, 50'000'000, log.activity(3));
    kernel.execute(kHost, 3_ms, log.activity(4));
    kernel.transfer(HostId(2), kNextZone, 100, log.activity(5));
    script.at(kernel, Time::at(1_ms), [&] {
      kernel.set_link_on(kHost, false);
      kernel.transfer(kNeighbour, kHost, 100, log.activity(6));
    });
    script.at(kernel, Time::at(2_ms), [&] {
      kernel.set_link_on(kHost, true);
      kernel.transfer(kNeighbour, kHost, 0, log.activity(7));
    });
    kernel.run(Time::never());
    EXPECT_THAT(log.order(), ElementsAre(5, 1, 2, 6, 7, 4, 3));
    for (const std::uint64_t which : {1, 2, 6})
      EXPECT_EQ(log.failed_at(which), kMillisecond) << which;
    EXPECT_EQ(log.done_at(7), (2_ms + 100_us).count());
    EXPECT_EQ(log.done_at(3), (4_ms + 10_us).count());
    EXPECT_EQ(log.done_at(4), 3 * kMillisecond);
  });
}

TEST_P(KernelFaults, AFailureThatWasNotReportedYetCanBeCancelled) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script& script) {
    const ActivityId computation = kernel.execute(kHost, 5_ms, log.activity(1));
    script.at(kernel, Time::at(1_ms), [&] {
      kernel.set_host_on(kHost, false);
      EXPECT_TRUE(kernel.cancel(computation));
    });
    kernel.run(Time::never());
    EXPECT_TRUE(log.entries().empty());
  });
}

TEST_P(KernelFaults, AChangeOfSpeedActsOnRunningComputations) {
  Platform platform = small_platform(Sharing::kShared, 1);
  platform.hosts[0].speed = 2.0;
  on(platform, [](Kernel& kernel, KernelLog& log, Script& script) {
    kernel.execute(kHost, 4_ms, log.activity(1));  // 2 ms at speed 2
    script.at(kernel, Time::at(1_ms), [&] { kernel.set_host_speed(kHost, 0.25); });
    script.at(kernel, Time::at(2_ms), [&] {
      kernel.execute(kHost, 500_us, log.activity(2));
      kernel.set_host_speed(kHost, 0.5);
    });
    script.at(kernel, Time::at(3_ms), [&] { kernel.set_host_speed(kHost, 1.0); });
    kernel.run(Time::never());
    // Of the 4 ms: 2 in the first, 0.5 in the second millisecond; in the third each of two runs at
    // 0.5 and the small one ends; the last 1 ms at speed 2.
    EXPECT_EQ(log.done_at(2), 3 * kMillisecond);
    EXPECT_EQ(log.done_at(1), 3'500'000);
  });
}

TEST_P(KernelFaults, ASlowLinkDelaysAndNarrowsWhatIsSentFromThenOn) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script& script) {
    kernel.set_link(kHost, 7_ms, 0.1);
    kernel.transfer(kHost, kNeighbour, 1'000'000, log.activity(1));
    EXPECT_EQ(kernel.latency(kNeighbour, kHost), 7_ms + 100_us);
    script.at(kernel, Time::at(1_s), [&] {
      kernel.set_link(kHost, 0_s, 1.0);
      kernel.transfer(kNeighbour, kHost, 1'000'000, log.activity(2));
    });
    kernel.run(Time::never());
    EXPECT_EQ(log.done_at(1), (7_ms + 100_us + 10_ms).count());
    EXPECT_EQ(log.done_at(2), (1_s + 100_us + 1_ms).count());
  });
}

}  // namespace
}  // namespace soundcheck::test
