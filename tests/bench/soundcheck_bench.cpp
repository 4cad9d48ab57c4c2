// Soundcheck's own side of scripts/bench: see README.md for the commands and the line they print.
#include <fmt/core.h>

#include <string_view>

#include "reports/recorder/run_recorder.hpp"
#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "sim/world/world.hpp"
#include "tests/bench/options.hpp"
#include "tests/bench/result_line.hpp"
#include "tests/support/one_zone.hpp"
#include "tests/support/station.hpp"
#include "tests/support/three_tier.hpp"

namespace soundcheck::bench {
namespace {

Fidelity fidelity_of(const Options& options) {
  const std::string_view kernel = options.text("--kernel", "direct");
  if (kernel == "direct") return Fidelity::kDirect;
  if (kernel == "flow") return Fidelity::kFlow;
  Options::stop(fmt::format("'--kernel {}': expected direct or flow", kernel));
}

std::string_view name_of(Fidelity fidelity) {
  return fidelity == Fidelity::kDirect ? "direct" : "flow";
}

// A thousand timers outstanding; each is set again when it fires.
struct TimerLoop {
  Kernel& kernel;
  RandomStream random{1, "timers"};
  std::int64_t left = 0;
  static void fire(void* self, std::uint64_t argument) {
    auto& loop = *static_cast<TimerLoop*>(self);
    if (--loop.left < 0) return;
    const auto delay =
        Duration::nanoseconds(static_cast<std::int64_t>(loop.random.below(1'000'000)) + 1);
    loop.kernel.schedule_in(delay, {&TimerLoop::fire, self, argument});
  }
};

int timers(const Options& options) {
  const Fidelity fidelity = fidelity_of(options);
  const auto kernel = make_kernel(fidelity, test::one_zone(1));
  TimerLoop loop{*kernel};
  const std::int64_t events = options.count("--events", 3'000'000);
  loop.left = events + 1000;
  for (int i = 0; i < 1000; ++i) TimerLoop::fire(&loop, 0);
  const Stopwatch watch;
  kernel->run(Time::at(36500_d));
  print({.benchmark = "timers",
         .subject = name_of(fidelity),
         .unit = "event",
         .count = events,
         .wall_seconds = watch.seconds()});
  return 0;
}

int three_tier(const Options& options) {
  const Fidelity fidelity = fidelity_of(options);
  const std::int64_t requests = options.count("--requests", 200'000);
  const auto interval = Duration::nanoseconds(options.nanoseconds("--interval", 5'000'000));
  test::ThreeTier model(fidelity, 1, interval, static_cast<std::uint64_t>(requests));
  test::MeanResponse mean(model.world().events());
  // What a run of a scenario records: requests, services, calls, the run over time.
  RunRecorder recorder(model.world().events(), ServiceDirectory::of(model.world()));
  const Stopwatch watch;
  model.run();
  recorder.finish(model.world().now());
  const double seconds = watch.seconds();
  if (mean.succeeded() != static_cast<std::uint64_t>(requests)) {
    fmt::print(stderr, "{} of {} requests were answered\n", mean.succeeded(), requests);
    return 1;
  }
  print({.benchmark = "three-tier",
         .subject = name_of(fidelity),
         .unit = "request",
         .count = requests,
         .wall_seconds = seconds,
         .mean_response_ms = mean.milliseconds()});
  return 0;
}

int mm1(const Options& options) {
  const Fidelity fidelity = fidelity_of(options);
  const std::int64_t requests = options.count("--requests", 500'000);
  const test::StationSpec spec{8, Distribution::exponential(100_ms), 1,
                               static_cast<std::uint64_t>(requests)};
  const Stopwatch watch;
  const auto responses = test::responses_of(spec, fidelity, 1);
  const double seconds = watch.seconds();
  double total = 0;
  for (const std::int64_t response : responses) total += static_cast<double>(response) * 1e-6;
  print({.benchmark = "mm1",
         .subject = name_of(fidelity),
         .unit = "request",
         .count = requests,
         .wall_seconds = seconds,
         .mean_response_ms = total / static_cast<double>(requests)});
  return 0;
}

// A scenario, whole: services, databases, faults, checkers, verdict.
int scenario_run(const Options& options, std::string_view benchmark, std::string_view file,
                 std::string_view unit, std::uint64_t (*count)(const RunReport&)) {
  const Fidelity fidelity = fidelity_of(options);
  const auto scenario =
      load_scenario(std::string(options.text("--scenario", file)),
                    {fmt::format("fidelity={}", name_of(fidelity))}, reference_catalogue());
  if (!scenario) {
    fmt::print(stderr, "{}", scenario.diagnostics.text());
    return 1;
  }
  RunOptions how;
  how.seed = scenario->seed;
  Run run(*scenario, how);
  const Stopwatch watch;
  run.execute();
  print({.benchmark = benchmark,
         .subject = name_of(fidelity),
         .unit = unit,
         .count = static_cast<std::int64_t>(count(run.report())),
         .wall_seconds = watch.seconds()});
  return 0;
}

int payments_outage(const Options& options) {
  return scenario_run(options, "payments-outage", "scenarios/payments-outage.yaml", "saga",
                      [](const RunReport& report) { return report.sagas_started; });
}

// What one orchestrator sustains: task executions by scripted workers that have little to do.
int tasks(const Options& options) {
  return scenario_run(options, "tasks", "tests/bench/tasks.yaml", "task",
                      [](const RunReport& report) {
                        std::uint64_t executions = 0;
                        for (const auto& work : report.task_work) executions += work.executions;
                        return executions;
                      });
}

}  // namespace
}  // namespace soundcheck::bench

int main(int argc, char** argv) {
  using namespace soundcheck::bench;
  const std::string_view command = argc > 1 ? argv[1] : "";
  const Options options(argc - 1, argv + 1,
                        {"--kernel", "--requests", "--interval", "--events", "--scenario"});
  if (command == "timers") return timers(options);
  if (command == "three-tier") return three_tier(options);
  if (command == "mm1") return mm1(options);
  if (command == "payments-outage") return payments_outage(options);
  if (command == "tasks") return tasks(options);
  fmt::print(stderr,
             "usage: soundcheck_bench timers|mm1|three-tier|payments-outage|tasks [--kernel "
             "direct|flow] ...\n");
  return 2;
}
