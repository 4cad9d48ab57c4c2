#include <gtest/gtest.h>

#include <set>

#include "tests/unit/faults/fault_fixture.hpp"

namespace soundcheck {
namespace {

FaultSpec delay_of(std::string delay, Duration at, Duration lasts) {
  FaultSpec spec = fault_of("network.delay", {{"delay", std::move(delay)}});
  spec.at = at;
  spec.lasts = lasts;
  return spec;
}

TEST(NetworkDelay, HoldsBackMessagesOfTheRouteOnly) {
  QuietWorld quiet;
  FaultSpec spec = delay_of("200ms", 1_s, 10_s);
  spec.target.from = "payments";
  spec.target.to = "auth";
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  EXPECT_EQ(quiet.takes(quiet.payments[1], quiet.auth[1]), 100_us);
  quiet.run_until(2_s);
  EXPECT_EQ(quiet.takes(quiet.payments[1], quiet.auth[1]), 200_ms + 100_us);
  EXPECT_EQ(quiet.takes(quiet.auth[1], quiet.payments[1]), 100_us) << "replies are not held back";
  EXPECT_EQ(quiet.takes(quiet.clients, quiet.auth[1]), 100_us);
  quiet.run_until(11_s);
  EXPECT_TRUE(quiet.is_whole());
}

TEST(NetworkDelay, InBothDirectionsHoldsBackRepliesToo) {
  QuietWorld quiet;
  FaultSpec spec = fault_of("network.delay", {{"delay", "50ms"}, {"direction", "both"}});
  spec.at = 0_s;
  spec.target.from = "payments";
  spec.target.to = "auth";
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  quiet.run_until(1_s);
  EXPECT_EQ(quiet.takes(quiet.payments[1], quiet.auth[1]), 50_ms + 100_us);
  EXPECT_EQ(quiet.takes(quiet.auth[1], quiet.payments[1]), 50_ms + 100_us);
}

TEST(NetworkDelay, IsDrawnForEachMessageAndTheSameForTheSameSeed) {
  const auto draw = [](std::uint64_t seed) {
    QuietWorld quiet(seed);
    FaultSpec spec = delay_of("uniform(100ms, 300ms)", 0_s, 1_h);
    spec.target.from = "payments";
    FaultInjector injector(quiet.world, {spec});
    injector.start();
    quiet.run_until(1_s);
    std::vector<Duration> delays;
    for (int i = 0; i < 20; ++i) {
      delays.push_back(quiet.takes(quiet.payments[1], quiet.auth[1]) - 100_us);
    }
    return delays;
  };
  const auto delays = draw(7);
  for (const Duration delay : delays) {
    EXPECT_GE(delay, 100_ms);
    EXPECT_LE(delay, 300_ms);
  }
  EXPECT_GT(std::set(delays.begin(), delays.end()).size(), 15U);
  EXPECT_EQ(delays, draw(7));
  EXPECT_NE(delays, draw(8));
}

TEST(NetworkDelay, TwoOnOneRouteAddUp) {
  QuietWorld quiet;
  FaultSpec first = delay_of("30ms", 0_s, 10_s);
  first.target.from = "payments";
  FaultSpec second = delay_of("40ms", 5_s, 10_s);
  second.target.to = "auth";
  FaultInjector injector(quiet.world, {first, second});
  injector.start();
  quiet.run_until(6_s);
  EXPECT_EQ(quiet.takes(quiet.payments[1], quiet.auth[1]), 70_ms + 100_us);
  quiet.run_until(11_s);
  EXPECT_EQ(quiet.takes(quiet.payments[1], quiet.auth[1]), 40_ms + 100_us);
}

TEST(NetworkDelay, OfAZoneHoldsBackWhatLeavesIt) {
  QuietWorld quiet;
  FaultSpec spec = delay_of("30ms", 0_s, 10_s);
  spec.target.zone = "eu-a";
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  quiet.run_until(1_s);
  EXPECT_EQ(quiet.takes(quiet.payments[0], quiet.payments[2]), 30_ms + 100_us);
  EXPECT_EQ(quiet.takes(quiet.payments[0], quiet.payments[1]), 100_us) << "within the zone";
  EXPECT_EQ(quiet.takes(quiet.payments[2], quiet.payments[0]), 100_us);
}

}  // namespace
}  // namespace soundcheck
