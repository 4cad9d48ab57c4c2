#include <fmt/format.h>

#include <algorithm>

#include "reports/text/quantities.hpp"
#include "reports/verdict/judge.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

std::vector<Check> check_workflows(const RunReport& report, const Expectations& expectations) {
  std::vector<Check> checks;
  for (const WorkflowGoal& goal : expectations.workflows) {
    const auto found =
        std::ranges::find(report.executions, goal.workflow, &ExecutionReport::workflow);
    const ExecutionReport seen =
        found == report.executions.end() ? ExecutionReport{.workflow = goal.workflow} : *found;
    const auto add = [&](std::string expectation, std::uint64_t of, bool holds, std::string value) {
      checks.push_back({.kind = Check::Kind::kObjective,
                        .status = of == 0 ? CheckStatus::kUnknown
                                  : holds ? CheckStatus::kPass
                                          : CheckStatus::kFail,
                        .expectation = goal.workflow + " " + expectation,
                        .observed = of == 0 ? "none was started" : std::move(value)});
    };
    if (goal.completed) {
      const double share = seen.started == 0 ? 0
                                             : static_cast<double>(seen.completed) /
                                                   static_cast<double>(seen.started);
      add(fmt::format("completed {} {:g} %", symbol_of(goal.completed->comparison),
                      goal.completed->limit * 100),
          seen.started, goal.completed->holds(share),
          fmt::format("{} of {}", percent_text(share), count_text(seen.started)));
    }
    if (goal.longest) {
      add(fmt::format("longest {} {}", symbol_of(goal.longest->comparison),
                      to_text(goal.longest->limit)),
          seen.started - seen.running, goal.longest->holds(seen.longest), short_text(seen.longest));
    }
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
    const auto add = [&](Check::Kind kind, std::string expectation, bool holds, std::string value) {
      checks.push_back(
          {.kind = kind,
           .status = seen.executions == 0 ? CheckStatus::kUnknown
                     : holds              ? CheckStatus::kPass
                                          : CheckStatus::kFail,
           .expectation = std::move(expectation),
           .observed = seen.executions == 0 ? "nobody worked on it" : std::move(value)});
    };
    const auto limit = [&](const std::optional<std::uint64_t>& most, std::uint64_t count,
                           std::string_view what) {
      if (!most) return;
      const std::string wanted = *most == 0 ? "no" : fmt::format("at most {}", count_text(*most));
      add(Check::Kind::kSagas, fmt::format("{} {} work on {}", wanted, what, goal.task),
          count <= *most,
          fmt::format("{} of {}", count_text(count),
                      counted(seen.executions, "execution", "executions")));
    };
    limit(goal.repeated, seen.repeated, "repeated");
    limit(goal.overlapping, seen.overlapping, "overlapping");
    if (goal.retry_peak) {
      const auto peak = static_cast<double>(seen.retry_peak);
      add(Check::Kind::kObjective,
          fmt::format("{} retry-peak {} {}", goal.task, symbol_of(goal.retry_peak->comparison),
                      rate_text(goal.retry_peak->limit)),
          goal.retry_peak->holds(peak), rate_text(peak));
    }
  }
  return checks;
}

}  // namespace soundcheck
