#include <string>
#include <utility>
#include <vector>

#include "reports/checkers/violation.hpp"
#include "reports/output/writer.hpp"
#include "reports/text/quantities.hpp"
#include "sim/core/json.hpp"

namespace soundcheck {

namespace {

Json seconds(Time time) {
  return time == Time::never() ? Json() : Json(time.in_seconds());
}
double milliseconds(Duration duration) {
  return static_cast<double>(duration.count()) / 1e6;
}

Json json_of(const NamedCounts& counts) {
  Json json = Json::object();
  for (const auto& [name, count] : counts) json[name] = count;
  return json;
}

Json json_of(const WorkSummary& one) {
  Json json{{"started", one.started},
            {"ok", one.ok},
            {"failed", one.failed},
            {"unknown", one.unknown},
            {"most_open", one.most_open},
            {"window_s", one.length.in_seconds()},
            {"throughput_per_s", one.throughput()},
            {"goodput_per_s", one.goodput()},
            {"success", one.ended() > 0 ? Json(one.success()) : Json()},
            {"slowest_failure_ms", milliseconds(one.slowest_failure)},
            {"latency", Json()},
            {"rest_on_few", Json::array()}};
  for (const auto& [name, share] :
       {std::pair{"p50_ms", 0.5}, std::pair{"p90_ms", 0.9}, std::pair{"p95_ms", 0.95},
        std::pair{"p99_ms", 0.99}, std::pair{"p999_ms", 0.999}}) {
    if (one.ok > 0 && rests_on_few(share, one.ok)) json["rest_on_few"].push_back(name);
  }
  if (one.ok > 0) {
    json["latency"] = {{"mean_ms", milliseconds(one.mean)},  {"p50_ms", milliseconds(one.p50)},
                       {"p90_ms", milliseconds(one.p90)},    {"p95_ms", milliseconds(one.p95)},
                       {"p99_ms", milliseconds(one.p99)},    {"p999_ms", milliseconds(one.p999)},
                       {"max_ms", milliseconds(one.maximum)}};
  }
  return json;
}

Json json_of(const WindowSummaries& windows) {
  return {{"before", json_of(windows[0])},
          {"during", json_of(windows[1])},
          {"after", json_of(windows[2])}};
}

Json json_of(const std::vector<WorkReport>& reports) {
  Json json = Json::object();
  for (const WorkReport& one : reports) {
    Json& entry = json[one.type] = json_of(one.windows);
    entry["whole_run"] = json_of(one.overall);
    if (!one.errors.empty()) entry["errors"] = json_of(one.errors);
  }
  return json;
}

// Value and limit are in `unit`; null where nothing was measured.
Json json_of(const Check& check) {
  Json json{{"kind", name_of(check.kind)},
            {"status", name_of(check.status)},
            {"expectation", check.expectation},
            {"observed", check.observed},
            {"value", Json()},
            {"comparison", Json()},
            {"limit", Json()},
            {"unit", Json()}};
  if (!check.measure) return json;
  json["value"] = check.measure->value;
  json["comparison"] = symbol_of(check.measure->comparison);
  json["limit"] = check.measure->limit;
  json["unit"] = check.measure->unit;
  return json;
}

Json json_of(const FaultStrike& strike) {
  return {{"started_s", seconds(strike.started)},
          {"ended_s", seconds(strike.ended)},
          {"first_error_s", seconds(strike.first_error)},
          {"recovered_s", seconds(strike.recovered)},
          {"overlapped", strike.overlapped}};
}

Json json_of(const FaultReport& fault) {
  const FaultRecord& record = fault.record;
  Json json{{"name", fault.name()},
            {"number", fault.fact.number},
            {"title", fault.title()},
            {"kind", fault.fact.kind},
            {"target", fault.fact.target},
            {"strikes", record.strikes},
            {"never_struck", record.strikes == 0},
            {"strikes_without_effect", fault.without_effect()},
            {"may_miss", fault.fact.may_miss},
            {"episodes_in_all", record.episode_count},
            {"noticed", record.noticed},
            {"recovered", record.recovered},
            {"active_s", record.active_time.in_seconds()},
            {"first_started_s", seconds(record.first_started)},
            {"longest_detection_s",
             record.noticed > 0 ? Json(record.worst_detection.in_seconds()) : Json()},
            {"longest_recovery_s",
             record.recovered > 0 ? Json(record.worst_recovery.in_seconds()) : Json()},
            {"episodes", Json::array()},
            {"requests", Json::object()},
            {"sagas", Json::object()}};
  for (const FaultStrike& strike : record.episodes) json["episodes"].push_back(json_of(strike));
  for (const auto& [type, windows] : fault.requests) json["requests"][type] = json_of(windows);
  for (const auto& [type, windows] : fault.sagas) json["sagas"][type] = json_of(windows);
  return json;
}

Json json_of(const InvariantReport& one) {
  const InvariantResult& result = one.result;
  Json json{{"id", one.invariant.id},
            {"title", one.invariant.title},
            {"class", std::string(1, letter_of(one.invariant.when))},
            {"sampled", one.invariant.sampled()},
            {"status", name_of(result.status)},
            {"checks", result.checks},
            {"over", result.has_over ? Json(result.over) : Json()},
            {"violations", result.violations},
            {"never_repaired", result.never_repaired},
            {"found_only_at_rest", result.found_only_at_rest},
            {"error", result.error},
            {"first_violations", Json::array()}};
  const Histogram& windows = result.windows;
  json["windows"] = {{"closed", windows.count()},
                     {"mean_ms", milliseconds(windows.mean())},
                     {"p50_ms", milliseconds(windows.quantile(0.5))},
                     {"p99_ms", milliseconds(windows.quantile(0.99))},
                     {"max_ms", milliseconds(windows.maximum())}};
  for (const Violation& violation : result.kept) {
    json["first_violations"].push_back(
        {{"key", violation.key},
         {"saga", violation.saga == 0 ? Json() : Json(to_text(violation.saga))},
         {"broken_s", seconds(violation.broken)},
         {"convicted_s", seconds(violation.convicted)},
         {"repaired_s", seconds(violation.repaired)}});
  }
  return json;
}

Json json_of_outcomes(const std::array<std::uint64_t, kSagaOutcomes>& outcomes) {
  Json json = Json::object();
  for (const SagaOutcome outcome : kAllSagaOutcomes)
    json[std::string(name_of(outcome))] = outcomes[static_cast<std::size_t>(outcome)];
  return json;
}

Json json_of_sagas(const RunReport& report) {
  Json json{{"started", report.sagas_started},
            {"open", report.sagas_open},
            {"outcomes", json_of_outcomes(report.sagas)},
            {"unjudged_workflows", report.facts.unjudged_workflows},
            {"workflows", Json::array()},
            {"from_end_to_end", json_of(report.saga_work)},
            {"worst", Json::array()}};
  for (const WorkflowReport& workflow : report.workflows) {
    json["workflows"].push_back({{"name", workflow.workflow},
                                 {"started", workflow.started},
                                 {"open", workflow.open},
                                 {"retries", workflow.retries},
                                 {"outcomes", json_of_outcomes(workflow.outcomes)},
                                 {"p50_ms", milliseconds(workflow.p50)},
                                 {"p99_ms", milliseconds(workflow.p99)},
                                 {"max_ms", milliseconds(workflow.maximum)}});
  }
  for (const SagaReport& saga : report.worst_sagas) {
    json["worst"].push_back({{"saga", saga.id},
                             {"workflow", saga.workflow},
                             {"outcome", name_of(saga.outcome)},
                             {"step", saga.step},
                             {"started_s", seconds(saga.started)},
                             {"last_change_s", seconds(saga.changed)},
                             {"retries", saga.retries},
                             {"violated", saga.violated}});
  }
  return json;
}

Json json_of(const ServiceReport& one) {
  return {{"service", one.service},
          {"replicas", one.replicas},
          {"handled", one.handled},
          {"failed", one.failed},
          {"refused", one.refused},
          {"abandoned", one.abandoned},
          {"retries", one.retries},
          {"busy_s", one.busy.in_seconds()},
          {"busy_workers", one.busy_workers},
          {"worker_mean_ms", milliseconds(one.worker_mean)},
          {"worker_p99_ms", milliseconds(one.worker_p99)},
          {"queue_mean_ms", milliseconds(one.queue_mean)},
          {"queue_p99_ms", milliseconds(one.queue_p99)},
          {"queue_max_ms", milliseconds(one.queue_maximum)},
          {"transactions", one.transactions},
          {"failed_transactions", one.failed_transactions},
          {"transaction_wait_p99_ms", milliseconds(one.transaction_wait_p99)},
          {"commits_lost", one.commits_lost},
          {"crashes", one.crashes},
          {"host_failures", one.host_failures},
          {"down_s", one.down_time.in_seconds()}};
}

Json json_of(const CallReport& one) {
  return {{"from", one.caller},
          {"method", one.method},
          {"calls", one.calls},
          {"failed", one.failed},
          {"retries", one.retries},
          {"hedges", one.hedges},
          {"mean_ms", milliseconds(one.mean)},
          {"p99_ms", milliseconds(one.p99)},
          {"max_ms", milliseconds(one.maximum)},
          {"attempts_per_call", one.attempts_per_call()},
          {"errors", json_of(one.errors)}};
}

// Shares of the capacity; `waiting` is a number.
Json json_of(const ResourceReport& one) {
  return {{"kind", name_of(one.kind)}, {"owner", one.owner},         {"capacity", one.capacity},
          {"utilisation", one.used},   {"busiest_10s", one.busiest}, {"waiting_mean", one.waiting}};
}

Json json_of(const FailureReason& one) {
  return {{"workflow", one.workflow},
          {"task", one.task.empty() ? Json() : Json(one.task)},
          {"status", one.status},
          {"reason", one.reason},
          {"count", one.count}};
}

Json json_of(const ExecutionReport& one) {
  return {{"workflow", one.workflow},   {"started", one.started},
          {"COMPLETED", one.completed}, {"FAILED", one.failed},
          {"TIMED_OUT", one.timed_out}, {"TERMINATED", one.terminated},
          {"running", one.running},     {"longest_ms", milliseconds(one.longest)}};
}

Json json_of(const TaskWorkReport& one) {
  return {{"workflow", one.workflow},       {"task", one.task},
          {"executions", one.executions},   {"repeated", one.repeated},
          {"overlapping", one.overlapping}, {"retry_peak_per_s", one.retry_peak}};
}

Json json_of(const EffectReport& one) {
  return {{"workflow", one.workflow}, {"task", one.task},
          {"effects", one.effects},   {"answers_dropped", one.dropped},
          {"answers_lost", one.lost}, {"after_undo", one.after_undo}};
}

template <class Items>
Json list_of(const Items& items) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(json_of(item));
  return list;
}

// Everything that is known about a run and is the same for one scenario and seed on every machine;
// compare two of them byte by byte. Times and durations are in the unit that the name of the field
// ends with; null is "never".
std::string run_json(const EndedRun& run) {
  const RunReport& report = run.report;
  const RunFacts& facts = report.facts;
  Json json{{"schema", kRunSchema},
            {"scenario", facts.scenario},
            {"about", facts.about},
            {"seed", facts.seed},
            {"overrides", facts.overrides},
            {"version", facts.version},
            {"fidelity", facts.fidelity},
            {"digest", facts.digest},
            {"events", facts.events},
            {"simulated_s", facts.ended.in_seconds()},
            {"load_s", report.load.in_seconds()},
            {"came_to_rest", facts.came_to_rest},
            {"aborted", facts.aborted != 0},
            {"series_step_s", report.series_step_seconds},
            {"verdict", !facts.endless.empty() ? "unknown"
                        : facts.aborted != 0   ? "aborted"
                                               : name_of(status_of(report.exit_code))},
            {"exit_code", report.process_exit()},
            {"sentence", report.sentence},
            {"checks", Json::array()},
            {"requests", json_of(report.requests)},
            {"sagas", json_of_sagas(report)},
            {"workflows", list_of(report.executions)},
            {"task_work", list_of(report.task_work)},
            {"effects", list_of(report.effects)},
            {"faults", list_of(report.faults)},
            {"invariants", list_of(report.invariants)},
            {"invariants_left_out", report.invariants_left_out},
            {"services", list_of(report.services)},
            {"calls", list_of(report.calls)},
            {"resources", list_of(report.resources)},
            {"bottleneck", report.bottleneck ? json_of(*report.bottleneck) : Json()},
            {"failures", list_of(facts.failures)},
            {"warnings", json_of(report.warnings)}};
  for (const Check& check : report.checks) {
    json["checks"].push_back(json_of(check));
  }
  return json.dump(2) + "\n";
}

}  // namespace

Writer run_json_writer() {
  return {.file = "run.json",
          .help = "the report for programs; the same on every machine for one scenario and seed",
          .text = run_json};
}

}  // namespace soundcheck
