#include "sim/world/condition.hpp"
#include "tests/support/one_zone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace soundcheck {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Onlooker final : FailpointWatcher {
  Verdict at_failpoint(const FailpointContext&) override { return {}; }
};

TEST(WorldCondition, TellsEverythingThatIsNotAsItWas) {
  World world(Fidelity::kDirect, test::one_zone(2), 1);
  const ServiceId service = world.add_service("payments");
  const ProcessId first = world.add_process(service, "payments-0", HostId(0));
  const ProcessId second = world.add_process(service, "payments-1", HostId(1));
  world.start(first);
  world.start(second);
  const WorldCondition whole = condition_of(world);
  EXPECT_THAT(differences(world, whole), IsEmpty());

  world.set_host_down(HostId(1));
  EXPECT_THAT(
      differences(world, whole),
      ElementsAre("host host-1 is off", "process payments-1 does not run, its clock is off by 0s",
                  "1 disturbances are noted, not 0"));
  world.set_host_up(HostId(1));
  EXPECT_THAT(differences(world, whole), IsEmpty());

  world.crash(first);
  EXPECT_THAT(differences(world, whole).front(), testing::HasSubstr("payments-0 does not run"));
  world.start(first);
  EXPECT_THAT(differences(world, whole), IsEmpty()) << "another incarnation is as good";

  const ProcessPause pause = world.pause(first);
  EXPECT_THAT(differences(world, whole),
              ElementsAre("process payments-0 stands still, its clock is off by 0s",
                          "1 disturbances are noted, not 0"));
  world.resume(pause);
  EXPECT_THAT(differences(world, whole), IsEmpty());

  world.process(first).clock_offset = 3_s;
  EXPECT_THAT(differences(world, whole),
              ElementsAre("process payments-0 runs, its clock is off by 3s"));
  world.process(first).clock_offset = {};

  const NetworkRuleId rule = world.network().add_rule({});
  EXPECT_THAT(differences(world, whole), ElementsAre("1 network rules are in force, not 0",
                                                     "1 disturbances are noted, not 0"));
  world.network().remove_rule(rule);

  Onlooker onlooker;
  world.failpoints().arm(Failpoint::kDbBegin, onlooker);
  EXPECT_THAT(differences(world, whole), ElementsAre("db.begin is watched by 1, not 0"));
  world.failpoints().disarm(Failpoint::kDbBegin, onlooker);
  EXPECT_THAT(differences(world, whole), IsEmpty());
}

}  // namespace
}  // namespace soundcheck
