#include <string>

#include "reports/verdict/judge.hpp"
#include "reports/verdict/period.hpp"

namespace soundcheck {

std::vector<Check> check_objectives(const RunRecorder& recorder, const Expectations& expectations) {
  std::vector<Check> checks;
  for (const Objective& objective : expectations.objectives) {
    PeriodOfWork period(objective.during);
    period.add(recorder.windows().of_all_faults(Work::kRequests), [&](std::uint32_t type) {
      return objective.request.empty() || recorder.request_type(type) == objective.request;
    });
    const std::string request = objective.request.empty() ? "requests" : objective.request;
    if (objective.success) checks.push_back(period.success(request, "success", *objective.success));
    period.check_goal(request, objective, checks);
  }
  return checks;
}

}  // namespace soundcheck
