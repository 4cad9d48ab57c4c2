#include "models/orchestrator/service/failures.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <tuple>

#include "sim/core/json.hpp"
#include "sim/core/letters.hpp"
#include "sim/env/loop_iteration.hpp"

namespace soundcheck::orchestrator {
namespace {

constexpr std::size_t kLongest = 300;  // of a reason, in bytes
constexpr std::size_t kMost = 100;     // reasons that are kept

bool is_of_word(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_';
}

bool is_id(std::string_view word) {
  return word.size() >= 8 && std::ranges::count_if(word, is_digit) >= 2;
}

std::string string_at(const Json& json, const char* field) {
  const auto found = json.find(field);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

using Key = std::tuple<std::string, std::string, std::string, std::string>;

void count(std::map<Key, std::uint64_t>& counts, const std::string& workflow,
           const std::string& task, const Json& row) {
  const std::string status = string_at(row, "status");
  // What was cancelled fell with something else; what waits has not ended.
  if (!status.starts_with("FAILED") && status != "TIMED_OUT" && status != "TERMINATED" &&
      status != "COMPLETED_WITH_ERRORS")
    return;
  std::string reason = without_ids(string_at(row, "reasonForIncompletion"));
  if (reason.empty()) reason = "no reason given";
  ++counts[{workflow, task, status, reason}];
}

}  // namespace

std::string without_ids(const std::string& reason) {
  std::string text;
  for (std::size_t i = 0; i < reason.size() && text.size() < kLongest;) {
    std::size_t end = i;
    while (end < reason.size() && is_of_word(reason[end])) ++end;
    if (end == i) {
      text += reason[i++];
      continue;
    }
    const std::string_view word = std::string_view(reason).substr(i, end - i);
    text += is_id(word) ? "…" : word;
    i = end;
  }
  return text;
}

std::vector<Failure> failures_of(Transaction& transaction) {
  static constexpr Sql kWorkflows{
      "SELECT name, record FROM orchestrator.workflows WHERE status IN ('FAILED', 'TIMED_OUT', "
      "'TERMINATED')"};
  // Few rows have a reason: the others are not read as JSON.
  static constexpr Sql kTasks{
      "SELECT w.name, t.task FROM orchestrator.tasks t JOIN orchestrator.workflows w ON "
      "w.workflow_id = t.workflow_id WHERE INSTR(t.task, '\"reasonForIncompletion\":\"') > 0"};
  std::map<Key, std::uint64_t> counts;
  for (const SqlRow& row : transaction.query(kWorkflows))
    count(counts, row.text(0), "", Json::parse(row.text(1)));
  for (const SqlRow& row : transaction.query(kTasks)) {
    const Json task = Json::parse(row.text(1));
    const std::string reference = string_at(task, "referenceTaskName");
    count(counts, row.text(0), std::string(split_iteration(reference).name), task);
  }
  std::vector<Failure> failures;
  for (const auto& [key, number] : counts) {
    const auto& [workflow, task, status, reason] = key;
    failures.push_back({workflow, task, status, reason, number});
  }
  std::ranges::sort(failures, [](const Failure& a, const Failure& b) {
    return std::tie(b.count, a.workflow, a.task, a.status, a.reason) <
           std::tie(a.count, b.workflow, b.task, b.status, b.reason);
  });
  failures.resize(std::min(failures.size(), kMost));
  return failures;
}

}  // namespace soundcheck::orchestrator
