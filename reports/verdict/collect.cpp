#include "reports/verdict/collect.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "sim/core/error_code.hpp"
#include "sim/core/result.hpp"
#include "sim/env/loop_iteration.hpp"
#include "sim/env/observer.hpp"

namespace soundcheck {

WorkSummary summarize(const WorkTally& tally, Duration length) {
  const Histogram& latency = tally.latency;
  return {.started = tally.started,
          .ok = tally.ok,
          .failed = tally.failed,
          .unknown = tally.unknown,
          .length = length,
          .mean = latency.mean(),
          .p50 = latency.quantile(0.50),
          .p90 = latency.quantile(0.90),
          .p95 = latency.quantile(0.95),
          .p99 = latency.quantile(0.99),
          .p999 = latency.quantile(0.999),
          .maximum = latency.maximum(),
          .slowest_failure = tally.slowest_failure,
          .ended_within = tally.ended_within,
          .ok_within = tally.ok_within,
          .most_open = tally.most_open};
}

std::uint64_t RunReport::sagas_of_unjudged_workflows() const {
  std::uint64_t count = 0;
  for (const WorkflowReport& workflow : workflows) {
    if (std::ranges::find(facts.unjudged_workflows, workflow.workflow) !=
        facts.unjudged_workflows.end())
      count += workflow.started;
  }
  return count;
}

std::string FaultReport::name() const {
  return "F" + std::to_string(fact.number + 1);
}

std::string FaultReport::title() const {
  if (!fact.name.empty()) return fact.name;
  return fact.target.empty() ? fact.kind : fact.kind + " " + fact.target;
}

std::string FaultReport::label() const {
  return name() + " (" + title() + ")";
}

namespace {

WindowSummaries summarize_windows(const FaultWindowTallies& tallies, std::uint32_t type) {
  WindowSummaries summaries;
  for (std::size_t window = 0; window < kFaultWindows; ++window) {
    const WindowTally& tally = tallies[window];
    summaries[window] =
        summarize(type < tally.types.size() ? tally.types[type] : WorkTally(), tally.length);
  }
  return summaries;
}

bool seen(const WindowSummaries& windows) {
  return std::ranges::any_of(windows,
                             [](const WorkSummary& one) { return one.started + one.ended() > 0; });
}

NamedCounts named(const ErrorCounts& errors) {
  NamedCounts counts;
  for (std::size_t code = 0; code < kErrorCodeCount; ++code) {
    if (errors[code] > 0) counts.emplace_back(name_of(static_cast<ErrorCode>(code)), errors[code]);
  }
  return counts;
}

// What clients tell of the server behind them.
void add_database(const DatabaseFact& fact, const ServiceTally& client, RunReport& report) {
  const auto server = std::ranges::find(report.services, fact.name, &ServiceReport::service);
  if (server == report.services.end()) return;
  server->transactions = client.transactions;
  server->failed_transactions = client.failed_transactions;
  server->transaction_wait_p99 = client.transaction_wait.quantile(0.99);
  server->busy = fact.computed;
}

}  // namespace

void collect_work(const RunRecorder& recorder, RunReport& report) {
  const FaultWindows& windows = recorder.windows();
  report.load = windows.load();
  report.normal_is_known = windows.normal_is_known();
  const auto report_of = [&](const FaultWindowTallies& tallies, std::uint32_t type,
                             std::string_view name) {
    WorkTally overall;
    for (const WindowTally& window : tallies) {
      if (type < window.types.size()) overall.merge(window.types[type]);
    }
    return WorkReport{.type = std::string(name),
                      .overall = summarize(overall, report.load),
                      .windows = summarize_windows(tallies, type)};
  };
  for (std::uint32_t type = 0; type < recorder.request_types(); ++type)
    report.requests.push_back(
        report_of(windows.of_all_faults(Work::kRequests), type, recorder.request_type(type)));
  for (std::uint32_t type = 0; type < recorder.request_types(); ++type)
    report.requests[type].errors = named(recorder.request_errors(type));
  for (std::uint32_t type = 0; type < recorder.saga_types(); ++type)
    report.saga_work.push_back(
        report_of(windows.of_all_faults(Work::kSagas), type, recorder.saga_type(type)));
}

void collect_faults(const RunRecorder& recorder, RunReport& report) {
  const FaultWindows& seen_by = recorder.windows();
  const auto& records = seen_by.log().faults();
  for (const FaultFact& fact : report.facts.faults) report.faults.push_back({.fact = fact});
  for (std::size_t i = 0; i < records.size(); ++i) {
    auto found = std::ranges::find(report.faults, records[i].number,
                                   [](const FaultReport& fault) { return fault.fact.number; });
    if (found == report.faults.end()) {  // not announced: known by its events only
      const std::string kind(recorder.names().text(records[i].kind));
      found = report.faults.insert(found, {.fact = {.number = records[i].number, .kind = kind}});
    }
    found->record = records[i];
    for (std::uint32_t type = 0; type < recorder.request_types(); ++type) {
      const auto windows = summarize_windows(seen_by.of_faults(Work::kRequests)[i], type);
      if (seen(windows))
        found->requests.push_back({std::string(recorder.request_type(type)), windows});
    }
    for (std::uint32_t type = 0; type < recorder.saga_types(); ++type) {
      const auto windows = summarize_windows(seen_by.of_faults(Work::kSagas)[i], type);
      if (seen(windows)) found->sagas.push_back({std::string(recorder.saga_type(type)), windows});
    }
  }
}

void collect_services(const RunRecorder& recorder, RunReport& report) {
  const Traffic& traffic = recorder.traffic();
  const ServiceDirectory& directory = recorder.directory();
  for (std::size_t i = 0; i < directory.services.size(); ++i) {
    const ServiceTally& tally = traffic.services()[i];
    report.services.push_back(
        {.service = directory.services[i],
         .replicas = directory.replicas[i],
         .handled = tally.handled,
         .failed = tally.failed,
         .refused = tally.refused,
         .abandoned = tally.abandoned,
         .retries = tally.retries,
         .busy = tally.busy,
         .busy_workers = report.load > Duration()
                             ? tally.busy_in_load.in_seconds() / report.load.in_seconds()
                             : 0,
         .worker_mean = tally.in_worker.mean(),
         .worker_p99 = tally.in_worker.quantile(0.99),
         .queue_mean = tally.in_queue.mean(),
         .queue_p99 = tally.in_queue.quantile(0.99),
         .queue_maximum = tally.in_queue.maximum(),
         .transactions = tally.transactions,
         .failed_transactions = tally.failed_transactions,
         .commits_lost = tally.commits_lost,
         .transaction_wait_p99 = tally.transaction_wait.quantile(0.99),
         .crashes = tally.crashes,
         .host_failures = tally.host_failures,
         .down_time = tally.down_time});
  }
  for (const EdgeTally& edge : traffic.edges()) {
    CallReport call{.caller = edge.caller == ServiceDirectory::kNone
                                  ? "clients"
                                  : directory.services[edge.caller],
                    .method = std::string(recorder.names().text(edge.method)),
                    .calls = edge.calls,
                    .failed = edge.failed,
                    .retries = edge.retries,
                    .hedges = edge.hedges,
                    .attempts = edge.attempts,
                    .mean = edge.latency.mean(),
                    .p99 = edge.latency.quantile(0.99),
                    .maximum = edge.latency.maximum(),
                    .errors = named(edge.errors)};
    report.calls.push_back(std::move(call));
  }
  for (const DatabaseFact& fact : report.facts.databases) {
    const auto client = std::ranges::find(directory.services, fact.client);
    if (client != directory.services.end())
      add_database(
          fact, traffic.services()[static_cast<std::size_t>(client - directory.services.begin())],
          report);
  }
  for (const Traffic::Warning& warning : traffic.warnings()) {
    NamedCounts::value_type named{recorder.names().text(warning.text), warning.count};
    if (warning.endless) report.cut_short.push_back(named);
    report.warnings.push_back(std::move(named));
  }
  report.series_step_seconds = recorder.series().step_seconds();
}

void collect_sagas(const RunRecorder& recorder, const LedgerBalance& balance,
                   const InvariantChecker* checker, RunReport& report) {
  const Names& names = recorder.names();
  report.sagas_started = balance.started;
  report.sagas_open = balance.open;
  report.sagas = balance.outcomes;
  for (const WorkflowTally& workflow : balance.workflows) {
    report.workflows.push_back({.workflow = std::string(names.text(workflow.workflow)),
                                .started = workflow.started,
                                .open = workflow.open,
                                .retries = workflow.retries,
                                .outcomes = workflow.outcomes,
                                .p50 = workflow.duration.quantile(0.50),
                                .p99 = workflow.duration.quantile(0.99),
                                .maximum = workflow.duration.maximum()});
  }
  for (const SagaCase& one : balance.worst) {
    SagaReport saga{.id = to_text(one.saga.id),
                    .workflow = std::string(names.text(one.saga.workflow)),
                    .step = std::string(names.text(one.saga.step)),
                    .outcome = one.outcome,
                    .started = one.saga.started,
                    .changed = one.saga.changed,
                    .retries = one.saga.retries};
    for (std::size_t i = 0; checker != nullptr && i < checker->results().size(); ++i) {
      const bool named = std::ranges::any_of(
          checker->results()[i].kept,
          [&](const Violation& violation) { return violation.saga == one.saga.id; });
      if (named) saga.violated.push_back(checker->invariants()[i].id);
    }
    report.worst_sagas.push_back(std::move(saga));
  }
}

void collect_effects(Observer* observer, RunReport& report) {
  static constexpr std::string_view kEffects =
      "SELECT workflow, task, COUNT(*), SUM(answer = 'DROPPED'), SUM(answer = 'LOST'),"
      " SUM((saga_id, execution) IN (SELECT saga_id, execution FROM world.effects d"
      " WHERE kind = 'DO' AND state = 'APPLIED' AND EXISTS (SELECT 1 FROM world.effects u"
      " WHERE u.saga_id = d.saga_id AND u.step = d.step AND u.kind = 'UNDO' AND u.seq < d.seq)))"
      " FROM world.executions WHERE effect <> 'NONE'"
      " GROUP BY workflow, task ORDER BY MIN(execution)";
  if (observer == nullptr || !observer->has_table("world.executions")) return;
  const auto rows = observer->query(kEffects, {});
  if (!rows) return;
  const auto count = [](const SqlRow& row, std::size_t column) {
    return static_cast<std::uint64_t>(row.integer(column));
  };
  for (const SqlRow& row : *rows) {
    const std::string task = std::string(split_iteration(row.text(1)).name);
    auto found = std::ranges::find_if(report.effects, [&](const EffectReport& one) {
      return one.workflow == row.text(0) && one.task == task;
    });
    if (found == report.effects.end())
      found = report.effects.insert(found, {.workflow = row.text(0), .task = task});
    found->effects += count(row, 2);
    found->dropped += count(row, 3);
    found->lost += count(row, 4);
    found->after_undo += count(row, 5);
  }
}

void collect_workflows(const RunRecorder& recorder, RunReport& report) {
  const Names& names = recorder.names();
  for (const WorkflowExecutions& one : recorder.workflows().workflows()) {
    report.executions.push_back({.workflow = std::string(names.text(one.workflow)),
                                 .started = one.started,
                                 .completed = one.ended_as(SagaStatus::kCompleted),
                                 .failed = one.ended_as(SagaStatus::kFailed),
                                 .timed_out = one.ended_as(SagaStatus::kTimedOut),
                                 .terminated = one.ended_as(SagaStatus::kTerminated),
                                 .running = one.running(),
                                 .longest = one.longest});
  }
  std::map<std::pair<std::string, std::string>, std::size_t> met;
  for (const TaskWork& one : recorder.workflows().tasks()) {
    const std::string workflow(names.text(one.workflow));
    const std::string task = std::string(split_iteration(names.text(one.task)).name);
    const auto [entry, is_new] = met.try_emplace({workflow, task}, report.task_work.size());
    if (is_new) report.task_work.push_back({.workflow = workflow, .task = task});
    TaskWorkReport& work = report.task_work[entry->second];
    work.executions += one.executions;
    work.repeated += one.repeated;
    work.overlapping += one.overlapping;
    work.retry_peak = std::max(work.retry_peak, one.retry_peak);
  }
}

void collect_invariants(const InvariantChecker& checker, RunReport& report) {
  for (std::size_t i = 0; i < checker.invariants().size(); ++i)
    report.invariants.push_back({checker.invariants()[i], checker.results()[i]});
  report.invariants_left_out = checker.left_out();
}

}  // namespace soundcheck
