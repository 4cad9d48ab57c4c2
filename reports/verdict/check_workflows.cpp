#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "reports/text/quantities.hpp"
#include "reports/verdict/judge.hpp"
#include "reports/verdict/period.hpp"

namespace soundcheck {

namespace {

// Of all executions, whoever started them.
void check_executions(const ExecutionReport& seen, const WorkflowGoal& goal,
                      std::vector<Check>& checks) {
  const PeriodOfWork whole(Period::kAlways);
  const auto add = [&](std::string_view what, const Measured& measured, std::uint64_t of) {
    Check check = whole.check(goal.workflow, what, measured, of > 0);
    if (of == 0) check.observed = "none was started";
    checks.push_back(std::move(check));
  };
  if (goal.completed && goal.during == Period::kAlways) {
    const double share =
        seen.started == 0 ? 0
                          : static_cast<double>(seen.completed) / static_cast<double>(seen.started);
    Measured measured = measure_share(share, *goal.completed);
    measured.observed += " of " + count_text(seen.started);
    add("completed", measured, seen.started);
  }
  if (goal.longest)
    add("longest", measure_duration(seen.longest, *goal.longest), seen.started - seen.running);
}

// Of sagas from end to end, in a part of the load.
void check_period(const RunRecorder& recorder, const WorkflowGoal& goal,
                  std::vector<Check>& checks) {
  PeriodOfWork period(goal.during);
  period.add(recorder.windows().of_all_faults(Work::kSagas),
             [&](std::uint32_t type) { return recorder.saga_type(type) == goal.workflow; });
  if (goal.completed && goal.during != Period::kAlways)
    checks.push_back(period.success(goal.workflow, "completed", *goal.completed));
  period.check_goal(goal.workflow, goal, checks);
}

}  // namespace

std::vector<Check> check_workflows(const RunReport& report, const RunRecorder& recorder,
                                   const Expectations& expectations) {
  std::vector<Check> checks;
  for (const WorkflowGoal& goal : expectations.workflows) {
    const auto found =
        std::ranges::find(report.executions, goal.workflow, &ExecutionReport::workflow);
    check_executions(found == report.executions.end() ? ExecutionReport() : *found, goal, checks);
    check_period(recorder, goal, checks);
  }
  return checks;
}

std::vector<Check> check_task_work(const RunReport& report, const Expectations& expectations) {
  std::vector<Check> checks;
  for (const TaskGoal& goal : expectations.tasks) {
    TaskWorkReport seen;
    for (const TaskWorkReport& one : report.task_work) {
      if (one.task != goal.task) continue;
      seen.executions += one.executions;
      seen.repeated += one.repeated;
      seen.overlapping += one.overlapping;
      seen.retry_peak = std::max(seen.retry_peak, one.retry_peak);
    }
    const auto add = [&](Check check) {
      if (seen.executions == 0) {
        check.status = CheckStatus::kUnknown;
        check.observed = "nobody worked on it";
        check.measure.reset();
      }
      checks.push_back(std::move(check));
    };
    const auto limit = [&](const std::optional<std::uint32_t>& most, std::uint64_t count,
                           std::string_view what) {
      if (!most) return;
      const std::string wanted = *most == 0 ? "no" : fmt::format("at most {}", count_text(*most));
      add({.kind = Check::Kind::kSagas,
           .status = count <= *most ? CheckStatus::kPass : CheckStatus::kFail,
           .expectation = fmt::format("{} {} work on {}", wanted, what, goal.task),
           .observed = fmt::format("{} of {}", count_text(count),
                                   counted(seen.executions, "execution", "executions")),
           .measure = Measure{static_cast<double>(count), Comparison::kAtMost,
                              static_cast<double>(*most), "executions"}});
    };
    limit(goal.repeated, seen.repeated, "repeated");
    limit(goal.overlapping, seen.overlapping, "overlapping");
    if (goal.retry_peak) {
      add(PeriodOfWork(Period::kAlways)
              .check(goal.task, "retry-peak",
                     measure_rate(static_cast<double>(seen.retry_peak), *goal.retry_peak), true));
    }
  }
  return checks;
}

}  // namespace soundcheck
