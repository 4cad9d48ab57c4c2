// What a workflow learns of its children, and what becomes of it when one of them is revived.

#include <fmt/format.h>

#include "models/orchestrator/decider/decision_step.hpp"

namespace soundcheck::conductor {

// Whether a child that was revived revives its parent: not the child of an attempt that has a newer
// one, nor one without which the parent goes on. Nothing: the parent may have been restarted since.
std::optional<std::size_t> Decider::revivable(const Workflow& parent, const std::string& task_id) {
  const auto index = parent.find_task(task_id);
  if (!index || parent.row(*index).optional() || parent.row(*index).retried) return std::nullopt;
  return index;
}

std::vector<std::string> Decider::fallen_children(const Workflow& parent,
                                                  const std::string& but_task_id) {
  std::vector<std::string> children;
  for (const TaskRow& row : parent.rows()) {
    if (row.failed() && !row.retried && row.id != but_task_id && !row.sub_workflow_id.empty())
      children.push_back(row.sub_workflow_id);
  }
  return children;
}

Decision Decider::revive_parent(Workflow& parent, const std::string& task_id,
                                const std::set<std::string>& children_that_go_on, Time now) const {
  DecisionStep step(*this, parent, now);
  const auto index = revivable(parent, task_id);
  if (!index) return step.take();
  step.go_on_with_child(*index);
  parent.status = WorkflowStatus::kRunning;
  parent.reason.clear();
  parent.failed_task_id.clear();
  parent.failed_references.clear();
  parent.failed_task_names.clear();
  parent.last_retried = step.now();
  step.repair_siblings(children_that_go_on);
  step.store_workflow();
  step.push_decider(parent.id, settings_.workflow_offset);
  if (!parent.parent_id.empty()) step.emit(ReviveParent{parent.parent_id, parent.parent_task_id});
  step.emit(Evaluate{});
  return step.take();
}

void DecisionStep::go_on_with_child(std::size_t index) {
  TaskRow& row = workflow_.modify(index);
  row.sub_workflow_changed = true;
  row.status = TaskStatus::kInProgress;
  row.executed = false;
  row.ended = std::nullopt;
  row.reason.clear();
  store(index);
}

// What was cancelled beside the child comes back in place: joins and loops go on, workers get a new
// attempt in the same row, children that go on are waited for. What failed by itself stays failed.
void DecisionStep::repair_siblings(const std::set<std::string>& children_that_go_on) {
  for (std::size_t i = 0; i < workflow_.rows().size(); ++i) {
    const TaskRow& row = workflow_.row(i);
    if (!row.failed() || row.retried) continue;
    if (row.kind == TaskType::kSubWorkflow && !row.sub_workflow_id.empty()) {
      if (children_that_go_on.contains(row.sub_workflow_id)) go_on_with_child(i);
    } else if (row.status == TaskStatus::kCanceled) {
      reopen(i);
    }
  }
}

void DecisionStep::reopen(std::size_t index) {
  TaskRow& row = workflow_.modify(index);
  if (row.kind == TaskType::kJoin || row.kind == TaskType::kDoWhile) {
    row.status = TaskStatus::kInProgress;
    row.ended = std::nullopt;
  } else {
    ++row.retry_count;
    row.poll_count = 0;
    row.reason.clear();
    row.worker_id.clear();
    row.scheduled = now_;
    row.started = row.ended = std::nullopt;
    row.executed = false;
    row.status = TaskStatus::kScheduled;
  }
  store(index);
  if (!is_sync_system(row.kind)) push(row);
}

void set_status_from_child(TaskRow& row, const ChildSummary& child) {
  switch (child.status) {
    case WorkflowStatus::kRunning:
    case WorkflowStatus::kPaused:
      row.status = TaskStatus::kInProgress;
      return;
    case WorkflowStatus::kCompleted:
      row.status = TaskStatus::kCompleted;
      break;
    case WorkflowStatus::kFailed:
      row.status = TaskStatus::kFailed;
      break;
    case WorkflowStatus::kTimedOut:
      row.status = TaskStatus::kTimedOut;
      break;
    case WorkflowStatus::kTerminated:
      row.status = TaskStatus::kCanceled;
      break;
  }
  if (child.output.is_object()) row.output.update(child.output);
  if (child.status != WorkflowStatus::kCompleted) {
    row.reason = fmt::format("Sub workflow {}.{}/{} failure reason: {}", child.name, child.version,
                             child.id, child.reason.empty() ? "null" : child.reason);
  }
}

Decision Decider::child_changed(Workflow& parent, const std::string& task_id,
                                const ChildSummary& child, Time now) const {
  DecisionStep step(*this, parent, now);
  const auto index = parent.find_task(task_id);
  if (!index || parent.row(*index).terminal() || !is_terminal(child.status)) return step.take();
  TaskRow& row = parent.modify(*index);
  row.sub_workflow_id = child.id;
  row.output["subWorkflowId"] = child.id;
  set_status_from_child(row, child);
  step.store(*index);
  return step.take();
}

}  // namespace soundcheck::conductor
