#include <gtest/gtest.h>

#include <array>

#include "faults/injector.hpp"
#include "scenarios/assembly/run.hpp"
#include "scenarios/assembly/system.hpp"
#include "scenarios/model/load.hpp"

namespace soundcheck {
namespace {

class Onlooker final : public FailpointWatcher {
  Verdict at_failpoint(const FailpointContext&) override { return {}; }
};

// How often a shipped scenario reaches each failpoint in its first half minute.
std::array<std::uint64_t, kFailpointCount> reached_in(const std::string& name) {
  const auto scenario =
      load_scenario(std::string(SOUNDCHECK_SOURCE_DIR) + "/scenarios/" + name + ".yaml",
                    {"fidelity=direct"}, reference_catalogue());
  EXPECT_TRUE(scenario) << scenario.diagnostics.text();
  System system(*scenario, scenario->seed);
  Failpoints& failpoints = system.world().failpoints();
  Onlooker onlooker;
  for (std::size_t i = 0; i < kFailpointCount; ++i) {
    failpoints.arm(static_cast<Failpoint>(i), onlooker);
  }
  system.start_processes();
  system.start_load();
  FaultInjector injector(system.world(), scenario->faults);
  injector.start();
  system.world().kernel().run(Time::at(30_s));
  std::array<std::uint64_t, kFailpointCount> counts{};
  for (std::size_t i = 0; i < kFailpointCount; ++i) {
    counts[i] = failpoints.reached(static_cast<Failpoint>(i));
  }
  return counts;
}

// A failpoint that no scenario comes to is one that nobody has seen work.
TEST(Failpoints, AreAllReachedByShippedScenarios) {
  std::array<std::uint64_t, kFailpointCount> all{};
  for (const char* name : {"quickstart", "orchestrator-crash", "child-workflow-crash",
                           "lessons/compensation-is-lost"}) {
    const auto counts = reached_in(name);
    for (std::size_t i = 0; i < kFailpointCount; ++i) all[i] += counts[i];
  }
  for (std::size_t i = 0; i < kFailpointCount; ++i) {
    EXPECT_GT(all[i], 0U) << name_of(static_cast<Failpoint>(i));
  }
}

}  // namespace
}  // namespace soundcheck
