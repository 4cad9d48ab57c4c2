#include "reports/verdict/period.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "reports/text/quantities.hpp"

namespace soundcheck {

bool PeriodOfWork::covers(FaultWindow window) const {
  switch (during_) {
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

Check PeriodOfWork::check(std::string_view subject, std::string_view what, const Measured& measured,
                          bool any) const {
  std::string expectation = fmt::format("{} {} {}", subject, what, measured.limit);
  if (during_ == Period::kFaults) expectation += " (during faults)";
  if (during_ == Period::kBefore || during_ == Period::kAfter)
    expectation += fmt::format(" ({} faults)", to_text(during_));
  Check check{.kind = Check::Kind::kObjective, .expectation = std::move(expectation)};
  if (!any) {
    check.observed = "nothing of it was seen";
    return check;
  }
  check.status = measured.holds ? CheckStatus::kPass : CheckStatus::kFail;
  check.observed = measured.observed;
  check.measure = measured.measure;
  return check;
}

Check PeriodOfWork::success(std::string_view subject, std::string_view what,
                            const Bound<Percentage>& bound) const {
  Measured measured = measure_share(tally_.success(), bound);
  measured.observed += " of " + count_text(tally_.ended());
  return check(subject, what, measured, tally_.ended() > 0);
}

Check PeriodOfWork::rate(std::string_view subject, std::string_view what, const Bound<Rate>& bound,
                         std::uint64_t ended) const {
  const double seconds = length_.in_seconds();
  const double rate = seconds > 0 ? static_cast<double>(ended) / seconds : 0;
  return check(subject, what, measure_rate(rate, bound), seconds > 0);
}

void PeriodOfWork::check_goal(std::string_view subject, const WorkGoal& goal,
                              std::vector<Check>& checks) const {
  for (const WorkGoal::Percentile& one : WorkGoal::percentiles()) {
    const auto& bound = goal.*one.bound;
    if (!bound) continue;
    Measured measured = measure_duration(tally_.latency.quantile(one.share), *bound);
    if (rests_on_few(one.share, tally_.ok))
      measured.observed += ", of only " + count_text(tally_.ok);
    checks.push_back(check(subject, one.name, measured, tally_.ok > 0));
  }
  if (goal.mean) {
    const Measured measured = measure_duration(tally_.latency.mean(), *goal.mean);
    checks.push_back(check(subject, "mean", measured, tally_.ok > 0));
  }
  if (goal.goodput) checks.push_back(rate(subject, "goodput", *goal.goodput, tally_.ok_within));
  if (goal.throughput)
    checks.push_back(rate(subject, "throughput", *goal.throughput, tally_.ended_within));
}

}  // namespace soundcheck
