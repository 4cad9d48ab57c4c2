// Whatever a plan has done, healing all faults restores the world.
#include <gtest/gtest.h>

#include "tests/unit/faults/fault_fixture.hpp"

namespace soundcheck {
namespace {

template <class T>
T pick(RandomStream& random, std::initializer_list<T> choices) {
  return *(choices.begin() + random.below(choices.size()));
}

FaultTarget random_target(RandomStream& random, const FaultDefinition& kind, bool aimed) {
  for (;;) {
    FaultTarget target;
    switch (pick(random, {TargetForm::kService, TargetForm::kDatabase, TargetForm::kHost,
                          TargetForm::kZone, TargetForm::kRegion, TargetForm::kRoute})) {
      case TargetForm::kService:
        target.service = pick<const char*>(random, {"payments", "auth", "clients"});
        break;
      case TargetForm::kDatabase:
        target.database = "payments";
        break;
      case TargetForm::kHost:
        target.host = pick<const char*>(random, {"host-0", "host-3", "host-5"});
        break;
      case TargetForm::kZone:
        target.zone = pick<const char*>(random, {"eu-a", "eu-b", "us-a"});
        break;
      case TargetForm::kRegion:
        target.region = pick<const char*>(random, {"eu", "us"});
        break;
      case TargetForm::kRoute:
        target.from = pick<const char*>(random, {"payments", "clients", "eu", "host-1"});
        if (random.chance(0.7)) {
          target.to = pick<const char*>(random, {"auth", "payments.database", "us-a"});
        }
        break;
    }
    if (target.service || target.database) {
      using Role = ReplicaRole::Kind;
      if (random.chance(0.8)) {
        target.replica = ReplicaRole{
            pick(random, {Role::kAll, Role::kAny, Role::kOne, Role::kMinority, Role::kMajority})};
      } else if (aimed) {
        target.replica = ReplicaRole{Role::kInvolved};
      }
    }
    if (kind.takes(target.forms().front())) return target;
  }
}

FaultSpec random_fault(RandomStream& random) {
  for (;;) {
    const FaultDefinition& kind = *fault_kinds()[random.below(fault_kinds().size())];
    FaultSpec spec = kind.name == "network.delay"
                         ? fault_of("network.delay", {{"delay", "uniform(1ms, 2s)"}})
                     : kind.name == "process.crash"
                         ? fault_of("process.crash",
                                    {{"restart", pick<const char*>(random, {"0s", "1s", "1h"})}})
                         : fault_of(std::string(kind.name));
    if (random.chance(0.4)) {
      spec.at = Duration::milliseconds(static_cast<std::int64_t>(random.below(60'000)));
    } else if (random.chance(0.5)) {
      spec.every = Distribution::exponential(8_s);
    } else {
      spec.when = FaultAim{.chance = Probability::percent(20)};
    }
    if (kind.lasts == nullptr && (spec.every || random.chance(0.6))) spec.lasts = 7_s;
    if (spec.when && kind.verdict != nullptr) spec.lasts.reset();
    spec.target = random_target(random, kind, spec.when.has_value());
    if (problems_of(spec).empty()) return spec;
  }
}

TEST(Healing, RestoresTheWorldAfterAnyPlan) {
  RandomStream random(2026, "healing");
  std::uint64_t strikes = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    QuietWorld quiet(seed);
    std::vector<FaultSpec> specs;
    for (std::uint64_t i = 0; i <= random.below(8); ++i) specs.push_back(random_fault(random));
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
