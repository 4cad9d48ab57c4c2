#include "sim/world/failpoints.hpp"

#include <gmock/gmock.h>

#include <set>

#include "tests/unit/sim/world/world_fixture.hpp"

namespace soundcheck::test {
namespace {

using testing::ElementsAre;
using Action = Verdict::Action;

constexpr Failpoint kPoint = Failpoint::kDbAfterCommit;
constexpr Failpoint kOther = Failpoint::kDbBegin;

class FailpointsTest : public WorldTest {
 protected:
  // Answers with its verdict from its n-th time on, and says that it was asked.
  struct Watcher final : FailpointWatcher {
    Watcher(FailpointsTest& its_test, std::string its_name, Verdict its_verdict)
        : test(its_test), name(std::move(its_name)), verdict(its_verdict) {}
    Verdict at_failpoint(const FailpointContext& context) override {
      test.asked.push_back(name);
      process = context.process;
      if (disarms_itself) test.world.failpoints().disarm(context.failpoint, *this);
      return verdict;
    }
    bool could_strike(const FailpointContext&) const override {
      return verdict.action != Action::kPass;
    }
    FailpointsTest& test;
    std::string name;
    Verdict verdict;
    ProcessId process;
    bool disarms_itself = false;
  };

  Verdict reach(Failpoint failpoint = kPoint) {
    return world.failpoints().reach({.failpoint = failpoint, .process = shop_1});
  }
  std::vector<std::string> asked;
};

TEST_F(FailpointsTest, AnUnarmedOneIsNotArmed) {
  EXPECT_FALSE(world.failpoints().armed(kPoint));
  EXPECT_EQ(reach().action, Action::kPass);
  Watcher watcher(*this, "one", {});
  world.failpoints().arm(kPoint, watcher);
  EXPECT_TRUE(world.failpoints().armed(kPoint));
  EXPECT_FALSE(world.failpoints().armed(kOther));
  world.failpoints().disarm(kPoint, watcher);
  EXPECT_FALSE(world.failpoints().armed(kPoint));
}

TEST_F(FailpointsTest, TheFirstWatcherThatDoesNotLetItPassDecides) {
  Watcher first(*this, "first", {});
  Watcher second(*this, "second", {.action = Action::kDelay, .delay = 5_ms});
  Watcher third(*this, "third", {.action = Action::kDrop});
  for (Watcher* const watcher : {&first, &second, &third}) world.failpoints().arm(kPoint, *watcher);
  const Verdict verdict = reach();
  EXPECT_EQ(verdict.action, Action::kDelay);
  EXPECT_EQ(verdict.delay, 5_ms);
  EXPECT_THAT(asked, ElementsAre("first", "second"));
  EXPECT_EQ(first.process, shop_1);
}

// One that has struck for the last time goes; the next one is asked all the same.
TEST_F(FailpointsTest, AWatcherMayDisarmItselfWhileItIsAsked) {
  Watcher first(*this, "first", {});
  first.disarms_itself = true;
  Watcher second(*this, "second", {.action = Action::kDrop});
  world.failpoints().arm(kPoint, first);
  world.failpoints().arm(kPoint, second);
  EXPECT_EQ(reach().action, Action::kDrop);
  EXPECT_EQ(reach().action, Action::kDrop);
  EXPECT_THAT(asked, ElementsAre("first", "second", "second"));
}

TEST_F(FailpointsTest, CountsHowOftenEachWasReached) {
  reach();
  reach();
  reach(kOther);
  EXPECT_EQ(world.failpoints().reached(kPoint), 2U);
  EXPECT_EQ(world.failpoints().reached(kOther), 1U);
}

TEST_F(FailpointsTest, KnowsWhetherAnyWatcherCouldStrike) {
  const FailpointContext context{.failpoint = kPoint, .process = shop_1};
  EXPECT_FALSE(world.failpoints().could_strike(context));
  Watcher harmless(*this, "harmless", {});
  world.failpoints().arm(kPoint, harmless);
  EXPECT_FALSE(world.failpoints().could_strike(context));
  Watcher harmful(*this, "harmful", {.action = Action::kDrop});
  world.failpoints().arm(kPoint, harmful);
  EXPECT_TRUE(world.failpoints().could_strike(context));
}

TEST_F(FailpointsTest, ArmingIsADisturbanceThatPasses) {
  Watcher watcher(*this, "one", {});
  at(1_s, [&] { world.failpoints().arm(kPoint, watcher); });
  run_until(2_s);
  EXPECT_TRUE(world.disturbances().undisturbed());
  EXPECT_FALSE(world.disturbances().undisturbed_since(Time()));
}

TEST(Failpoints, EachHasANameOfItsOwnAndAPlace) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kFailpointCount; ++i) {
    const auto failpoint = static_cast<Failpoint>(i);
    EXPECT_TRUE(names.insert(name_of(failpoint)).second) << name_of(failpoint);
    EXPECT_FALSE(place_of(failpoint).empty()) << name_of(failpoint);
    EXPECT_EQ(failpoint_named(name_of(failpoint)), failpoint);
  }
  EXPECT_FALSE(failpoint_named("nowhere").has_value());
}

}  // namespace
}  // namespace soundcheck::test
