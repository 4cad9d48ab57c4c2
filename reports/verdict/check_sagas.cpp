#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "reports/text/quantities.hpp"
#include "reports/verdict/judge.hpp"
#include "reports/verdict/period.hpp"

namespace soundcheck {

namespace {

Check check_limit(const RunReport& report, SagaOutcome outcome, const SagaLimit& limit) {
  const std::uint64_t count = report.sagas_in(outcome);
  const std::string all = counted(report.sagas_started, "saga", "sagas");
  Check check{.kind = Check::Kind::kSagas};
  if (limit.share) {
    const double share = report.sagas_started == 0 ? 0
                                                   : static_cast<double>(count) /
                                                         static_cast<double>(report.sagas_started);
    const Measured measured = measure_share(share, *limit.share);
    check.status = measured.holds ? CheckStatus::kPass : CheckStatus::kFail;
    check.expectation = fmt::format("sagas {} {}", name_of(outcome), measured.limit);
    check.observed = fmt::format("{} of {}", measured.observed, count_text(report.sagas_started));
    check.measure = measured.measure;
  } else {
    check.status = count <= limit.count ? CheckStatus::kPass : CheckStatus::kFail;
    check.expectation =
        limit.count == 0
            ? fmt::format("no saga {}", name_of(outcome))
            : fmt::format("at most {} {}", counted(limit.count, "saga", "sagas"), name_of(outcome));
    check.observed = fmt::format("{} of {}", count_text(count), all);
    check.measure = Measure{static_cast<double>(count), Comparison::kAtMost,
                            static_cast<double>(limit.count), "sagas"};
  }
  if (report.sagas_started > 0) return check;
  check.status = CheckStatus::kUnknown;
  check.observed = "no saga was started";
  check.measure.reset();
  return check;
}

}  // namespace

std::vector<Check> check_sagas(const RunReport& report, const RunRecorder& recorder,
                               const Expectations& expectations) {
  const SagaGoal& goal = expectations.sagas;
  std::vector<Check> checks;
  const bool is_usual = std::ranges::all_of(kAllSagaOutcomes, [&](SagaOutcome outcome) {
    return goal.limit_of(outcome) == SagaGoal().limit_of(outcome);
  });
  if (!is_usual || report.sagas_started > 0) {
    for (const SagaOutcome outcome : kAllSagaOutcomes) {
      SagaGoal::Limit limit = goal.limit_of(outcome);
      const bool left_behind = outcome == SagaOutcome::kNotUndone && report.sagas_in(outcome) > 0;
      if (left_behind && !limit) limit = SagaLimit();
      if (limit) checks.push_back(check_limit(report, outcome, *limit));
    }
  }
  if (const std::uint64_t unjudged = report.sagas_in(SagaOutcome::kUnjudged); unjudged > 0) {
    checks.push_back({.kind = Check::Kind::kSagas,
                      .expectation = "no saga unjudged",
                      .observed = fmt::format("{} of {}: nothing says what undoes what they did",
                                              count_text(unjudged),
                                              counted(report.sagas_started, "saga", "sagas"))});
  }
  PeriodOfWork period(goal.during);
  period.add(recorder.windows().of_all_faults(Work::kSagas), [](std::uint32_t) { return true; });
  if (goal.completed) checks.push_back(period.success("sagas", "completed", *goal.completed));
  period.check_goal("sagas", goal, checks);
  return checks;
}

}  // namespace soundcheck
