#include "reports/verdict/period.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "reports/text/quantities.hpp"

namespace soundcheck {

namespace {

std::string quantile_name(double share) {
  if (share >= 1) return "max";
  std::string digits = fmt::format("{:g}", share * 100);  // 99.9
  std::erase(digits, '.');
  return "p" + digits;
}

}  // namespace

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
    expectation += fmt::format(" ({} faults)", name_of(during_));
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
                            const Bound<double>& bound) const {
  Measured measured = measure_share(tally_.success(), bound);
  measured.observed += " of " + count_text(tally_.ended());
  return check(subject, what, measured, tally_.ended() > 0);
}

Check PeriodOfWork::latency(std::string_view subject, const LatencyObjective& objective) const {
  Measured measured = measure_duration(tally_.latency.quantile(objective.share), objective.bound);
  if (rests_on_few(objective.share, tally_.ok))
    measured.observed += ", of only " + count_text(tally_.ok);
  return check(subject, quantile_name(objective.share), measured, tally_.ok > 0);
}

Check PeriodOfWork::mean(std::string_view subject, const Bound<Duration>& bound) const {
  return check(subject, "mean", measure_duration(tally_.latency.mean(), bound), tally_.ok > 0);
}

Check PeriodOfWork::rate(std::string_view subject, std::string_view what,
                         const Bound<double>& bound, std::uint64_t ended) const {
  const double seconds = length_.in_seconds();
  const double rate = seconds > 0 ? static_cast<double>(ended) / seconds : 0;
  return check(subject, what, measure_rate(rate, bound), seconds > 0);
}

}  // namespace soundcheck
