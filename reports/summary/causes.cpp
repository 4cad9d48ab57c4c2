#include "reports/summary/causes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "reports/text/quantities.hpp"

namespace soundcheck {

namespace {

constexpr std::size_t kMostRows = 5;
constexpr std::size_t kMostErrors = 2;
constexpr double kBusy = 0.1;  // what is used less is told only if nothing is used more

// "timeout 35, unavailable 2"
std::string causes_text(NamedCounts errors) {
  std::ranges::sort(errors, [](const auto& a, const auto& b) {
    return std::tie(b.second, a.first) < std::tie(a.second, b.first);
  });
  std::string text;
  for (std::size_t i = 0; i < std::min(errors.size(), kMostErrors); ++i)
    text +=
        fmt::format("{}{} {}", i > 0 ? ", " : "", errors[i].first, count_text(errors[i].second));
  return text + (errors.size() > kMostErrors ? ", …" : "");
}

// Capacities are whole but for disks and links, which are told by number.
std::string capacity_text(const ResourceReport& one) {
  return count_text(static_cast<std::uint64_t>(one.capacity));
}

std::string waiting_text(double waiting) {
  return waiting < 0.005 ? "-" : fmt::format("{:.3g}", waiting);
}

struct ErrorRow {
  std::string who;
  std::uint64_t failed = 0;
  std::uint64_t of = 0;
  double attempts = 1;
  std::string causes;
};

std::vector<ErrorRow> error_rows(const RunReport& report) {
  std::vector<ErrorRow> rows;
  for (const WorkReport& one : report.requests) {
    const std::uint64_t failed = one.overall.failed + one.overall.unknown;
    if (failed > 0)
      rows.push_back({one.type, failed, one.overall.ended(), 1, causes_text(one.errors)});
  }
  const std::size_t requests = std::min(rows.size(), kMostRows);
  rows.resize(requests);
  std::vector<ErrorRow> calls;
  for (const CallReport& one : report.calls) {
    const bool tells = one.failed > 0 || one.attempts > one.calls;
    if (tells && one.caller != "clients")
      calls.push_back({one.caller + " -> " + one.method, one.failed, one.calls,
                       one.attempts_per_call(), causes_text(one.errors)});
  }
  std::ranges::sort(calls, [](const ErrorRow& a, const ErrorRow& b) {
    return std::tie(b.failed, b.attempts, a.who) < std::tie(a.failed, a.attempts, b.who);
  });
  calls.resize(std::min(calls.size(), kMostRows));
  rows.insert(rows.end(), calls.begin(), calls.end());
  return rows;
}

}  // namespace

TextTable task_work_table(const RunReport& report) {
  TextTable table({{"", Align::kLeft},
                   {"", Align::kLeft},
                   {"executions"},
                   {"repeated"},
                   {"overlapping"},
                   {"retry-peak"}});
  const auto number = [](std::uint64_t count) {
    return count == 0 ? std::string("-") : count_text(count);
  };
  for (const TaskWorkReport& one : report.task_work)
    table.add({one.workflow, one.task, number(one.executions), number(one.repeated),
               number(one.overlapping),
               one.retry_peak == 0 ? "-" : fmt::format("{}/s", count_text(one.retry_peak))});
  return table;
}

TextTable resources_table(const RunReport& report) {
  TextTable table({{"", Align::kLeft}, {"of"}, {"used"}, {"busiest 10 s"}, {"waiting"}});
  const std::size_t shown = std::min(report.resources.size(), kMostRows);
  for (std::size_t i = 0; i < shown; ++i) {
    const ResourceReport& one = report.resources[i];
    if (i > 0 && one.busiest < kBusy) break;
    table.add({one.text(), capacity_text(one), percent_text(one.used), percent_text(one.busiest),
               waiting_text(one.waiting)});
  }
  return table;
}

TextTable errors_table(const RunReport& report) {
  TextTable table({{"", Align::kLeft}, {"failed"}, {"of"}, {"attempts"}, {"causes", Align::kLeft}});
  for (const ErrorRow& row : error_rows(report))
    table.add({row.who, row.failed == 0 ? "-" : count_text(row.failed), count_text(row.of),
               row.attempts > 1 ? fmt::format("{:.2f}", row.attempts) : "-", row.causes});
  return table;
}

TextTable failures_table(const RunReport& report) {
  TextTable table({{""}, {"", Align::kLeft}, {"", Align::kLeft}, {"", Align::kLeft}});
  std::size_t shown = 0;
  for (const FailureReason& one : report.facts.failures) {
    if (one.task.empty() && one.reason.starts_with("Task …")) continue;  // the task tells it
    if (++shown > kMostRows) break;
    table.add({count_text(one.count) + "×",
               one.task.empty() ? one.workflow : one.workflow + "." + one.task, one.status,
               one.reason});
  }
  return table;
}

}  // namespace soundcheck
