#include "scenarios/assembly/run.hpp"

#include <fmt/ranges.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "faults/injector.hpp"
#include "reports/checkers/invariant_checker.hpp"
#include "reports/ledger/ledger.hpp"
#include "reports/recorder/last_events.hpp"
#include "reports/recorder/run_recorder.hpp"
#include "reports/text/quantities.hpp"
#include "reports/verdict/judge.hpp"
#include "scenarios/assembly/invariants.hpp"
#include "scenarios/assembly/run_facts.hpp"
#include "scenarios/assembly/step_watch.hpp"
#include "scenarios/assembly/system.hpp"
#include "sim/core/assert.hpp"
#include "sim/world/condition.hpp"

namespace soundcheck {
namespace {

constexpr Duration kStep = Duration::seconds(1);    // the run is watched once a simulated second
constexpr Duration kQuiet = Duration::seconds(60);  // without a commit, with nothing open: at rest
constexpr Duration kLeastSettle = Duration::minutes(5);  // beside retries and pauses

// When a database last changed.
class LastCommit final : public EventListener {
 public:
  explicit LastCommit(EventStream& events) { events.listen(*this, {EventKind::kCommitted}); }
  void on_event(const Event& event) override { at_ = event.at; }
  Time at() const { return at_; }

 private:
  Time at_;
};

}  // namespace

struct Run::Parts {
  Parts(const Scenario& what, RunOptions how)
      : scenario(what),
        options(std::move(how)),
        system(scenario, options.seed),
        ledger(system.world().events()),
        recorder(system.world().events(), ServiceDirectory::of(system.world()), &ledger,
                 resources_of(scenario, system)),
        last_commit(system.world().events()),
        last_events(system.world()),
        watch(system.world().kernel(), options.interrupted) {
    if (Observer* const observer = system.observer()) {
      checker = std::make_unique<InvariantChecker>(*observer, ledger, system.world().events(),
                                                   selected_invariants());
    }
    injector = std::make_unique<FaultInjector>(system.world(), scenario.faults);
  }

  std::vector<Invariant> selected_invariants() const {
    if (scenario.expect.invariants.kind == InvariantSelection::Kind::kNone) return {};
    return reference_invariants();
  }

  void tell_phase(std::string_view phase) {
    World& world = system.world();
    world.emit(PhaseStarted{.phase = world.names().intern(phase)});
  }

  // One simulated second.
  void step(Time until) {
    try {
      system.world().kernel().run(until);
    } catch (const StepWatch::CutShort&) {
      aborted = watch.endless() ? static_cast<int>(ExitCode::kUnknown) : watch.interrupted();
      return;
    }
    if (options.progress)
      aborted = options.progress(progress_of(recorder, ledger, until, scenario.duration));
  }

  // `now` is how far the run was watched: the kernel's clock stops when no event is left.
  bool at_rest(Time now) const {
    return ledger.open_sagas() == 0 && system.open_requests() == 0 && system.at_work() == 0 &&
           now - last_commit.at() >= kQuiet;
  }

  void execute();
  void conclude(bool rested);
  void write_databases();

  Scenario scenario;
  RunOptions options;
  System system;
  Ledger ledger;
  RunRecorder recorder;
  LastCommit last_commit;
  LastEvents last_events;
  StepWatch watch;
  std::unique_ptr<InvariantChecker> checker;
  std::unique_ptr<FaultInjector> injector;
  int aborted = 0;  // the exit code, if so
  std::string digest;
  RunReport report;
  std::vector<std::string> problems;
};

void Run::Parts::execute() {
  system.start_processes();
  tell_phase("load");
  system.start_load();
  const WorldCondition whole = condition_of(system.world());
  injector->start();
  const Time load_end = Time::at(scenario.duration);
  Time now;
  while (now < load_end && aborted == 0) {
    now = std::min(now + kStep, load_end);
    step(now);
  }

  injector->heal_all();
  const std::vector<std::string> broken = differences(system.world(), whole);
  SOUNDCHECK_ASSERT(broken.empty(), "all faults are healed, but {}", fmt::join(broken, ", "));
  system.stop_load();
  tell_phase("settle");
  const Duration patience = scenario.settle.limit.value_or(system.longest_saga() + kLeastSettle);
  const Time limit = now + patience;
  bool rested = false;
  while (now < limit && aborted == 0 && !rested) {
    now = std::min(now + kStep, limit);
    step(now);
    rested = at_rest(now);
  }
  tell_phase("rest");
  conclude(rested);
}

void Run::Parts::write_databases() {
  std::error_code error;
  std::filesystem::create_directories(options.databases, error);
  if (error) {
    problems.push_back(
        fmt::format("cannot create {}: {}", options.databases.string(), error.message()));
  } else if (system.databases() != nullptr) {
    const auto written = system.databases()->write_files(options.databases);
    if (!written) problems.push_back(written.error());
  }
}

void Run::Parts::conclude(bool rested) {
  const Time now = system.world().now();
  system.account_for_idleness();
  system.close_ledger();
  recorder.finish(now, aborted != 0);
  if (checker) aborted != 0 ? checker->break_off() : checker->check_at_rest(now);
  digest = system.world().events().digest().hex();
  if (!options.databases.empty()) write_databases();
  RunFacts facts;
  facts.scenario = scenario.name;
  facts.about = scenario.about;
  facts.seed = options.seed;
  facts.version = options.version;
  facts.fidelity = scenario.fidelity == Fidelity::kFlow ? "flow" : "direct";
  facts.digest = digest;
  facts.events = system.world().events().count();
  facts.overrides = options.overrides;
  facts.faults = fault_facts_of(scenario);
  facts.databases = database_facts_of(system);
  facts.failures = failure_reasons_of(system);
  for (const conductor::WorkflowDefinition& workflow : scenario.workflows)
    facts.own_workflows.push_back(workflow.name);
  facts.unjudged_workflows = system.unjudged_workflows();
  facts.ended = now;
  facts.came_to_rest = rested;
  facts.aborted = aborted;
  if (watch.endless()) {
    facts.endless =
        fmt::format("{} steps at one instant, and no end (mostly {})",
                    count_text(StepWatch::kStepsAtOneInstant), last_events.most_frequent());
  }
  report =
      judge(recorder, ledger, checker.get(), system.observer(), scenario.expect, std::move(facts));
}

Run::Run(const Scenario& scenario, RunOptions options)
    : parts_(std::make_unique<Parts>(scenario, std::move(options))) {}
Run::~Run() = default;

void Run::execute() {
  parts_->execute();
}
std::string Run::last_events() const {
  return parts_->last_events.text();
}
std::string Run::digest() const {
  return parts_->digest;
}
const RunReport& Run::report() const {
  return parts_->report;
}
const RunRecorder& Run::recorder() const {
  return parts_->recorder;
}
const std::vector<std::string>& Run::problems() const {
  return parts_->problems;
}

ChildRun run_in_child(const Scenario& scenario, std::uint64_t seed) {
  ChildRun result;
  int ends[2];
  if (pipe(ends) != 0) {
    result.problem = fmt::format("no pipe to a child process: {}", std::strerror(errno));
    return result;
  }
  std::fflush(nullptr);  // or the child would write what is buffered once more
  const pid_t child = fork();
  if (child < 0) {
    result.problem = fmt::format("no child process: {}", std::strerror(errno));
    return result;
  }
  if (child == 0) {
    close(ends[0]);
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody waits for what a killed parent began
    RunOptions options;
    options.seed = seed;
    Run run(scenario, std::move(options));
    run.execute();
    const std::string answer = fmt::format(
        "{} {} {}", run.digest(), static_cast<int>(run.report().exit_code), run.report().sentence);
    const bool sent =
        write(ends[1], answer.data(), answer.size()) == static_cast<ssize_t>(answer.size());
    _exit(sent ? 0 : 70);
  }
  close(ends[1]);
  std::string answer;
  char buffer[128];
  for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) > 0;) {
    answer.append(buffer, static_cast<std::size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  const auto space = answer.find(' ');
  const auto behind_code = answer.find(' ', space + 1);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || behind_code == std::string::npos) {
    result.problem = "the run ended without an answer";
    return result;
  }
  result.ok = true;
  result.digest = answer.substr(0, space);
  result.exit_code = std::stoi(answer.substr(space + 1));
  result.sentence = answer.substr(behind_code + 1);
  return result;
}

}  // namespace soundcheck
