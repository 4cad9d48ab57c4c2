#include <gtest/gtest.h>

#include "tests/unit/faults/fault_fixture.hpp"

namespace soundcheck {
namespace {

FaultSpec host_down(Duration at, Duration lasts) {
  FaultSpec spec = fault_of("host.down");
  spec.at = at;
  spec.lasts = lasts;
  return spec;
}

TEST(HostDown, TakesEveryProcessOfTheHostAndStartsThemAgain) {
  QuietWorld quiet;
  FaultSpec spec = host_down(1_s, 10_s);
  spec.target.host = "host-0";
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  quiet.run_until(1_s);
  EXPECT_FALSE(quiet.world.host_on(HostId(0)));
  EXPECT_FALSE(quiet.running(quiet.payments[0]));
  EXPECT_FALSE(quiet.running(quiet.auth[0]));
  EXPECT_FALSE(quiet.running(quiet.clients));
  EXPECT_TRUE(quiet.running(quiet.payments[1]));
  quiet.run_until(11_s);
  EXPECT_TRUE(quiet.is_whole());
  EXPECT_EQ(quiet.world.process(quiet.payments[0]).incarnation, 2U);
  EXPECT_EQ(quiet.world.process(quiet.payments[1]).incarnation, 1U);
}

TEST(HostDown, OfAServiceTakesTheHostsOfTheChosenReplicas) {
  QuietWorld quiet;
  FaultSpec spec = host_down(0_s, 10_s);
  spec.target.service = "auth";
  spec.target.replica = replica(1);
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  quiet.run_until(1_s);
  EXPECT_FALSE(quiet.world.host_on(HostId(2)));
  EXPECT_FALSE(quiet.running(quiet.payments[2]));
  EXPECT_EQ(quiet.running_payments(), 5);
}

TEST(HostDown, OfAZoneOrRegionTakesAllItsHosts) {
  QuietWorld quiet;
  FaultSpec zone = host_down(0_s, 5_s);
  zone.target.zone = "eu-b";
  FaultSpec region = host_down(10_s, 5_s);
  region.target.region = "eu";
  FaultInjector injector(quiet.world, {zone, region});
  injector.start();
  quiet.run_until(1_s);
  EXPECT_EQ(quiet.running_payments(), 4);
  EXPECT_FALSE(quiet.running(quiet.payments[2]));
  quiet.run_until(11_s);
  EXPECT_EQ(quiet.running_payments(), 2);
  quiet.run_until(15_s);
  EXPECT_TRUE(quiet.is_whole());
}

TEST(HostDown, TwoOfOneHostEndWhenBothHaveHealed) {
  QuietWorld quiet;
  FaultSpec first = host_down(1_s, 10_s);   // until 11 s
  FaultSpec second = host_down(5_s, 15_s);  // until 20 s
  first.target.host = second.target.host = "host-3";
  FaultInjector injector(quiet.world, {first, second});
  injector.start();
  quiet.run_until(12_s);
  EXPECT_FALSE(quiet.world.host_on(HostId(3)));
  EXPECT_FALSE(injector.active(0));
  EXPECT_TRUE(injector.active(1));
  quiet.run_until(20_s);
  EXPECT_TRUE(quiet.world.host_on(HostId(3)));
  EXPECT_EQ(quiet.world.process(quiet.payments[3]).incarnation, 2U) << "started once";
}

TEST(HostDown, AProcessWhoseRestartFallsIntoThePowerCutStartsWithTheHost) {
  QuietWorld quiet;
  FaultSpec crash = crash_of("payments", replica(3), 5_s);
  crash.at = 1_s;  // would start again at 6 s
  FaultSpec cut = host_down(2_s, 10_s);
  cut.target.host = "host-3";
  FaultInjector injector(quiet.world, {crash, cut});
  injector.start();
  quiet.run_until(11_s);
  EXPECT_FALSE(quiet.running(quiet.payments[3]));
  quiet.run_until(12_s);
  EXPECT_TRUE(quiet.running(quiet.payments[3]));
}

TEST(HostDown, AProcessThatIsHeldDownByACrashDoesNotStartWithTheHost) {
  QuietWorld quiet;
  FaultSpec crash = crash_of("payments", replica(3), 30_s);
  crash.at = 1_s;
  FaultSpec cut = host_down(2_s, 10_s);
  cut.target.host = "host-3";
  FaultInjector injector(quiet.world, {crash, cut});
  injector.start();
  quiet.run_until(13_s);
  EXPECT_TRUE(quiet.world.host_on(HostId(3)));
  EXPECT_FALSE(quiet.running(quiet.payments[3]));
  quiet.run_until(31_s);
  EXPECT_TRUE(quiet.running(quiet.payments[3]));
}

TEST(HostDown, LastsUntilHealedIfNothingSaysHowLong) {
  QuietWorld quiet;
  FaultSpec spec = fault_of("host.down");
  spec.at = 1_s;
  spec.target.zone = "us-a";
  FaultInjector injector(quiet.world, {spec});
  injector.start();
  quiet.run_until(1_h);
  EXPECT_FALSE(quiet.world.host_on(HostId(4)));
  injector.heal_all();
  EXPECT_TRUE(quiet.is_whole());
}

}  // namespace
}  // namespace soundcheck
