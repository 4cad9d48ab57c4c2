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

}  // namespace

// One check for all that hold together, one for each that does not: an invariant that saw nothing
// is named, but leaves the verdict alone as long as others had something to check.
std::vector<Check> check_invariants(const RunReport& report, const Expectations& expectations) {
  std::vector<Check> checks;
  if (expectations.invariants.kind == InvariantSelection::Kind::kSome) {
    for (const std::string& id : expectations.invariants.names) {
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

RunReport judge(const RunRecorder& recorder, const Ledger& ledger, const InvariantChecker* checker,
                Observer* observer, const Expectations& expectations, RunFacts facts) {
  RunReport report;
  report.facts = std::move(facts);
  collect_work(recorder, report);
  collect_faults(recorder, report);
  collect_services(recorder, report);
  collect_resources(recorder, report);
  if (checker != nullptr) collect_invariants(*checker, report);
  const SagaFindings findings = checker != nullptr ? checker->sagas() : SagaFindings();
  const bool aborted = report.facts.aborted != 0;
  collect_sagas(recorder, ledger.balance(observer, findings, aborted), checker, report);
  collect_workflows(recorder, report);
  collect_effects(observer, report);
  if (aborted) {
    report.sentence = verdict_sentence(report);
    return report;
  }

  std::vector<Check> checks = check_work(report, expectations);
  for (auto more :
       {check_sagas(report, recorder, expectations), check_invariants(report, expectations),
        check_workflows(report, recorder, expectations), check_task_work(report, expectations),
        check_objectives(recorder, expectations), check_recovery(report, expectations),
        check_faults(report), check_endless(report)})
    checks.insert(checks.end(), more.begin(), more.end());
  for (const CheckStatus status : {CheckStatus::kFail, CheckStatus::kUnknown, CheckStatus::kPass})
    std::ranges::copy_if(checks, std::back_inserter(report.checks),
                         [&](const Check& check) { return check.status == status; });
  report.exit_code = exit_code_of(report.checks);
  report.sentence = verdict_sentence(report);
  return report;
}

}  // namespace soundcheck
