#include "sim/world/world.hpp"

#include <gmock/gmock.h>

#include "tests/unit/sim/world/world_fixture.hpp"

namespace soundcheck::test {
namespace {

using testing::ElementsAre;

using Processes = WorldTest;

TEST_F(Processes, AreFoundByServiceAndName) {
  EXPECT_THAT(world.replicas(shop), ElementsAre(shop_0, shop_1));
  EXPECT_EQ(world.process(shop_1).replica, 1U);
  EXPECT_EQ(world.service_named("stock"), stock);
  EXPECT_FALSE(world.service_named("stocks").valid());
  EXPECT_EQ(name(stock_1), "stock-1");
  EXPECT_EQ(world.process_count(), 4U);
}

TEST_F(Processes, StartOnceAndDieOnceAndEveryoneIsTold) {
  told.clear();
  observed.clear();
  world.start(shop_0);  // runs already
  world.crash(shop_0);
  world.crash(shop_0);
  EXPECT_FALSE(world.running(shop_0));
  world.start(shop_0);
  EXPECT_TRUE(world.running(shop_0));
  EXPECT_THAT(told, ElementsAre("shop-0 down", "shop-0 up"));
  EXPECT_THAT(observed, ElementsAre("shop-0 crashed", "shop-0 up"));
}

TEST_F(Processes, EachStartIsANewIncarnationWithAScopeOfItsOwn) {
  EXPECT_EQ(world.process(shop_0).incarnation, 1U);
  world.crash(shop_0);
  world.start(shop_0);
  EXPECT_EQ(world.process(shop_0).incarnation, 2U);
  EXPECT_FALSE(world.process(shop_0).scope->doomed());
}

struct Tracer {
  bool* gone;
  ~Tracer() { *gone = true; }
};

// A coroutine that waits for ever, in the process.
Task<void> stand_by(bool* gone) {
  const Tracer tracer{gone};
  co_await std::suspend_always();
}

TEST_F(Processes, ACrashDestroysFramesFromTheReadyQueue) {
  bool gone = false;
  world.process(shop_0).scope->start_now(stand_by(&gone).release().promise());
  at(1_s, [&] {
    world.crash(shop_0);
    EXPECT_FALSE(gone) << "a coroutine of it may be on the stack";
  });
  run_until(2_s);
  EXPECT_TRUE(gone);
}

TEST_F(Processes, OneMayCrashItselfFromInsideItsOwnCode) {
  bool gone = false;
  bool went_on = false;
  const auto kills_itself = [](World* its_world, ProcessId self, bool* is_gone,
                               bool* goes_on) -> Task<void> {
    const Tracer tracer{is_gone};
    its_world->crash(self);
    *goes_on = true;
    co_await std::suspend_always();
  };
  world.process(shop_0).scope->start(
      kills_itself(&world, shop_0, &gone, &went_on).release().promise());
  run_until(1_s);
  EXPECT_TRUE(went_on) << "up to its next await";
  EXPECT_TRUE(gone);
  EXPECT_FALSE(world.running(shop_0));
}

// The new incarnation may be up before the frames of the old one are gone.
TEST_F(Processes, ARestartAtTheSameInstantDoesNotKeepTheOldFrames) {
  bool gone = false;
  world.process(shop_0).scope->start_now(stand_by(&gone).release().promise());
  at(1_s, [&] {
    world.crash(shop_0);
    world.start(shop_0);
  });
  run_until(2_s);
  EXPECT_TRUE(gone);
  EXPECT_TRUE(world.running(shop_0));
}

TEST_F(Processes, TheEndOfARunLeavesNoFrame) {
  bool living = false;
  bool dying = false;
  world.process(shop_0).scope->start_now(stand_by(&living).release().promise());
  world.process(shop_1).scope->start_now(stand_by(&dying).release().promise());
  world.crash(shop_1);
  world.shut_down();
  EXPECT_TRUE(living);
  EXPECT_TRUE(dying);
}

using Hosts = WorldTest;

TEST_F(Hosts, APowerCutTakesAllProcessesOfTheHostAndNoOthers) {
  observed.clear();
  world.set_host_down(HostId(0));
  world.set_host_down(HostId(0));
  EXPECT_THAT(observed, ElementsAre("shop-0 without power", "stock-0 without power"));
  EXPECT_FALSE(world.host_on(HostId(0)));
  EXPECT_TRUE(world.running(shop_1));
  world.start(shop_0);
  EXPECT_FALSE(world.running(shop_0)) << "there is no power";
}

TEST_F(Hosts, WhatRanBeforeComesBackWithThePower) {
  world.crash(stock_0);
  world.set_host_down(HostId(0));
  observed.clear();
  world.set_host_up(HostId(0));
  world.set_host_up(HostId(0));
  EXPECT_THAT(observed, ElementsAre("shop-0 up")) << "stock-0 was down for another reason";
  EXPECT_TRUE(world.host_on(HostId(0)));
}

TEST_F(Hosts, MessagesToOneThatIsOffAreLostAlsoThoseOnTheirWay) {
  Message& under_way = send(shop_1, stock_1);
  at(500_us, [&] { world.set_host_down(HostId(2)); });
  Message* late = nullptr;
  at(2_ms, [&] { late = &send(shop_1, stock_1); });
  run_until(1_s);
  EXPECT_EQ(under_way.outcome, Outcome::kFailed);
  EXPECT_EQ(under_way.at, Time::at(500_us));
  EXPECT_EQ(late->outcome, Outcome::kFailed);
}

// A crash is not a power cut: the host goes on and takes the message; what its system makes of it
// is the protocol's business.
TEST_F(Hosts, AMessageToADeadProcessOnALivingHostArrives) {
  world.crash(stock_1);
  const Message& message = send(shop_1, stock_1);
  run_until(1_s);
  EXPECT_EQ(message.outcome, Outcome::kDone);
}

TEST_F(Hosts, AProcessThatIsDownIsADisturbanceUntilItRunsAgain) {
  EXPECT_TRUE(world.disturbances().undisturbed()) << "the first start repairs nothing";
  world.set_host_down(HostId(0));
  at(1_s, [&] { world.set_host_up(HostId(0)); });
  run_until(2_s);
  EXPECT_TRUE(world.disturbances().undisturbed());
  EXPECT_FALSE(world.disturbances().undisturbed_since(Time()));
  EXPECT_TRUE(world.disturbances().undisturbed_since(Time::at(1_s)));
}

TEST(RandomStreams, OfAWorldBelongToTheirNames) {
  Platform platform;
  World world(Fidelity::kDirect, platform, 7);
  World other(Fidelity::kDirect, platform, 8);
  RandomStream first = world.random("arrivals");
  RandomStream noise = world.random("costs");
  RandomStream again = world.random("arrivals");
  RandomStream elsewhere = other.random("arrivals");
  int same_name = 0, other_name = 0, other_seed = 0;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t bits = first.bits();
    same_name += bits == again.bits() ? 1 : 0;
    other_name += bits == noise.bits() ? 1 : 0;
    other_seed += bits == elsewhere.bits() ? 1 : 0;
  }
  EXPECT_EQ(same_name, 100);
  EXPECT_EQ(other_name, 0);
  EXPECT_EQ(other_seed, 0);
}

}  // namespace
}  // namespace soundcheck::test
