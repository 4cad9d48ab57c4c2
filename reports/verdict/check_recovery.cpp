#include <fmt/format.h>

#include "reports/text/quantities.hpp"
#include "reports/verdict/judge.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

namespace {

Check check_of(const FaultReport& fault, Duration within, bool normal_is_known) {
  const FaultRecord& record = fault.record;
  Check check{
      .kind = Check::Kind::kRecovery,
      .expectation = fmt::format("recovery within {} after {}", to_text(within), fault.label())};
  if (!normal_is_known) {
    check.observed = "too few requests before it to know what normal is";
    return check;
  }
  const Bound<Duration> limit{Comparison::kAtMost, within};
  const Measured longest = measure_duration(record.longest_recovering, limit);
  const bool seen = record.open_ended() == 0 && record.recovered > 0;
  if (!longest.holds) {
    check.status = CheckStatus::kFail;
    check.observed = record.longest_recovering == record.worst_recovery && record.recovered > 0
                         ? longest.observed
                         : "not recovered in " + longest.observed;
    check.measure = longest.measure;
  } else if (seen) {
    check.status = CheckStatus::kPass;
    const Measured recovery = measure_duration(record.worst_recovery, limit);
    check.observed = recovery.observed;
    check.measure = recovery.measure;
  } else {
    check.observed = "too little load left to see it";
  }
  return check;
}

}  // namespace

// A fault that was not recovered from has missed the limit only if there was that much time.
std::vector<Check> check_recovery(const RunReport& report, const Expectations& expectations) {
  std::vector<Check> checks;
  if (!expectations.recovery.within) return checks;
  const Duration within = *expectations.recovery.within;
  for (const FaultReport& fault : report.faults) {
    if (fault.record.strikes > 0) checks.push_back(check_of(fault, within, report.normal_is_known));
  }
  if (checks.empty()) {
    checks.push_back({.kind = Check::Kind::kRecovery,
                      .expectation = fmt::format("recovery within {}", to_text(within)),
                      .observed = "no fault struck"});
  }
  return checks;
}

}  // namespace soundcheck
