#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "reports/text/quantities.hpp"
#include "reports/verdict/judge.hpp"

namespace soundcheck {

namespace {

std::string comma_list(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i > 0 ? ", " : "") + parts[i];
  return text;
}

// The first moment at which something was wrong, as far as violations and sagas tell.
Time first_trouble(const RunReport& report) {
  Time first = Time::never();
  for (const InvariantReport& one : report.invariants) {
    for (const Violation& violation : one.result.kept) first = std::min(first, violation.broken);
  }
  if (first != Time::never()) return first;
  for (const SagaReport& saga : report.worst_sagas) {
    if (saga.outcome != SagaOutcome::kNeedsHuman) first = std::min(first, saga.changed);
  }
  return first;
}

// "first at t = 131.204 s, 11.2 s after F1 (process.crash payments)"
std::string when_text(const RunReport& report, Time first) {
  std::string text = "first at t = " + short_text(first);
  const FaultReport* latest = nullptr;
  Time struck;
  for (const FaultReport& fault : report.faults) {
    for (const FaultStrike& strike : fault.record.episodes) {
      if (strike.started > first || (latest != nullptr && strike.started < struck)) continue;
      latest = &fault;
      struck = strike.started;
    }
  }
  if (latest != nullptr)
    text += fmt::format(", {} after {}", short_text(first - struck), latest->label());
  return text;
}

std::string failure_sentence(const RunReport& report) {
  std::vector<std::string> parts;
  const std::uint64_t inconsistent = report.sagas_in(SagaOutcome::kInconsistent);
  const std::uint64_t left = report.sagas_in(SagaOutcome::kNotUndone);
  const std::uint64_t stuck = report.sagas_in(SagaOutcome::kStuck);
  if (inconsistent > 0) parts.push_back(counted(inconsistent, "saga", "sagas") + " inconsistent");
  if (left > 0) parts.push_back(counted(left, "saga", "sagas") + " not undone");
  if (stuck > 0) parts.push_back(counted(stuck, "saga", "sagas") + " stuck");
  std::vector<std::string> violated;
  for (const InvariantReport& one : report.invariants) {
    if (one.result.status == InvariantStatus::kViolated) violated.push_back(one.invariant.id);
  }
  if (!violated.empty()) {
    const std::size_t more = violated.size() > 4 ? violated.size() - 3 : 0;
    if (more > 0) violated.resize(3);
    parts.push_back(
        fmt::format("{} {} violated{}", violated.size() + more == 1 ? "invariant" : "invariants",
                    comma_list(violated), more > 0 ? fmt::format(" and {} more", more) : ""));
  }
  if (parts.empty()) {
    for (const Check& check : report.checks) {
      if (check.status == CheckStatus::kFail && check.kind == Check::Kind::kSagas)
        parts.push_back(fmt::format("{}: {}", check.expectation, check.observed));
    }
  }
  std::string text = "FAIL: " + comma_list(parts);
  if (const Time first = first_trouble(report); first != Time::never())
    text += ", " + when_text(report, first);
  return text + ".";
}

std::string missed_sentence(const RunReport& report) {
  std::vector<std::string> missed;
  for (const Check& check : report.checks) {
    if (check.status == CheckStatus::kFail)
      missed.push_back(fmt::format("{}: {}", check.expectation, check.observed));
  }
  const std::size_t more = missed.size() > 2 ? missed.size() - 2 : 0;
  missed.resize(missed.size() - more);
  std::string text = "FAIL: " + comma_list(missed);
  if (more > 0) text += fmt::format(" and {} more", more);
  return text + ".";
}

std::string unknown_sentence(const RunReport& report) {
  std::vector<std::string> unknown;
  for (const Check& check : report.checks) {
    if (check.status == CheckStatus::kUnknown)
      unknown.push_back(fmt::format("{}: {}", check.expectation, check.observed));
  }
  if (unknown.empty()) return "UNKNOWN: nothing was there to check.";
  if (unknown.size() > 2) unknown.resize(2);
  return "UNKNOWN: " + comma_list(unknown) + ".";
}

// What was seen, and nothing of what only the abortion caused.
std::string aborted_sentence(const RunReport& report) {
  std::uint64_t started = 0;
  std::uint64_t ok = 0;
  for (const WorkReport& request : report.requests) {
    started += request.overall.started;
    ok += request.overall.ok;
  }
  std::vector<std::string> parts{fmt::format("{} of {} answered with success", count_text(ok),
                                             counted(started, "request", "requests"))};
  if (report.sagas_started > 0) {
    parts.push_back(fmt::format(
        "{} of {} completed, {} open", count_text(report.sagas_in(SagaOutcome::kCompleted)),
        counted(report.sagas_started, "saga", "sagas"), count_text(report.sagas_open)));
  }
  std::vector<std::string> violated;
  for (const InvariantReport& one : report.invariants) {
    if (one.result.status == InvariantStatus::kViolated) violated.push_back(one.invariant.id);
  }
  if (!violated.empty()) parts.push_back("violated until then: " + comma_list(violated));
  const std::string& endless = report.facts.endless;
  if (!endless.empty()) parts.insert(parts.begin(), endless);
  return fmt::format("{} at t = {}, not judged: {}.", endless.empty() ? "ABORTED" : "UNKNOWN",
                     short_text(report.facts.ended), comma_list(parts));
}

// Sound are those that ended as they should, of workflows of which it is known what that is.
void add_sagas(const RunReport& report, std::vector<std::string>& parts) {
  std::uint64_t sound = 0;
  std::uint64_t unjudged = 0;
  for (const WorkflowReport& workflow : report.workflows) {
    const auto in = [&](SagaOutcome outcome) {
      return workflow.outcomes[static_cast<std::size_t>(outcome)];
    };
    const auto& unknown = report.facts.unjudged_workflows;
    const bool is_known = std::ranges::find(unknown, workflow.workflow) == unknown.end();
    (is_known ? sound : unjudged) += in(SagaOutcome::kCompleted) + in(SagaOutcome::kCompensated) +
                                     in(SagaOutcome::kFailedCleanly) + in(SagaOutcome::kUnjudged);
  }
  if (sound > 0) parts.push_back(counted(sound, "saga sound", "sagas sound"));
  if (unjudged > 0) parts.push_back(counted(unjudged, "saga", "sagas") + " unjudged");
  for (const auto& [outcome, how] : {std::pair{SagaOutcome::kNotUndone, "not undone"},
                                     std::pair{SagaOutcome::kNeedsHuman, "waiting for a person"},
                                     std::pair{SagaOutcome::kStuck, "stuck"},
                                     std::pair{SagaOutcome::kInconsistent, "inconsistent"}}) {
    if (const std::uint64_t count = report.sagas_in(outcome); count > 0)
      parts.push_back(fmt::format("{} {}", counted(count, "saga", "sagas"), how));
  }
}

void add_faults(const RunReport& report, std::vector<std::string>& parts) {
  std::uint64_t survived = 0;
  std::uint64_t strikes = 0;
  std::uint64_t idle = 0;
  for (const FaultReport& fault : report.faults) {
    survived += fault.record.effective > 0 ? 1 : 0;
    strikes += fault.record.effective;
    idle += fault.without_effect();
  }
  if (survived > 0) {
    parts.push_back(counted(survived, "fault survived", "faults survived"));
    if (strikes > survived) parts.back() += fmt::format(" ({} strikes)", count_text(strikes));
  }
  if (idle > 0) parts.push_back(counted(idle, "strike", "strikes") + " without effect");
  if (!report.faults.empty() && strikes + idle == 0) parts.emplace_back("no fault struck");
}

std::string pass_sentence(const RunReport& report) {
  std::vector<std::string> parts;
  const auto held = static_cast<std::uint64_t>(
      std::ranges::count(report.invariants, InvariantStatus::kHolds,
                         [](const InvariantReport& one) { return one.result.status; }));
  const auto met = static_cast<std::uint64_t>(std::ranges::count_if(
      report.checks, [](const Check& check) { return check.kind == Check::Kind::kObjective; }));
  add_sagas(report, parts);
  if (held > 0) parts.push_back(counted(held, "invariant held", "invariants held"));
  if (met > 0) parts.push_back(counted(met, "objective met", "objectives met"));
  add_faults(report, parts);
  return "PASS: " + (parts.empty() ? "every expectation held" : comma_list(parts)) + ".";
}

}  // namespace

std::string verdict_sentence(const RunReport& report) {
  if (report.facts.aborted != 0) return aborted_sentence(report);
  switch (report.exit_code) {
    case ExitCode::kPass:
      return pass_sentence(report);
    case ExitCode::kUnsound:
      return failure_sentence(report);
    case ExitCode::kObjectiveMissed:
      return missed_sentence(report);
    case ExitCode::kUnknown:
      return unknown_sentence(report);
  }
  return "";
}

}  // namespace soundcheck
