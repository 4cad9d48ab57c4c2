#include "reports/verdict/judge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/text/quantities.hpp"
#include "reports/verdict/collect.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

namespace {

std::string observed_text(const InvariantReport& report) {
  const InvariantResult& result = report.result;
  switch (result.status) {
    case InvariantStatus::kHolds:
      return result.has_over ? counted(result.over, "row", "rows") + " sound" : "holds";
    case InvariantStatus::kViolated:
      return fmt::format("{}, first at t = {}",
                         counted(result.violations, "violation", "violations"),
                         short_text(result.kept.front().broken));
    case InvariantStatus::kNothingToCheck:
      return "nothing to check";
    case InvariantStatus::kNotChecked:
      return result.error.empty() ? "not checked" : "not checked: " + result.error;
  }
  return "";
}

CheckStatus status_of_result(InvariantStatus status) {
  if (status == InvariantStatus::kHolds) return CheckStatus::kPass;
  return status == InvariantStatus::kViolated ? CheckStatus::kFail : CheckStatus::kUnknown;
}

Check check_of(const InvariantReport& report) {
  return {.kind = Check::Kind::kInvariant,
          .status = status_of_result(report.result.status),
          .expectation = fmt::format("{} {}", report.invariant.id, report.invariant.title),
          .observed = observed_text(report)};
}

std::string share_text(double share) {
  return fmt::format("{:g} %", share * 100);
}

std::string quantile_name(double share) {
  if (share >= 1) return "max";
  std::string digits = fmt::format("{:g}", share * 100);  // 99.9
  std::erase(digits, '.');
  return "p" + digits;
}

}  // namespace

// One check for all that hold together, one for each that does not: an invariant that saw nothing
// is named, but leaves the verdict alone as long as others had something to check.
std::vector<Check> check_invariants(const RunReport& report, const Expectations& expectations) {
  std::vector<Check> checks;
  if (!expectations.all_invariants) {
    for (const std::string& id : expectations.invariants) {
      const auto found = std::ranges::find(
          report.invariants, id, [](const InvariantReport& one) { return one.invariant.id; });
      if (found != report.invariants.end()) {
        checks.push_back(check_of(*found));
      } else {
        checks.push_back({.kind = Check::Kind::kInvariant,
                          .expectation = id,
                          .observed = "its tables are not in this world"});
      }
    }
    return checks;
  }
  std::uint64_t held = 0;
  std::uint64_t nothing = 0;
  for (const InvariantReport& one : report.invariants) {
    if (one.result.status == InvariantStatus::kHolds) ++held;
    if (one.result.status == InvariantStatus::kNothingToCheck) ++nothing;
    const bool stands_out = one.result.status == InvariantStatus::kViolated ||
                            one.result.status == InvariantStatus::kNotChecked;
    if (stands_out) checks.push_back(check_of(one));
  }
  if (held + nothing == 0) return checks;
  Check rest{.kind = Check::Kind::kInvariant,
             .status = held > 0 ? CheckStatus::kPass : CheckStatus::kUnknown,
             .expectation = checks.empty() ? "all invariants" : "all other invariants",
             .observed = fmt::format("{} hold", held)};
  if (held == 0) {
    rest.observed = "nothing to check";
  } else if (nothing > 0) {
    rest.observed += fmt::format(", {} had nothing to check", nothing);
  }
  checks.push_back(std::move(rest));
  return checks;
}

std::vector<Check> check_sagas(const RunReport& report, const Expectations& expectations) {
  SagaLimits default_limits{};
  default_limits[static_cast<std::size_t>(SagaOutcome::kStuck)] = 0;
  default_limits[static_cast<std::size_t>(SagaOutcome::kInconsistent)] = 0;
  const SagaLimits limits = expectations.sagas.value_or(default_limits);
  if (limits == default_limits && report.sagas_started == 0) return {};
  std::vector<Check> checks;
  for (const SagaOutcome outcome : kAllSagaOutcomes) {
    const auto limit = limits[static_cast<std::size_t>(outcome)];
    if (!limit) continue;
    const std::uint64_t count = report.sagas_in(outcome);
    Check check{.kind = Check::Kind::kSagas,
                .status = count <= *limit ? CheckStatus::kPass : CheckStatus::kFail,
                .expectation = *limit == 0
                                   ? fmt::format("no saga {}", name_of(outcome))
                                   : fmt::format("at most {} {}", counted(*limit, "saga", "sagas"),
                                                 name_of(outcome)),
                .observed = fmt::format("{} of {}", count_text(count),
                                        counted(report.sagas_started, "saga", "sagas"))};
    if (report.sagas_started == 0) {
      check.status = CheckStatus::kUnknown;
      check.observed = "no saga was started";
    }
    checks.push_back(std::move(check));
  }
  return checks;
}

namespace {

// Requests of a type in a period, with the time that the period took.
struct Observed {
  RequestTally tally;
  Duration length;
};

bool covers(Period period, FaultWindow window) {
  switch (period) {
    case Period::kAlways:
      return true;
    case Period::kBefore:
      return window == FaultWindow::kBefore;
    case Period::kFaults:
      return window == FaultWindow::kDuring;
    case Period::kAfter:
      return window == FaultWindow::kAfter;
  }
  return false;
}

Observed observe(const RunRecorder& recorder, const Objective& objective) {
  Observed observed;
  const FaultWindowTallies& windows = recorder.requests().of_all_faults();
  for (std::size_t i = 0; i < kFaultWindows; ++i) {
    if (!covers(objective.during, static_cast<FaultWindow>(i))) continue;
    observed.length += windows[i].length;
    for (std::uint32_t type = 0; type < windows[i].types.size(); ++type) {
      if (objective.request.empty() || recorder.request_type(type) == objective.request)
        observed.tally.merge(windows[i].types[type]);
    }
  }
  return observed;
}

}  // namespace

std::vector<Check> check_objectives(const RunRecorder& recorder, const Expectations& expectations) {
  std::vector<Check> checks;
  for (const Objective& objective : expectations.objectives) {
    const Observed observed = observe(recorder, objective);
    const RequestTally& tally = observed.tally;
    const std::string when = objective.during == Period::kAlways
                                 ? ""
                                 : fmt::format(" ({} faults)", objective.during == Period::kFaults
                                                                   ? "during"
                                                                   : name_of(objective.during));
    const std::string request = objective.request.empty() ? "requests" : objective.request;
    const auto add = [&](std::string expectation, bool any, bool holds, std::string value) {
      checks.push_back({.kind = Check::Kind::kObjective,
                        .status = !any    ? CheckStatus::kUnknown
                                  : holds ? CheckStatus::kPass
                                          : CheckStatus::kFail,
                        .expectation = request + " " + expectation + when,
                        .observed = any ? std::move(value) : "no such request"});
    };
    if (objective.success) {
      add(fmt::format("success {} {}", symbol_of(objective.success->comparison),
                      share_text(objective.success->limit)),
          tally.ended() > 0, objective.success->holds(tally.success()),
          fmt::format("{} of {}", percent_text(tally.success()), count_text(tally.ended())));
    }
    for (const LatencyObjective& latency : objective.latency) {
      const Duration value = tally.latency.quantile(latency.share);
      add(fmt::format("{} {} {}", quantile_name(latency.share), symbol_of(latency.bound.comparison),
                      to_text(latency.bound.limit)),
          tally.ok > 0, latency.bound.holds(value), short_text(value));
    }
    if (objective.mean) {
      add(fmt::format("mean {} {}", symbol_of(objective.mean->comparison),
                      to_text(objective.mean->limit)),
          tally.ok > 0, objective.mean->holds(tally.latency.mean()),
          short_text(tally.latency.mean()));
    }
    const auto add_rate = [&](std::string_view name, const Bound<double>& bound,
                              std::uint64_t count) {
      const double seconds = observed.length.in_seconds();
      const double rate = seconds > 0 ? static_cast<double>(count) / seconds : 0;
      add(fmt::format("{} {} {}", name, symbol_of(bound.comparison), rate_text(bound.limit)),
          seconds > 0, bound.holds(rate), rate_text(rate));
    };
    if (objective.throughput) add_rate("goodput", *objective.throughput, tally.ok);
    if (objective.answered) add_rate("throughput", *objective.answered, tally.ended());
  }
  return checks;
}

namespace {

// A fault that was not recovered from has missed the limit only if there was that much time.
CheckStatus recovery_of(const FaultRecord& fault, Duration within, Time load_end) {
  if (fault.worst_recovery > within) return CheckStatus::kFail;
  CheckStatus status = CheckStatus::kPass;
  for (std::size_t i = 0; i < fault.episodes.size(); ++i) {
    const FaultStrike& strike = fault.episodes[i];
    if (strike.recovered != Time::never()) continue;
    const Time seen_until =
        i + 1 < fault.episodes.size() ? fault.episodes[i + 1].started : load_end;
    if (strike.ended != Time::never() && seen_until - strike.ended > within)
      return CheckStatus::kFail;
    status = CheckStatus::kUnknown;
  }
  return status;
}

}  // namespace

std::vector<Check> check_recovery(const RunReport& report, const RequestWindows& requests,
                                  const Expectations& expectations) {
  std::vector<Check> checks;
  if (!expectations.recovery_within) return checks;
  const Duration within = *expectations.recovery_within;
  for (const FaultReport& fault : report.faults) {
    if (fault.record.strikes == 0) continue;
    Check check{
        .kind = Check::Kind::kRecovery,
        .expectation = fmt::format("recovery within {} after {}", to_text(within), fault.label())};
    if (!report.normal_is_known) {
      check.observed = "too few requests before it to know what normal is";
      checks.push_back(std::move(check));
      continue;
    }
    check.status = recovery_of(fault.record, within, requests.load_end());
    if (fault.record.recovered < fault.record.episode_count) {
      check.observed =
          check.status == CheckStatus::kFail ? "not recovered" : "too little load left to see it";
    } else {
      check.observed = short_text(fault.record.worst_recovery);
    }
    checks.push_back(std::move(check));
  }
  if (checks.empty()) {
    checks.push_back({.kind = Check::Kind::kRecovery,
                      .expectation = fmt::format("recovery within {}", to_text(within)),
                      .observed = "no fault struck"});
  }
  return checks;
}

RunReport judge(const RunRecorder& recorder, const Ledger& ledger, const InvariantChecker* checker,
                Observer* observer, const Expectations& expectations, RunFacts facts) {
  RunReport report;
  report.facts = std::move(facts);
  collect_requests(recorder, report);
  collect_faults(recorder, report);
  collect_services(recorder, report);
  if (checker != nullptr) collect_invariants(*checker, report);
  const std::set<std::uint64_t> violated =
      checker != nullptr ? checker->violated_sagas() : std::set<std::uint64_t>();
  collect_sagas(recorder, ledger.balance(observer, violated), checker, report);
  collect_workflows(recorder, report);

  std::vector<Check> checks = check_sagas(report, expectations);
  for (auto more : {check_invariants(report, expectations), check_workflows(report, expectations),
                    check_task_work(report, expectations), check_objectives(recorder, expectations),
                    check_recovery(report, recorder.requests(), expectations)})
    checks.insert(checks.end(), more.begin(), more.end());
  for (const CheckStatus status : {CheckStatus::kFail, CheckStatus::kUnknown, CheckStatus::kPass})
    std::ranges::copy_if(checks, std::back_inserter(report.checks),
                         [&](const Check& check) { return check.status == status; });
  report.exit_code = exit_code_of(report.checks);
  report.sentence = verdict_sentence(report);
  return report;
}

}  // namespace soundcheck
