#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/checkers/invariant.hpp"
#include "reports/checkers/violation.hpp"
#include "reports/ledger/saga_record.hpp"
#include "reports/recorder/fault_log.hpp"
#include "reports/recorder/resource_log.hpp"
#include "reports/recorder/work_tally.hpp"
#include "reports/recorder/work_windows.hpp"
#include "reports/verdict/check.hpp"

namespace soundcheck {

// A fault of the scenario, as the report calls it.
struct FaultFact {
  std::int64_t number = 0;      // as in fault events, from 0; reports call it F1
  std::string kind;             // "process.crash"
  std::string target;           // "payments"
  std::string name = {};        // as the scenario calls it; empty: its kind and target
  bool by_chance = false;       // when its moment comes it strikes with a chance below 100 %
  bool hits_by_chance = false;  // and what it hits while it lasts, too
  bool may_miss = false;        // the scenario does not mind if no strike has an effect
};

// The server of a service's database: its clients tell what it did, and the model what it computed.
struct DatabaseFact {
  std::string name;    // "payments.database"
  std::string client;  // "payments"
  Duration computed;   // processor time of statements
};

// A reason why workflows ended badly, or why a task of them did; ids in it are left out.
struct FailureReason {
  std::string workflow;
  std::string task;    // its reference; empty: the workflow itself
  std::string status;  // "FAILED", in Conductor's words
  std::string reason;
  std::uint64_t count = 0;
};

// What the assembly knows of a run and the event stream does not tell. The same for the same
// scenario and seed: no paths, no wall clock.
struct RunFacts {
  std::string scenario;
  std::string about;
  std::uint64_t seed = 0;
  std::string version;   // of Soundcheck
  std::string fidelity;  // "direct"
  std::string digest;    // 32 hexadecimal digits
  std::uint64_t events = 0;
  std::vector<std::string> overrides;           // --set path=value, in order
  std::vector<FaultFact> faults;                // in the order of the scenario
  std::vector<std::string> own_workflows;       // of the scenario, for the summary
  std::vector<std::string> unjudged_workflows;  // of those, of which nothing says what undoes what
  std::vector<DatabaseFact> databases;
  std::vector<FailureReason> failures;  // most frequent first
  Time ended;                           // simulated
  bool came_to_rest = true;             // false: open work at the limit of `settle`
  int aborted = 0;                      // the exit code, if it was ended before its time
  std::string endless;                  // ... because time stood still: what went on
};

// Work of one type in one window, as numbers: requests, or sagas from end to end.
struct WorkSummary {
  std::uint64_t started = 0;
  std::uint64_t ok = 0;
  std::uint64_t failed = 0;
  std::uint64_t unknown = 0;
  Duration length;  // of the window
  Duration mean, p50, p90, p95, p99, p999, maximum;
  Duration slowest_failure;
  std::uint64_t ended_within = 0;  // while the window lasted
  std::uint64_t ok_within = 0;
  std::uint64_t most_open = 0;  // at once

  std::uint64_t ended() const { return ok + failed + unknown; }
  double success() const {
    return ended() == 0 ? 1 : static_cast<double>(ok) / static_cast<double>(ended());
  }
  double throughput() const { return per_second(ended_within); }
  double goodput() const { return per_second(ok_within); }

 private:
  double per_second(std::uint64_t count) const {
    return length <= Duration() ? 0 : static_cast<double>(count) / length.in_seconds();
  }
};
WorkSummary summarize(const WorkTally& tally, Duration length);

using WindowSummaries = std::array<WorkSummary, kFaultWindows>;  // by FaultWindow

using NamedCounts = std::vector<std::pair<std::string, std::uint64_t>>;

struct WorkReport {
  std::string type;
  WorkSummary overall;
  WindowSummaries windows;  // of all faults together
  NamedCounts errors;       // of requests, by name of the error
};

struct FaultReport {
  FaultFact fact;
  FaultRecord record;  // record.strikes is 0 for one that never struck
  struct OfType {
    std::string type;
    WindowSummaries windows;
  };
  // Types that were seen in any window.
  std::vector<OfType> requests;
  std::vector<OfType> sagas;  // by the workflow that they began with
  std::string name() const;   // "F1"
  std::string title() const;  // "process.crash payments"
  std::string label() const;  // "F1 (process.crash payments)"
  std::uint64_t without_effect() const { return record.strikes - record.effective; }
};

struct InvariantReport {
  Invariant invariant;
  InvariantResult result;
};

struct SagaReport {
  std::string id;
  std::string workflow;
  std::string step;  // where it stopped
  SagaOutcome outcome{};
  Time started;
  Time changed;
  std::uint64_t retries = 0;
  std::vector<std::string> violated;  // ids of invariants
};

struct WorkflowReport {
  std::string workflow;
  std::uint64_t started = 0;
  std::uint64_t open = 0;  // of an aborted run
  std::uint64_t retries = 0;
  std::array<std::uint64_t, kSagaOutcomes> outcomes{};
  Duration p50, p99, maximum;  // of completed ones
};

// Executions of a workflow in Conductor's words, as a saga or as a compensation.
struct ExecutionReport {
  std::string workflow;
  std::uint64_t started = 0, completed = 0, failed = 0, timed_out = 0, terminated = 0, running = 0;
  Duration longest;  // of those that ended
};

// What scripted workers did about a task; all iterations of a loop together.
struct TaskWorkReport {
  std::string workflow;
  std::string task;
  std::uint64_t executions = 0, repeated = 0, overlapping = 0, retry_peak = 0;
};

// Work on a task that took effect, whatever the orchestrator believed.
struct EffectReport {
  std::string workflow;
  std::string task;
  std::uint64_t effects = 0;
  std::uint64_t dropped = 0;     // the orchestrator heard of it, and dropped the answer
  std::uint64_t lost = 0;        // it never heard of it
  std::uint64_t after_undo = 0;  // was done after it had been undone
};

struct ServiceReport {
  std::string service;
  std::uint32_t replicas = 0;
  std::uint64_t handled = 0, failed = 0, refused = 0, abandoned = 0, retries = 0;
  Duration busy;            // of workers; of a database server, of processors
  double busy_workers = 0;  // on average over the load: what was done while settling is left out
  Duration worker_mean, worker_p99, queue_mean, queue_p99, queue_maximum;
  std::uint64_t transactions = 0, failed_transactions = 0, commits_lost = 0;
  Duration transaction_wait_p99;
  std::uint64_t crashes = 0, host_failures = 0;
  Duration down_time;
};

struct CallReport {
  std::string caller;  // "clients" for those outside
  std::string method;  // "payments.charge"
  std::uint64_t calls = 0, failed = 0, retries = 0, hedges = 0, attempts = 0;
  Duration mean, p99, maximum;
  NamedCounts errors;  // by name of the error

  // How far retries multiply the load; 1 when there were none.
  double attempts_per_call() const {
    return calls == 0 ? 1 : static_cast<double>(attempts) / static_cast<double>(calls);
  }
};

// Something of which there is only so much: all places of one owner together, over the load.
struct ResourceReport {
  ResourceKind kind{};
  std::string owner;         // a service, or a host that several share
  double capacity = 0;       // cores, workers, connections; disks and links count themselves
  double used = 0;           // share of the capacity, on average
  double busiest = 0;        // the same of the busiest place, in its busiest ten seconds
  double waiting = 0;        // for it, on average
  std::string text() const;  // "cores of payments"
};

// Everything that is reported of a run: what run.json and the summary are written from.
struct RunReport {
  RunFacts facts;
  ExitCode exit_code = ExitCode::kUnknown;
  std::string sentence;       // the verdict, in one
  std::vector<Check> checks;  // failing first, then unknown
  Duration load;
  bool normal_is_known = false;  // enough work before the faults to say when all is well again
  std::vector<WorkReport> requests;
  std::vector<FaultReport> faults;
  std::uint64_t sagas_started = 0;
  std::uint64_t sagas_open = 0;  // of an aborted run
  std::array<std::uint64_t, kSagaOutcomes> sagas{};
  std::vector<WorkReport> saga_work;  // from end to end, by the workflow that they began with
  std::vector<WorkflowReport> workflows;
  std::vector<SagaReport> worst_sagas;
  std::vector<ExecutionReport> executions;
  std::vector<TaskWorkReport> task_work;
  std::vector<EffectReport> effects;
  std::vector<InvariantReport> invariants;
  std::vector<std::string> invariants_left_out;
  std::vector<ServiceReport> services;
  std::vector<CallReport> calls;
  std::vector<ResourceReport> resources;  // the busiest first; those that nothing used are left out
  std::optional<ResourceReport> bottleneck;  // what was full, and waited for nothing that was
  NamedCounts warnings;
  NamedCounts cut_short;  // those of what would have gone on for ever
  std::int64_t series_step_seconds = 1;

  // What the process answers: the verdict, or the signal that aborted the run.
  int process_exit() const {
    return facts.aborted != 0 ? facts.aborted : static_cast<int>(exit_code);
  }
  std::uint64_t sagas_of_unjudged_workflows() const;
  std::uint64_t sagas_in(SagaOutcome outcome) const {
    return sagas[static_cast<std::size_t>(outcome)];
  }
};

}  // namespace soundcheck
