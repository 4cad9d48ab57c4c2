#include "sim/kernel/kernel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/sim/kernel/kernel_fixture.hpp"

namespace soundcheck::test {
namespace {

using testing::ElementsAre;

INSTANTIATE_TEST_SUITE_P(Kernels, KernelTest, testing::Values(Fidelity::kDirect, Fidelity::kFlow),
                         [](const auto& info) {
                           return info.param == Fidelity::kDirect ? "Direct" : "Flow";
                         });

TEST_P(KernelTest, TimersFireAtTheirNanosecondHoweverLateInTheRun) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script&) {
    std::vector<std::int64_t> expected;
    std::uint64_t which = 0;
    for (const Duration start : {0_s, 1_d, 365_d, 3653_d}) {
      for (const Duration offset : {0_ns, 1_ns, 2_ns, 3_ns, 100_ns, 1001_ns}) {
        kernel.schedule(Time::at(start + offset), log.timer(which++));
        expected.push_back((start + offset).count());
      }
    }
    kernel.run(Time::never());
    ASSERT_EQ(log.entries().size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(log.entries()[i].at, expected[i]);
      EXPECT_EQ(log.entries()[i].which, i);
    }
  });
}

// With an activity under way SimGrid's clock, a double, must follow the integer clock at every
// nanosecond.
TEST_P(KernelTest, TimersFireAtTheirNanosecondWhileSomethingRuns) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script& script) {
    std::vector<std::int64_t> expected;
    for (const Duration start : {0_s, 1_d, 365_d, 3653_d}) {
      script.at(kernel, Time::at(start), [&] { kernel.execute(kHost, 1_s, log.activity(99)); });
      for (const Duration offset : {1_ns, 2_ns, 3_ns, 100_ns, 1001_ns, 5_ms}) {
        kernel.schedule(Time::at(start + offset), log.timer(expected.size()));
        expected.push_back((start + offset).count());
      }
    }
    kernel.run(Time::never());
    std::size_t seen = 0;
    for (const KernelLog::Entry& entry : log.entries()) {
      if (entry.which == 99) continue;
      EXPECT_EQ(entry.which, seen);
      EXPECT_EQ(entry.at, expected[seen]);
      ++seen;
    }
    EXPECT_EQ(seen, expected.size());
  });
}

TEST_P(KernelTest, ActivitiesKeepTheirLengthLateInTheRun) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script& script) {
    for (const Duration start : {0_s, 1_d, 365_d, 3653_d}) {
      script.at(kernel, Time::at(start), [&] {
        kernel.transfer(kHost, kNeighbour, 1'000'000, log.activity(1));
        kernel.execute(kHost, 3_ms, log.activity(2));
        kernel.access(kHost, 1'000'000, DiskOperation::kRead, log.activity(3));
      });
      kernel.run(Time::at(start + 1_s));
      ASSERT_EQ(log.entries().size() % 3, 0u);
      // A double has 60 ns between two values after ten years; direct is exact.
      const std::int64_t tolerance =
          GetParam() == Fidelity::kDirect ? 0 : 1 + start.count() / 2'000'000'000'000'000;
      const auto* last = &log.entries().back() - 2;
      EXPECT_NEAR(last[0].at, (start + 1_ms + 100_us).count(), tolerance);
      EXPECT_NEAR(last[1].at, (start + 2_ms).count(), tolerance);
      EXPECT_NEAR(last[2].at, (start + 3_ms).count(), tolerance);
    }
  });
}

TEST_P(KernelTest, TiesRunInTheOrderInWhichTheyWereStarted) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script&) {
    kernel.schedule(Time::at(5_ms), log.timer(1));
    kernel.execute(kHost, 5_ms, log.activity(2));
    kernel.schedule(Time::at(5_ms), log.timer(3));
    kernel.execute(kHost, 5_ms, log.activity(4));
    kernel.execute(kNeighbour, 5_ms, log.activity(5));
    kernel.transfer(kHost, kNeighbour, 4'900'000, log.activity(6));
    kernel.access(kHost, 2'500'000, DiskOperation::kRead, log.activity(7));
    kernel.schedule(Time::at(5_ms), log.timer(8));
    kernel.run(Time::never());
    EXPECT_THAT(log.order(), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
    for (const KernelLog::Entry& entry : log.entries()) EXPECT_EQ(entry.at, 5 * kMillisecond);
  });
}

TEST_P(KernelTest, WhatIsPostedRunsBeforeTheClockMoves) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script& script) {
    kernel.schedule(Time::at(1_ms), log.timer(9));
    script.at(kernel, Time::at(1_ms), [&] {
      kernel.schedule(kernel.now(), log.timer(3));
      kernel.post(log.timer(1));
      kernel.post(log.timer(2));
    });
    kernel.schedule(Time::at(1_ms), log.timer(10));
    kernel.run(Time::never());
    EXPECT_THAT(log.order(), ElementsAre(9, 1, 2, 10, 3));
    for (const KernelLog::Entry& entry : log.entries()) EXPECT_EQ(entry.at, kMillisecond);
  });
}

TEST_P(KernelTest, RunStopsAtItsLimitAndGoesOn) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script&) {
    kernel.execute(kHost, 4_ms, log.activity(1));
    kernel.schedule(Time::at(10_ms), log.timer(2));
    kernel.run(Time::at(3_ms));
    EXPECT_EQ(kernel.now(), Time::at(3_ms));
    EXPECT_TRUE(log.entries().empty());
    kernel.run(Time::at(4_ms));
    EXPECT_EQ(log.done_at(1), 4 * kMillisecond);
    kernel.run(Time::at(9_ms));
    EXPECT_EQ(kernel.now(), Time::at(9_ms));
    kernel.execute(kHost, 1_ms, log.activity(3));
    kernel.run(Time::at(1_s));
    EXPECT_EQ(log.done_at(2), 10 * kMillisecond);
    EXPECT_EQ(log.done_at(3), 10 * kMillisecond);
    EXPECT_EQ(kernel.now(), Time::at(10_ms)) << "nothing was left to do";
    EXPECT_EQ(kernel.events(), 3u);
  });
}

TEST_P(KernelTest, StopEndsTheRunBeforeTheNextEvent) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script& script) {
    script.at(kernel, Time::at(1_ms), [&] {
      kernel.stop();
      kernel.post(log.timer(1));
    });
    kernel.schedule(Time::at(1_ms), log.timer(2));
    kernel.execute(kHost, 1_ms, log.activity(3));
    kernel.run(Time::never());
    EXPECT_THAT(log.order(), ElementsAre(1));
    kernel.run(Time::never());
    EXPECT_THAT(log.order(), ElementsAre(1, 2, 3));
  });
}

TEST_P(KernelTest, AMessageTakesLatencyPlusBytesOverTheNarrowestBandwidth) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script& script) {
    struct Case {
      HostId to;
      std::int64_t bytes;
      Duration expected;
    };
    const std::vector<Case> cases = {
        {kNeighbour, 0, 100_us},
        {kNeighbour, 1'000'000, 100_us + 1_ms},
        {kNextZone, 1'000'000, 300_us + 2_ms},
        {kFarAway, 1'000'000, 40'300_us + 10_ms},
        {kHost, 0, 10_us},
        {kHost, 125'000, 20_us},
    };
    for (std::size_t i = 0; i < cases.size(); ++i) {
      script.at(kernel, Time::at(Duration::seconds(static_cast<std::int64_t>(i))),
                [&, i] { kernel.transfer(kHost, cases[i].to, cases[i].bytes, log.activity(i)); });
    }
    kernel.run(Time::never());
    for (std::size_t i = 0; i < cases.size(); ++i) {
      EXPECT_EQ(log.done_at(i) - static_cast<std::int64_t>(i) * 1'000'000'000,
                cases[i].expected.count())
          << i;
    }
    EXPECT_EQ(kernel.latency(kHost, kFarAway), 40'300_us);
    EXPECT_EQ(kernel.latency(kHost, kHost), 10_us);
  });
}

TEST_P(KernelTest, TwoMessagesShareALink) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script&) {
    kernel.transfer(kHost, kNeighbour, 1'000'000, log.activity(1));
    kernel.transfer(kHost, HostId(2), 1'000'000, log.activity(2));
    kernel.transfer(HostId(4), HostId(5), 1'000'000, log.activity(3));
    kernel.run(Time::never());
    // The link's last byte is through after 2 ms in any discipline; the first message ends earlier
    // only in a queue.
    EXPECT_EQ(log.done_at(1), (100_us + (GetParam() == Fidelity::kDirect ? 1_ms : 2_ms)).count());
    EXPECT_EQ(log.done_at(2), (100_us + 2_ms).count());
    EXPECT_EQ(log.done_at(3), (100_us + 1_ms).count());
  });
}

// The first one has the link to itself for 0.4 ms, then half of it until it ends.
// A link that is not shared stands for one of each of many: a million bytes take 1 ms on the
// neighbour's down link, one after the other or at half the speed, though they left together.
TEST_P(KernelTest, MessagesOnALinkThatIsNotSharedAreInNobodysWay) {
  Platform platform = small_platform();
  platform.hosts[0].up.shared = false;
  on(platform, [](Kernel& kernel, KernelLog& log, Script&) {
    kernel.transfer(kHost, kNeighbour, 1'000'000, log.activity(1));
    kernel.transfer(kHost, HostId(2), 1'000'000, log.activity(2));
    kernel.run(Time::never());
    EXPECT_EQ(log.done_at(1), (100_us + 1_ms).count());
    EXPECT_EQ(log.done_at(2), (100_us + 1_ms).count());
  });
  platform.hosts[0].up.shared = true;
  on(platform, [](Kernel& kernel, KernelLog& log, Script&) {
    kernel.transfer(kHost, kNeighbour, 1'000'000, log.activity(1));
    kernel.transfer(kHost, HostId(2), 1'000'000, log.activity(2));
    kernel.run(Time::never());
    EXPECT_EQ(log.done_at(2), (100_us + 2_ms).count());
  });
}

TEST_P(KernelTest, AMessageSharesItsLinkFromWhenAnotherOneComes) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script& script) {
    kernel.transfer(kHost, kNeighbour, 1'000'000, log.activity(1));
    script.at(kernel, Time::at(400_us),
              [&] { kernel.transfer(kHost, HostId(2), 1'000'000, log.activity(2)); });
    script.at(kernel, Time::at(3_ms),
              [&] { kernel.transfer(kHost, HostId(2), 1'000'000, log.activity(3)); });
    kernel.run(Time::never());
    const bool queues = GetParam() == Fidelity::kDirect;
    EXPECT_EQ(log.done_at(1), (queues ? 1'100_us : 1'700_us).count());
    EXPECT_EQ(log.done_at(2), (2'100_us).count());
    EXPECT_EQ(log.done_at(3), (4'100_us).count());
  });
}

TEST_P(KernelTest, TheTwoDirectionsOfALinkDoNotShare) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script&) {
    kernel.transfer(kHost, kNeighbour, 1'000'000, log.activity(1));
    kernel.transfer(kNeighbour, kHost, 1'000'000, log.activity(2));
    kernel.run(Time::never());
    EXPECT_EQ(log.done_at(1), (1_ms + 100_us).count());
    EXPECT_EQ(log.done_at(2), (1_ms + 100_us).count());
  });
}

// A message that is still far away must not hold up one from next door.
TEST_P(KernelTest, AMessageFromFarAwayDoesNotBlockTheLinkBeforeItArrives) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script&) {
    kernel.transfer(kFarAway, kHost, 100'000, log.activity(1));
    kernel.transfer(kNeighbour, kHost, 1000, log.activity(2));
    kernel.run(Time::never());
    EXPECT_EQ(log.done_at(1), (40'300_us + 1_ms).count());
    EXPECT_LE(log.done_at(2), (300_us).count());
  });
}

TEST_P(KernelTest, ComputationsShareTheCores) {
  struct Case {
    int cores;
    std::vector<Duration> work;
    std::vector<Duration> end;
  };
  const std::vector<Case> cases = {
      {1, {2_ms}, {2_ms}},
      {1, {2_ms, 2_ms}, {4_ms, 4_ms}},
      {1, {1_ms, 3_ms}, {2_ms, 4_ms}},
      {1, {1_ms, 2_ms, 3_ms}, {3_ms, 5_ms, 6_ms}},
      {2, {2_ms, 3_ms}, {2_ms, 3_ms}},
      // Three at 2/3 of a core until 1.5 ms, when the first ends; then two cores for two.
      {2, {1_ms, 2_ms, 3_ms}, {1'500_us, 2'500_us, 3'500_us}},
      {1, {1_ns, 1_ns, 1_ns}, {3_ns, 3_ns, 3_ns}},
      {1, {0_ns, 1_ms}, {0_ns, 1_ms}},
  };
  for (std::size_t c = 0; c < cases.size(); ++c) {
    SCOPED_TRACE(c);
    on(small_platform(Sharing::kShared, cases[c].cores),
       [&](Kernel& kernel, KernelLog& log, Script&) {
         for (std::size_t i = 0; i < cases[c].work.size(); ++i)
           kernel.execute(kHost, cases[c].work[i], log.activity(i));
         kernel.run(Time::never());
         for (std::size_t i = 0; i < cases[c].end.size(); ++i)
           EXPECT_EQ(log.done_at(i), cases[c].end[i].count()) << i;
       });
  }
}

TEST_P(KernelTest, AComputationThatJoinsLaterSlowsTheOthersFromThenOn) {
  on(small_platform(Sharing::kShared, 1), [](Kernel& kernel, KernelLog& log, Script& script) {
    kernel.execute(kHost, 3_ms, log.activity(1));
    script.at(kernel, Time::at(1_ms), [&] { kernel.execute(kHost, 1_ms, log.activity(2)); });
    kernel.run(Time::never());
    EXPECT_EQ(log.done_at(2), 3 * kMillisecond);
    EXPECT_EQ(log.done_at(1), 4 * kMillisecond);
  });
}

TEST_P(KernelTest, FirstInFirstOutRunsAsManyAsThereAreCores) {
  on(small_platform(Sharing::kFifo, 2), [](Kernel& kernel, KernelLog& log, Script&) {
    kernel.execute(kHost, 3_ms, log.activity(1));
    kernel.execute(kHost, 1_ms, log.activity(2));
    kernel.execute(kHost, 1_ms, log.activity(3));
    kernel.execute(kHost, 5_ms, log.activity(4));
    kernel.run(Time::never());
    EXPECT_EQ(log.done_at(2), 1 * kMillisecond);
    EXPECT_EQ(log.done_at(3), 2 * kMillisecond);
    EXPECT_EQ(log.done_at(1), 3 * kMillisecond);
    EXPECT_EQ(log.done_at(4), 7 * kMillisecond);
  });
}

TEST_P(KernelTest, ADiskServesReadsAndWritesAtTheirOwnSpeed) {
  on(small_platform(), [](Kernel& kernel, KernelLog& log, Script& script) {
    kernel.access(kHost, 500'000, DiskOperation::kRead, log.activity(1));
    script.at(kernel, Time::at(1_s), [&] {
      kernel.access(kHost, 500'000, DiskOperation::kWrite, log.activity(2));  // 2 ms alone
      kernel.access(kHost, 500'000, DiskOperation::kRead, log.activity(3));   // 1 ms alone
    });
    kernel.run(Time::never());
    EXPECT_EQ(log.done_at(1), 1 * kMillisecond);
    EXPECT_NEAR(log.done_at(3), (1_s + 2_ms).count(), 1);
    EXPECT_NEAR(log.done_at(2), (1_s + 3_ms).count(), 1);
  });
}

TEST_P(KernelTest, AFirstInFirstOutDiskServesOneAfterTheOther) {
  on(small_platform(Sharing::kFifo, 2), [](Kernel& kernel, KernelLog& log, Script&) {
    kernel.access(kHost, 500'000, DiskOperation::kWrite, log.activity(1));
    kernel.access(kHost, 500'000, DiskOperation::kRead, log.activity(2));
    kernel.run(Time::never());
    EXPECT_EQ(log.done_at(1), 2 * kMillisecond);
    EXPECT_EQ(log.done_at(2), 3 * kMillisecond);
  });
}

// SimGrid 3.32 rounds a disk's progress to whole bytes whenever its clock moves.
TEST_P(KernelTest, ASlowDiskIsNotHeldUpByABusyClock) {
  Platform platform = small_platform();
  platform.hosts[0].disk_write_bytes_per_second = 1e6;
  on(platform, [](Kernel& kernel, KernelLog& log, Script&) {
    kernel.access(kHost, 1000, DiskOperation::kWrite, log.activity(1));
    for (std::int64_t i = 0; i < 5000; ++i)
      kernel.schedule(Time::at(Duration::nanoseconds(i * 199)), log.timer(2));
    kernel.run(Time::never());
    EXPECT_NEAR(log.done_at(1), kMillisecond, 1);
  });
}

TEST_P(KernelTest, CallbacksMayStartWhatTheyLike) {
  on(small_platform(Sharing::kShared, 1), [](Kernel& kernel, KernelLog& log, Script&) {
    struct Chain {
      Kernel& kernel;
      KernelLog& log;
      int left = 1000;
      static void next(void* self, std::uint64_t, Outcome) {
        auto& chain = *static_cast<Chain*>(self);
        if (chain.left-- == 0) return;
        const ActivityCallback again{&next, self, 0};
        if (chain.left % 2 == 0)
          chain.kernel.transfer(kHost, kNeighbour, 1000, again);
        else
          chain.kernel.execute(kHost, 10_us, again);
      }
    } chain{kernel, log};
    Chain::next(&chain, 0, Outcome::kDone);
    kernel.run(Time::never());
    // 500 messages of 101 us and as many computations. In flow each may lose a nanosecond to
    // rounding.
    EXPECT_NEAR(kernel.now().count(), 500 * 111'000, GetParam() == Fidelity::kDirect ? 0 : 1000);
    EXPECT_EQ(kernel.events(), 1000u);
  });
}

TEST_P(KernelTest, BuildsAHundredThousandHosts) {
  Platform platform;
  platform.regions.push_back({"region", {20_ms, 1e9}});
  for (int zone = 0; zone < 20; ++zone) {
    platform.zones.push_back({"zone" + std::to_string(zone), RegionId(0), {100_us, 1e9}});
  }
  for (std::uint32_t host = 0; host < 100'000; ++host) {
    platform.hosts.push_back({.name = "h" + std::to_string(host),
                              .zone = ZoneId(host % 20),
                              .up = {50_us, 1e9},
                              .down = {50_us, 1e9}});
  }
  on(platform, [](Kernel& kernel, KernelLog& log, Script&) {
    kernel.transfer(HostId(3), HostId(99'999), 1000, log.activity(1));
    kernel.run(Time::never());
    EXPECT_EQ(log.done_at(1), (300_us + 1_us).count());
  });
}

TEST(FlowKernel, RefusesASecondEngineInOneProcess) {
  const Forked result = run_forked([] {
    const std::unique_ptr<Kernel> first = make_flow_kernel(small_platform());
    const std::unique_ptr<Kernel> second = make_flow_kernel(small_platform());
    return std::string();
  });
  EXPECT_EQ(result.exit_code, 70);
  EXPECT_THAT(result.output, testing::HasSubstr("one SimGrid engine"));
}

}  // namespace
}  // namespace soundcheck::test
