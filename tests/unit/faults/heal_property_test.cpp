// Whatever a plan has done, healing all faults restores the world.
#include <gtest/gtest.h>

#include "faults/sampling.hpp"
#include "tests/unit/faults/fault_fixture.hpp"

namespace soundcheck {
namespace {

FaultSpace quiet_space() {
  return {.length = 60_s,
          .services = {{"payments", 6}, {"auth", 3}, {"clients", 1}},
          .databases = {"payments"},
          .hosts = {"host-0", "host-3", "host-5"},
          .zones = {"eu-a", "eu-b", "us-a"},
          .regions = {"eu", "us"},
          .steps = {}};
}

TEST(Healing, RestoresTheWorldAfterAnyPlan) {
  RandomStream random(2026, "healing");
  std::uint64_t strikes = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    QuietWorld quiet(seed);
    std::vector<FaultSpec> specs;
    for (std::uint64_t i = 0; i <= random.below(8); ++i) {
      const FaultDefinition& kind = *fault_kinds()[random.below(fault_kinds().size())];
      specs.push_back(sample_fault(kind, quiet_space(), random));
    }
    FaultInjector injector(quiet.world, std::move(specs));
    injector.start();
    for (int i = 1; i <= 60; ++i) {
      quiet.run_until(Duration::seconds(i));
      for (const AimPhase& phase : aim_phases()) {
        FailpointContext at;
        at.failpoint = phase.point.failpoint;
        at.process = quiet.payments[static_cast<std::size_t>(i) % 6];
        at.peer = quiet.database;
        at.service = quiet.world.process(at.process).service;
        if (quiet.running(at.process)) quiet.world.failpoints().reach(at);
      }
    }
    strikes += injector.strikes().size();
    injector.heal_all();
    ASSERT_TRUE(quiet.is_whole()) << "seed " << seed;
    for (std::size_t i = 0; i < injector.size(); ++i) EXPECT_FALSE(injector.active(i));
    const std::size_t before = injector.strikes().size();
    quiet.run_until(2_h);
    ASSERT_TRUE(quiet.is_whole()) << "seed " << seed;
    EXPECT_EQ(injector.strikes().size(), before) << "nothing strikes after healing";
  }
  EXPECT_GT(strikes, 3000U) << "or else there was nothing to heal";
}

}  // namespace
}  // namespace soundcheck
