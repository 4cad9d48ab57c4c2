// What a change of a host's link does to messages that are under way.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/core/random.hpp"
#include "tests/unit/sim/kernel/kernel_fixture.hpp"

namespace soundcheck::test {
namespace {

class LinkChange : public KernelTest {
 protected:
  bool queues() const { return GetParam() == Fidelity::kDirect; }
};

INSTANTIATE_TEST_SUITE_P(Kernels, LinkChange, testing::Values(Fidelity::kDirect, Fidelity::kFlow),
                         [](const auto& info) {
                           return info.param == Fidelity::kDirect ? "Direct" : "Flow";
                         });

// One zone, links of 1 Mbyte/s and 50 us in each direction.
Platform slow_links(std::size_t hosts = 3) {
  Platform platform;
  platform.regions.push_back({"r", {20_ms, 1e9}});
  platform.zones.push_back({"z", RegionId(0), {100_us, 1e9}});
  for (std::size_t i = 0; i < hosts; ++i) {
    platform.hosts.push_back({.name = "h" + std::to_string(i),
                              .zone = ZoneId(0),
                              .cores = 1,
                              .sharing = Sharing::kShared,
                              .up = {50_us, 1e6},
                              .down = {50_us, 1e6},
                              .disk_read_bytes_per_second = 500e6,
                              .disk_write_bytes_per_second = 250e6});
  }
  return platform;
}

constexpr std::int64_t kLatency = 100'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kRounding = 3;  // nanoseconds
// A message in `flow` is on its links only after its latency, in `direct` at once.
constexpr std::int64_t kHead = kLatency + kRounding;

TEST_P(LinkChange, WhatIsLeftOfOneMessageGoesOnAtTheNewBandwidth) {
  on(slow_links(), [](Kernel& kernel, KernelLog& log, Script& script) {
    kernel.set_link(kHost, 0_s, 0.1);
    kernel.transfer(kHost, kNeighbour, 1'000'000, log.activity(1));
    kernel.transfer(HostId(2), kNeighbour, 100, log.activity(2));
    script.at(kernel, Time::at(500_ms), [&] { kernel.set_link(kHost, 0_s, 1.0); });
    kernel.run(Time::never());
    // 50 kB in the first half second, 950 kB at 1 Mbyte/s.
    EXPECT_NEAR(log.done_at(1), 1'450'000'000, 10 * kHead);
  });
  on(slow_links(), [](Kernel& kernel, KernelLog& log, Script& script) {
    kernel.transfer(kNeighbour, kHost, 1'000'000, log.activity(1));
    script.at(kernel, Time::at(500_ms), [&] { kernel.set_link(kHost, 0_s, 0.1); });
    kernel.run(Time::never());
    EXPECT_NEAR(log.done_at(1), 5'500'000'000, 10 * kHead);
  });
}

TEST_P(LinkChange, RaisesMessagesThatShareTheLink) {
  on(slow_links(), [this](Kernel& kernel, KernelLog& log, Script& script) {
    kernel.set_link(kHost, 0_s, 0.1);
    kernel.transfer(kHost, kNeighbour, 1'000'000, log.activity(1));
    kernel.transfer(kHost, HostId(2), 1'000'000, log.activity(2));
    script.at(kernel, Time::at(500_ms), [&] { kernel.set_link(kHost, 0_s, 1.0); });
    kernel.run(Time::never());
    // 50 kB of 2 Mbyte in half a second, the rest at 1 Mbyte/s; a queue sends one after the other.
    EXPECT_NEAR(log.done_at(1), queues() ? 1'450'000'000 : 2'450'000'000, 10 * kHead);
    EXPECT_NEAR(log.done_at(2), 2'450'000'000, 10 * kHead);
  });
}

TEST_P(LinkChange, SlowsMessagesThatShareTheLink) {
  on(slow_links(), [this](Kernel& kernel, KernelLog& log, Script& script) {
    kernel.transfer(kHost, kNeighbour, 1'000'000, log.activity(1));
    kernel.transfer(kHost, HostId(2), 1'000'000, log.activity(2));
    script.at(kernel, Time::at(500_ms), [&] { kernel.set_link(kHost, 0_s, 0.1); });
    kernel.run(Time::never());
    // 1.5 Mbyte are left after half a second, at 0.1 Mbyte/s.
    EXPECT_NEAR(log.done_at(1), queues() ? 5'500'000'000 : 15'500'000'000, 10 * kHead);
    EXPECT_NEAR(log.done_at(2), 15'500'000'000, 10 * kHead);
  });
}

// Its receivers have links of their own; who shares only those is not held up.
TEST_P(LinkChange, LeavesMessagesOfOtherHostsAlone) {
  on(slow_links(5), [](Kernel& kernel, KernelLog& log, Script& script) {
    kernel.transfer(kHost, kNeighbour, 1'000'000, log.activity(1));
    kernel.transfer(HostId(2), HostId(3), 1'000'000, log.activity(2));
    kernel.transfer(HostId(4), HostId(3), 1'000'000, log.activity(3));
    script.at(kernel, Time::at(500_ms), [&] { kernel.set_link(kHost, 0_s, 0.1); });
    kernel.run(Time::never());
    EXPECT_NEAR(log.done_at(1), 5'500'000'000, 10 * kHead);
    EXPECT_NEAR(log.done_at(3), 2 * kSecond + kLatency, kRounding);
  });
}

// Packets that have left keep their delay; only what sets out later meets the new one.
TEST_P(LinkChange, OfLatencyIsForMessagesThatSetOutLater) {
  for (const bool raised : {true, false}) {
    on(slow_links(), [raised](Kernel& kernel, KernelLog& log, Script& script) {
      const Duration before = raised ? 0_s : 200_ms;
      const Duration after = raised ? 200_ms : 0_s;
      kernel.set_link(kHost, before, 1.0);
      kernel.transfer(kHost, kNeighbour, 0, log.activity(1));
      kernel.transfer(kHost, kNeighbour, 400'000, log.activity(2));
      kernel.transfer(kHost, HostId(2), 400'000, log.activity(3));
      script.at(kernel, Time::at(50_us), [&] { kernel.set_link(kHost, after, 1.0); });
      script.at(kernel, Time::at(500_ms), [&] { kernel.set_link(kHost, after, 1.0); });
      script.at(kernel, Time::at(3_s),
                [&] { kernel.transfer(kNeighbour, kHost, 1'000'000, log.activity(4)); });
      kernel.run(Time::never());
      EXPECT_EQ(log.done_at(1), before.count() + kLatency);
      EXPECT_NEAR(log.done_at(3), before.count() + kLatency + 800'000'000, kRounding);
      EXPECT_EQ(log.done_at(4), 4 * kSecond + after.count() + kLatency);
    });
  }
}

TEST_P(LinkChange, ToWhatItWasChangesNothing) {
  on(slow_links(), [](Kernel& kernel, KernelLog& log, Script& script) {
    for (std::uint64_t i = 0; i < 5; ++i) {
      script.at(kernel, Time::at(100_ms * static_cast<std::int64_t>(i)), [&kernel, &log, i] {
        kernel.transfer(kHost, i % 2 == 0 ? kNeighbour : HostId(2), 300'000, log.activity(i));
      });
    }
    for (int i = 1; i < 20; ++i) {
      script.at(kernel, Time::at(77_ms * i), [&kernel] { kernel.set_link(kHost, 0_s, 1.0); });
    }
    kernel.run(Time::never());
    EXPECT_NEAR(log.entries().back().at, kLatency + 1'500'000'000, 20 * kRounding);
  });
}

// However the link's bandwidth moves and in whatever order it sends: it is never idle while
// something is left, so its last byte is through when the integral of its bandwidth over time has
// reached all the bytes (the work in the system of a work-conserving server is the same in every
// discipline).
TEST_P(LinkChange, TheLastByteIsThroughWhenTheBandwidthHasCarriedAll) {
  for (int trial = 0; trial < 20; ++trial) {
    RandomStream random(trial, "link changes");
    struct Change {
      double at;  // seconds
      double factor;
    };
    std::vector<Change> changes = {{0, 1}};
    for (int i = 0; i < 8; ++i) {
      changes.push_back(
          {changes.back().at + 0.1 + random.uniform(), std::pow(10.0, -2 * random.uniform())});
    }
    std::vector<std::int64_t> bytes;
    double total = 0;
    for (int i = 0; i < 6; ++i) {
      bytes.push_back(100'000 + static_cast<std::int64_t>(random.below(900'000)));
      total += static_cast<double>(bytes.back());
    }
    double expected = 0;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const double bandwidth = 1e6 * changes[i].factor;
      const double until = i + 1 < changes.size() ? changes[i + 1].at : 1e9;
      const double sent = bandwidth * (until - changes[i].at);
      if (sent >= total) {
        expected = changes[i].at + total / bandwidth;
        break;
      }
      total -= sent;
    }
    on(slow_links(), [&](Kernel& kernel, KernelLog& log, Script& script) {
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        kernel.transfer(kHost, HostId(1 + i % 2), bytes[i], log.activity(i));
      }
      // Seen from the link: in `flow` its first byte comes a latency later.
      const double head = queues() ? 0 : kLatency * 1e-9;
      for (const Change& change : changes) {
        const double at = (change.at + head) * 1e9;
        script.at(kernel, Time::from_nanoseconds(std::llround(at)),
                  [&kernel, change] { kernel.set_link(kHost, 0_s, change.factor); });
      }
      kernel.run(Time::never());
      std::int64_t last = 0;
      for (std::size_t i = 0; i < bytes.size(); ++i) last = std::max(last, log.done_at(i));
      EXPECT_NEAR(static_cast<double>(last), expected * 1e9 + kLatency, 100 * kRounding) << trial;
    });
  }
}

}  // namespace
}  // namespace soundcheck::test
