#include <fmt/format.h>

#include "reports/text/quantities.hpp"
#include "reports/verdict/judge.hpp"

namespace soundcheck {

namespace {

// Less than that is nearly nothing.
constexpr double kLeastShare = 0.05;

Check doubtful(std::uint64_t succeeded, const std::string& asked, const char* verb) {
  return {.kind = Check::Kind::kWork,
          .expectation = "something worked",
          .observed = fmt::format("{} of {} {}", succeeded == 0 ? "none" : count_text(succeeded),
                                  asked, verb)};
}

bool nearly_nothing(std::uint64_t succeeded, std::uint64_t asked) {
  return asked > 0 && static_cast<double>(succeeded) < kLeastShare * static_cast<double>(asked);
}

}  // namespace

std::vector<Check> check_work(const RunReport& report, const Expectations& expectations) {
  std::vector<Check> checks;
  if (expectations.may_fail) return checks;
  std::uint64_t started = 0;
  std::uint64_t ok = 0;
  for (const WorkReport& request : report.requests) {
    started += request.overall.started;
    ok += request.overall.ok;
  }
  const std::uint64_t well =
      report.sagas_in(SagaOutcome::kCompleted) + report.sagas_in(SagaOutcome::kNeedsHuman);
  if (started + report.sagas_started == 0) {
    checks.push_back({.kind = Check::Kind::kWork,
                      .expectation = "something worked",
                      .observed = "nothing was asked"});
  }
  if (nearly_nothing(ok, started))
    checks.push_back(doubtful(ok, counted(started, "request", "requests"), "succeeded"));
  if (nearly_nothing(well, report.sagas_started))
    checks.push_back(
        doubtful(well, counted(report.sagas_started, "saga", "sagas"), "did what it was asked"));
  return checks;
}

}  // namespace soundcheck
