#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/orchestrator/decider/workflow.hpp"
#include "models/orchestrator/execution/execution.hpp"

namespace soundcheck::conductor {

// Watches what a server stores, and notes what must never happen to a row or to a record.
class StatusWatch {
 public:
  void see(const Workflow& workflow, const orchestrator::Changes& changes) {
    for (const std::size_t row : changes.rows) see_row(workflow, workflow.row(row));
    if (!changes.rows.empty()) see_all_rows(workflow);
    if (changes.record) see_record(workflow);
  }
  // An operator has retried, restarted or rerun it, or a relative of it: what had ended may go on.
  void allow_replay(const std::string& workflow_id) { replayed_.insert(workflow_id); }
  // After a crash: what was not stored never was. Show all workflows by `know` again.
  void forget() {
    rows_.clear();
    records_.clear();
  }
  void know(const Workflow& workflow) {
    records_[workflow.id] = workflow.status;
    for (const TaskRow& row : workflow.rows()) rows_[row.id] = row.status;
  }

  const std::vector<std::string>& problems() const { return problems_; }
  // The status of each workflow as it was stored last.
  const std::map<std::string, WorkflowStatus>& records() const { return records_; }
  // It has ended such that Conductor starts its failure workflow.
  bool needs_failure_workflow(const std::string& workflow_id) const {
    return needs_failure_workflow_.contains(workflow_id);
  }

 private:
  // Between two stored states of one row. Replays (by the API) may reopen what had ended.
  static bool allowed(TaskStatus from, TaskStatus to, TaskType kind, bool replayed) {
    if (from == to || replayed) return true;
    if (!is_terminal(from)) return true;
    if (to == TaskStatus::kCompletedWithErrors) return !is_successful(from);  // it was optional
    // A fork branch that runs again reopens its join; a crash may have kept the loop's end from the
    // record.
    return kind == TaskType::kJoin && to == TaskStatus::kInProgress && !is_successful(from);
  }

  void see_row(const Workflow& workflow, const TaskRow& row) {
    const auto [it, is_new] = rows_.emplace(row.id, row.status);
    if (!is_new && !allowed(it->second, row.status, row.kind, replayed_.contains(workflow.id))) {
      problems_.push_back("row " + row.id + " of " + workflow.id + " went from " +
                          std::string(to_text(it->second)) + " to " +
                          std::string(to_text(row.status)));
    }
    it->second = row.status;
  }

  void see_all_rows(const Workflow& workflow) {
    std::set<std::pair<std::string, int>> attempts;
    std::int32_t sequence = 0;
    for (const TaskRow& row : workflow.rows()) {
      if (row.removed) continue;
      if (!attempts.insert({row.reference, row.retry_count}).second) {
        problems_.push_back("two rows of " + row.reference + " with the same retry number in " +
                            workflow.id);
      }
      if (row.sequence <= sequence && row.status != TaskStatus::kSkipped) {
        problems_.push_back("sequence numbers of " + workflow.id + " do not grow at " + row.id);
      }
      sequence = std::max(sequence, row.sequence);
    }
  }

  void see_record(const Workflow& workflow) {
    const auto [it, is_new] = records_.emplace(workflow.id, workflow.status);
    if (!is_new && is_terminal(it->second) && it->second != workflow.status &&
        !replayed_.contains(workflow.id)) {
      const bool by_operator = workflow.status == WorkflowStatus::kTerminated;
      if (!by_operator || it->second == WorkflowStatus::kCompleted) {
        problems_.push_back("workflow " + workflow.id + " went from " +
                            std::string(to_text(it->second)) + " to " +
                            std::string(to_text(workflow.status)));
      }
    }
    it->second = workflow.status;
    const bool failed =
        workflow.status == WorkflowStatus::kFailed || workflow.status == WorkflowStatus::kTimedOut;
    if (failed && workflow.failures > 0) {
      needs_failure_workflow_.insert(workflow.id);
    } else {
      needs_failure_workflow_.erase(workflow.id);
    }
  }

  std::map<std::string, TaskStatus> rows_;
  std::map<std::string, WorkflowStatus> records_;
  std::set<std::string> replayed_, needs_failure_workflow_;
  std::vector<std::string> problems_;
};

}  // namespace soundcheck::conductor
