// What waits for days costs next to nothing: parents of children, and forks with a branch that
// waits (docs/decisions/0006). Events are those of the kernel.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "scenarios/assembly/run.hpp"
#include "scenarios/assembly/system.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

const Duration kThreeDays = Duration::days(3);

constexpr const char* kParent = R"(
  - { name: child, version: 1, schemaVersion: 2, tasks: [
      { name: wait, taskReferenceName: pause, type: WAIT,
        inputParameters: { duration: 3 days } } ] }
  - { name: main, version: 1, schemaVersion: 2, tasks: [
      { name: child, taskReferenceName: child, type: SUB_WORKFLOW,
        subWorkflowParam: { name: child } },
      { name: ship, taskReferenceName: ship, type: SIMPLE } ] }
workers: { ship: [ { time: 100ms } ] }
)";
constexpr const char* kFork = R"(
  - { name: main, version: 1, schemaVersion: 2, tasks: [
      { name: fork, taskReferenceName: fork, type: FORK_JOIN, forkTasks: [
        [ { name: wait, taskReferenceName: pause, type: WAIT,
            inputParameters: { duration: 3 days } } ],
        [ { name: pack, taskReferenceName: pack, type: SIMPLE } ] ] },
      { name: join, taskReferenceName: join, type: JOIN, joinOn: [ pause, pack ] },
      { name: ship, taskReferenceName: ship, type: SIMPLE } ] }
workers: { ship: [ { time: 100ms } ], pack: [ { time: 100ms } ] }
)";

struct Shipped {
  Time at;
  SagaTaskStatus status;
  bool operator==(const Shipped&) const = default;
};

// One workflow, which begins after 20 days. `disturbed`: something is out of order all the time, so
// that nothing is left out.
class WaitingSystem final : public EventListener {
 public:
  explicit WaitingSystem(const char* workflows, bool disturbed = false)
      : scenario_(scenario_with(workflows)), system_(scenario_, 1) {
    world().events().listen(*this, {EventKind::kSagaStep, EventKind::kSagaEnded});
    if (disturbed) world().disturbances().begin();
    system_.start_processes();
    system_.start_load();
    world().kernel().run(kBegin);
  }

  World& world() { return system_.world(); }
  std::uint64_t events_until(Duration after) {
    const std::uint64_t before = world().kernel().events();
    world().kernel().run(kBegin + after);
    return world().kernel().events() - before;
  }
  void on_event(const Event& event) override {
    if (event.kind == EventKind::kSagaEnded) {
      ++ended;
      return;
    }
    const auto step = event.as<SagaStep>();
    if (world().names().text(step.step) == "ship") shipped.push_back({event.at, step.status});
  }

  std::vector<Shipped> shipped;
  std::uint64_t ended = 0;
  inline static const Time kBegin = Time::at(Duration::days(20) - Duration::hours(1));

 private:
  static Scenario scenario_with(const char* workflows) {
    const std::filesystem::path path = test::own_file();
    std::ofstream(path) << "soundcheck: 1\narchitecture: own\nfidelity: direct\nduration: 40d\n"
                        << "services: { workers: { workers: 1, replicas: 1 } }\n"
                        << "workflows:" << workflows
                        << "workload: [ { arrivals: every 20d, workflow: main } ]\n";
    const auto scenario = load_scenario(path, {}, reference_catalogue());
    if (!scenario) throw std::runtime_error(scenario.diagnostics.text());
    return *scenario;
  }

  Scenario scenario_;
  System system_;
};

struct Waits {
  const char* name;
  const char* workflows;
  // Looks until they are left out, and the last ones: of the sweep of half a minute, of that of an
  // hour, of the JOIN; in its first ten seconds a JOIN is looked at all the time.
  std::uint64_t most;
};
const Waits kWaits[] = {{"a parent and its child", kParent, 1'500}, {"a fork", kFork, 25'000}};

TEST(WaitingParents, CostNextToNothing) {
  for (const Waits& waits : kWaits) {
    SCOPED_TRACE(waits.name);
    WaitingSystem system(waits.workflows);
    const std::uint64_t first_hours = system.events_until(6_h);
    EXPECT_LE(first_hours, waits.most);
    EXPECT_EQ(system.events_until(kThreeDays - 2_h), 0U);  // until three hours before the end
    // The last sweeps of the child, of which those in its last second come at once, as Conductor's
    // (a WAIT's rest in whole seconds); the end; and until polls and loops rest again.
    EXPECT_LE(system.events_until(kThreeDays + 2_h), 2'500U);
    EXPECT_EQ(system.ended, 1U);
  }
}

TEST(WaitingParents, GoOnWhenTheyWouldHaveGoneOn) {
  for (const Waits& waits : kWaits) {
    SCOPED_TRACE(waits.name);
    WaitingSystem resting(waits.workflows);
    WaitingSystem looking(waits.workflows, true);
    const std::uint64_t events = resting.events_until(kThreeDays + 2_h);
    EXPECT_GT(looking.events_until(kThreeDays + 2_h), 10 * events);
    ASSERT_EQ(resting.shipped.size(), looking.shipped.size());
    EXPECT_EQ(resting.ended, 1U);
    for (std::size_t i = 0; i < resting.shipped.size(); ++i) {
      EXPECT_EQ(resting.shipped[i].status, looking.shipped[i].status);
      // A JOIN is looked at every half minute by then, and phases drift by what transactions take.
      const double apart = (resting.shipped[i].at - looking.shipped[i].at).in_seconds();
      EXPECT_NEAR(apart, 0, waits.workflows == kFork ? 31 : 0.1);
    }
  }
}

TEST(WaitingParents, AreLookedAtAgainWhileAnythingIsOutOfOrder) {
  WaitingSystem system(kParent);
  system.events_until(24_h);
  World& world = system.world();
  const ProcessId server = world.replicas(world.service_named("orchestrator")).front();
  world.crash(server);
  world.kernel().run(world.now() + 5_s);
  world.start(server);
  EXPECT_GT(system.events_until(25_h), 100U);
  system.events_until(27_h);
  EXPECT_EQ(system.events_until(kThreeDays - 2_h), 0U);
  system.events_until(kThreeDays + 2_h);
  EXPECT_EQ(system.ended, 1U);
}

}  // namespace
}  // namespace soundcheck
