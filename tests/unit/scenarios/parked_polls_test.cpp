// Workers that wait for days cost nothing: their long polls are parked. Nobody may be able to tell,
// but by counting events.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "faults/injector.hpp"
#include "scenarios/assembly/run.hpp"
#include "scenarios/assembly/system.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

constexpr int kThreads = 6;  // of two replicas of three

std::string workload(const std::string& arrivals) {
  return "workload: [ { arrivals: " + arrivals + ", workflow: renewal } ]\n";
}

Scenario scenario_with(const std::string& more) {
  const std::filesystem::path path = test::own_file();
  std::ofstream(path) << R"(soundcheck: 1
architecture: own
fidelity: direct
duration: 10d
workflows:
  - name: renewal
    version: 1
    schemaVersion: 2
    tasks:
      - { name: charge_card, taskReferenceName: charge, type: SIMPLE }
      - { name: wait, taskReferenceName: pause, type: WAIT, inputParameters: { duration: 3 days } }
      - { name: ship_parcel, taskReferenceName: ship, type: SIMPLE }
tasks:
  - { name: charge_card, retryCount: 3, retryDelaySeconds: 100, responseTimeoutSeconds: 5 }
  - { name: ship_parcel, retryDelaySeconds: 1, responseTimeoutSeconds: 10 }
workers:
  charge: [ { status: FAILED, time: 50ms }, { time: 50ms } ]
  ship: [ { time: 100ms } ]
)" << more;
  const auto scenario = load_scenario(path, {}, reference_catalogue());
  if (!scenario) throw std::runtime_error(scenario.diagnostics.text());
  return *scenario;
}

std::string services(const std::string& more = {}) {
  return "services:\n  workers: { workers: 3, replicas: 2 }\n" + more;
}

// Keeps polls from being parked, and changes nothing: they are simulated as they were meant.
class Watcher final : public FailpointWatcher {
 public:
  Verdict at_failpoint(const FailpointContext&) override { return {}; }
};

struct Step {
  Time at;
  std::string name;
  SagaTaskStatus status;
  bool operator==(const Step&) const = default;
};
void PrintTo(const Step& step, std::ostream* out) {
  *out << fmt::format("{} {} at {} ns", step.name, name_of(step.status), step.at.count());
}

class IdleSystem final : public EventListener {
 public:
  explicit IdleSystem(const std::string& more, bool polls_are_watched = false)
      : scenario_(scenario_with(more)), system_(scenario_, 1) {
    World& world = system_.world();
    world.events().listen(*this,
                          {EventKind::kHandlerEnded, EventKind::kCallEnded, EventKind::kSagaStep,
                           EventKind::kHandlersRepeated, EventKind::kCallsRepeated});
    if (polls_are_watched) world.failpoints().arm(Failpoint::kRpcHandlerStart, watcher_);
    system_.start_processes();
    system_.start_load();
    injector_ = std::make_unique<FaultInjector>(system_.world(), scenario_.faults);
    injector_->start();
  }

  World& world() { return system_.world(); }
  void run(Duration until) { world().kernel().run(Time::at(until)); }
  void account() { system_.account_for_idleness(); }
  // Timers and activities of the kernel in this span.
  std::uint64_t events(Duration from, Duration until) {
    run(from);
    const std::uint64_t before = world().kernel().events();
    run(until);
    return world().kernel().events() - before;
  }
  // Polls that were answered with nothing, one by one, in this span.
  std::size_t answered(Duration from, Duration until) {
    run(from);
    const std::size_t before = answered_.size();
    run(until);
    return answered_.size() - before;
  }
  ProcessId process(const std::string& service, std::size_t replica) {
    return world().replicas(world().service_named(service))[replica];
  }
  std::vector<bool> set_of(const std::string& service) {
    std::vector<bool> set(world().process_count());
    for (const ProcessId id : world().replicas(world().service_named(service)))
      set[id.index()] = true;
    return set;
  }

  void on_event(const Event& event) override {
    switch (event.kind) {
      case EventKind::kSagaStep: {
        const auto step = event.as<SagaStep>();
        steps.push_back({event.at, std::string(world().names().text(step.step)), step.status});
        break;
      }
      case EventKind::kHandlerEnded: {
        const auto handler = event.as<HandlerEnded>();
        if (!polls(handler.method)) return;
        ++handled;
        busy += handler.worked;
        if (handler.worked >= 5_s) answered_.push_back(event.at);
        break;
      }
      case EventKind::kHandlersRepeated: {
        const auto handlers = event.as<HandlersRepeated>();
        if (!polls(handlers.method)) return;
        handled += handlers.times;
        busy += handlers.worked * static_cast<std::int64_t>(handlers.times);
        break;
      }
      case EventKind::kCallEnded: {
        const auto call = event.as<CallEnded>();
        if (!polls(call.method)) return;
        ++called;
        slowest = std::max(slowest, call.took);
        break;
      }
      default: {
        const auto calls = event.as<CallsRepeated>();
        if (polls(calls.method)) called += calls.times;
      }
    }
  }

  std::vector<Step> steps;
  std::uint64_t handled = 0, called = 0;
  Duration busy, slowest;

 private:
  bool polls(NameId method) { return world().names().text(method) == "orchestrator.poll-task"; }

  Scenario scenario_;
  Watcher watcher_;
  System system_;
  std::unique_ptr<FaultInjector> injector_;
  std::vector<Time> answered_;
};

TEST(ParkedPolls, ADayWithoutWorkflowsHasNoEvents) {
  IdleSystem system(services() + workload("every 9d"));
  EXPECT_EQ(system.events(1_h, 1_h + Duration::days(1)), 0U);
}

// Its sweeps, one an hour, are left out as well: waiting_parents_test.cpp.
TEST(ParkedPolls, ADayOfAWaitingWorkflowHasNoEvents) {
  IdleSystem system(services() + workload("every 2d"));
  system.run(Duration::days(2) + 4_h);
  EXPECT_EQ(system.events(Duration::days(2) + 4_h, Duration::days(3) + 4_h), 0U);
}

TEST(ParkedPolls, TasksAreHandedOutAtTheInstantsOfPolling) {
  const std::string more = services() + workload("every 5h");
  IdleSystem parked(more);
  IdleSystem polling(more, true);
  parked.run(Duration::days(4));
  polling.run(Duration::days(4));
  ASSERT_GT(parked.steps.size(), 40U);
  EXPECT_EQ(parked.steps, polling.steps);
  EXPECT_LT(parked.world().kernel().events() * 20, polling.world().kernel().events());
}

// Two kinds of messages that come later: a retry after 100 s, and the end of the pause.
TEST(ParkedPolls, AMessageThatBecomesVisibleLaterWakesAtThatInstant) {
  IdleSystem system(services() + workload("every 9d"));
  system.run(Duration::days(9) + 2_min);
  std::vector<Time> begun;
  for (const Step& step : system.steps)
    if (step.name == "charge" && step.status == SagaTaskStatus::kInProgress)
      begun.push_back(step.at);
  ASSERT_EQ(begun.size(), 2U);
  const Duration between = begun[1] - begun[0];
  EXPECT_GE(between, 100_s + 50_ms);
  EXPECT_LE(between, 100_s + 50_ms + 100_ms);
}

TEST(ParkedPolls, WhatTheyWouldHaveCostIsCounted) {
  IdleSystem parked(services() + workload("every 9d"));
  IdleSystem polling(services() + workload("every 9d"), true);
  parked.run(Duration::days(1));
  parked.account();
  polling.run(Duration::days(1));
  // A repetition lasts 5 s and one round trip; less than 0.1 ms of it is the time of its bytes.
  EXPECT_NEAR(static_cast<double>(parked.called), static_cast<double>(polling.called), kThreads);
  EXPECT_NEAR(static_cast<double>(parked.handled), static_cast<double>(polling.handled), kThreads);
  EXPECT_NEAR(parked.busy.in_seconds(), polling.busy.in_seconds(), kThreads * 5.0);
  EXPECT_LE(parked.slowest, 5_s + 1_ms);
}

TEST(ParkedPolls, TheyEndWhenTheyWouldHaveEnded) {
  IdleSystem parked(services() + workload("every 9d"));
  IdleSystem polling(services() + workload("every 9d"), true);
  // Six seconds of polling after a disturbance: every poll comes to its end once, or twice.
  parked.run(1000_s);
  parked.world().disturbances().begin();
  const std::size_t answered = parked.answered(1000_s, 1006_s);
  EXPECT_EQ(answered, polling.answered(1000_s, 1006_s));
  EXPECT_GE(answered, std::size_t{kThreads});
}

struct Disturbance {
  const char* name;
  void (*begin)(IdleSystem&);
  void (*end)(IdleSystem&);
  std::size_t polls;  // that are answered with nothing in a minute of it, at least
};

NetworkRuleId rule;
ProcessPause pause;

const Disturbance kDisturbances[] = {
    {"orchestrator crashes",
     [](IdleSystem& system) { system.world().crash(system.process("orchestrator", 0)); },
     [](IdleSystem& system) { system.world().start(system.process("orchestrator", 0)); }, 0},
    {"worker crashes",
     [](IdleSystem& system) { system.world().crash(system.process("workers", 1)); },
     [](IdleSystem& system) { system.world().start(system.process("workers", 1)); }, 33},
    {"orchestrator is paused",
     [](IdleSystem& system) { pause = system.world().pause(system.process("orchestrator", 0)); },
     [](IdleSystem& system) { system.world().resume(pause); }, 0},
    {"worker is paused",
     [](IdleSystem& system) { pause = system.world().pause(system.process("workers", 1)); },
     [](IdleSystem& system) { system.world().resume(pause); }, 33},
    {"host of the orchestrator is down",
     [](IdleSystem& system) {
       World& world = system.world();
       world.set_host_down(world.process(system.process("orchestrator", 0)).host);
     },
     [](IdleSystem& system) {
       World& world = system.world();
       world.set_host_up(world.process(system.process("orchestrator", 0)).host);
     },
     0},
    {"partition",
     [](IdleSystem& system) {
       rule = system.world().network().add_rule({.from = system.set_of("workers"),
                                                 .to = system.set_of("orchestrator"),
                                                 .both_ways = true,
                                                 .cut = true,
                                                 .extra_delay = {}});
     },
     [](IdleSystem& system) { system.world().network().remove_rule(rule); }, 0},
    {"delay",
     [](IdleSystem& system) {
       rule = system.world().network().add_rule({.from = system.set_of("workers"),
                                                 .to = system.set_of("orchestrator"),
                                                 .both_ways = true,
                                                 .cut = false,
                                                 .extra_delay = [] { return Duration(1_s); }});
     },
     [](IdleSystem& system) { system.world().network().remove_rule(rule); }, 48},
};

TEST(ParkedPolls, PollWhileAnythingIsOutOfOrder) {
  for (const Disturbance& disturbance : kDisturbances) {
    SCOPED_TRACE(disturbance.name);
    IdleSystem system(services() + workload("every 9d"));
    EXPECT_EQ(system.events(1_h, 2_h), 0U);
    disturbance.begin(system);
    EXPECT_GT(system.events(2_h, 2_h + 1_min), 0U);
    EXPECT_GE(system.answered(2_h + 1_min, 2_h + 2_min), disturbance.polls);
    disturbance.end(system);
    EXPECT_EQ(system.events(2_h + 10_min, 3_h), 0U);
    system.run(Duration::days(9) + 1_min);
    EXPECT_FALSE(system.steps.empty());
  }
}

// The caller hears nothing, as from any host that is down, until its own timeout: 10 s after the
// poll that it would have sent last.
TEST(ParkedPolls, TheCallersTimeoutIsThatOfTheLastPoll) {
  IdleSystem system(services() + workload("every 9d"));
  system.run(2_h);
  World& world = system.world();
  const std::uint64_t before = system.called;
  world.set_host_down(world.process(system.process("orchestrator", 0)).host);
  system.account();
  const std::uint64_t repeated = system.called - before;
  EXPECT_GT(repeated, 1000);
  // 1,439 repetitions of 5 s and some 0.12 ms each end 4.8 s before.
  system.run(2_h + 5_s);
  EXPECT_EQ(system.called, before + repeated);
  system.run(2_h + 6_s);
  EXPECT_EQ(system.called, before + repeated + kThreads);
}

TEST(ParkedPolls, AnAimedFaultThatCouldStrikeOneKeepsThemPolling) {
  struct Aim {
    const char* when;
    const char* target;
    bool strikes_polls;
  };
  const Aim aims[] = {
      {"phase: before", "service: orchestrator", true},
      {"phase: rpc.reply-ready", "service: orchestrator", true},
      {"phase: rpc.request-sent, service: workers", "service: workers", true},
      {"phase: before, saga: renewal", "service: orchestrator", false},
      {"phase: before, step: ship", "service: workers", false},
      {"phase: before", "service: workers", false},  // tasks come there, polls do not
      {"phase: after-commit", "service: orchestrator", false},
  };
  for (const auto& [when, target, strikes_polls] : aims) {
    SCOPED_TRACE(when);
    IdleSystem system(services() + workload("every 9d") +
                      fmt::format("faults: [ {{ kind: process.crash, restart: 1s, target: {{ {}, "
                                  "replica: involved }}, when: {{ {}, occurrence: 1000000 }} }} ]",
                                  target, when));
    EXPECT_EQ(system.events(1_h, 2_h) > 0, strikes_polls);
  }
}

TEST(ParkedPolls, AFaultThatHasStruckForTheLastTimeKeepsNobodyPolling) {
  IdleSystem system(services() + workload("every 9d") +
                    "faults: [ { kind: process.crash, restart: 1s, target: { service: "
                    "orchestrator, replica: involved }, when: { phase: before, occurrence: 600 } } "
                    "]");
  EXPECT_GT(system.events(0_s, 480_s), 1000U);  // 6 polls in 5 s: the 600th after 500 s
  EXPECT_EQ(system.world().process(system.process("orchestrator", 0)).incarnation, 1U);
  system.run(10_min);
  EXPECT_EQ(system.world().process(system.process("orchestrator", 0)).incarnation, 2U);
  EXPECT_EQ(system.events(20_min, 2_h), 0U);
}

// A parked poll keeps a worker of the server busy, as a held one does; when none is left, requests
// get their turn when a poll ends.
TEST(ParkedPolls, LeaveTheServerToRequestsThatWait) {
  IdleSystem system(services("  orchestrator: { workers: 6 }\n") + workload("every 1h"));
  system.run(1_h - 1_s);
  EXPECT_TRUE(system.steps.empty());
  system.run(1_h + 10_s);
  EXPECT_FALSE(system.steps.empty());
}

}  // namespace
}  // namespace soundcheck
