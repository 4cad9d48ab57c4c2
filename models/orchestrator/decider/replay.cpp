// Operations on a workflow that has ended (restart, retry, rerun), and what they do to its parents.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "models/orchestrator/decider/decision_step.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck::conductor {

namespace {

std::unexpected<Error> still_running(const Workflow& workflow, const char* operation) {
  return failure(ErrorCode::kConflict,
                 fmt::format("Workflow: {}.{}/{} is not in terminal state, unable to {}.",
                             workflow.name(), workflow.version(), workflow.id, operation));
}

void forget_failure(Workflow& workflow) {
  workflow.reason.clear();
  workflow.failed_task_id.clear();
  workflow.failed_references.clear();
  workflow.failed_task_names.clear();
}

void revive_parents(DecisionStep& step, const Workflow& workflow) {
  if (!workflow.parent_id.empty())
    step.emit(ReviveParent{workflow.parent_id, workflow.parent_task_id});
}

// The rows to try again: of each reference the last one, unless it went well in the end. Joins and
// loops that fell with them go on in place.
std::vector<std::size_t> retriable_rows(const Workflow& workflow,
                                        std::vector<std::size_t>& reopened) {
  std::map<std::string, std::size_t> retriable;
  for (std::size_t i = 0; i < workflow.rows().size(); ++i) {
    const TaskRow& row = workflow.row(i);
    if (row.removed) continue;
    const bool failed = row.terminal() && !row.successful();
    const bool in_place = row.kind == TaskType::kJoin ||
                          (row.kind == TaskType::kDoWhile && row.status == TaskStatus::kCanceled);
    if (!failed) {
      retriable.erase(row.reference);
    } else if (in_place) {
      reopened.push_back(i);
    } else {
      retriable.insert_or_assign(row.reference, i);
    }
  }
  std::vector<std::size_t> rows;
  for (const auto& [reference, row] : retriable) rows.push_back(row);
  std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(workflow.row(a).sequence, a) < std::pair(workflow.row(b).sequence, b);
  });
  return rows;
}

TaskRow next_attempt(DecisionStep& step, const TaskRow& row) {
  TaskRow next = row;
  next.id = step.new_task_id();
  next.retried_task_id = row.id;
  next.status = TaskStatus::kScheduled;
  next.retry_count = row.retry_count + 1;
  next.retried = next.executed = false;
  next.poll_count = 0;
  next.callback_after_seconds = 0;
  next.callback_jitter_ms = 0;
  next.sequence = 0;
  next.scheduled = next.started = next.updated = next.ended = std::nullopt;
  next.worker_id.clear();
  next.reason.clear();
  next.sub_workflow_id.clear();
  next.output = Json::object();
  if (row.node) next.input.update(step.resolve_input(*row.node, next.id));
  return next;
}

}  // namespace

Result<Decision> Decider::restart(Workflow& workflow, bool latest_definition, Time now) const {
  if (!workflow.terminal()) return still_running(workflow, "restart");
  std::shared_ptr<const Blueprint> blueprint = workflow.blueprint;
  if (latest_definition) {
    blueprint = definitions_.blueprint(workflow.name(), std::nullopt);
    if (!blueprint)
      return failure(ErrorCode::kNotFound, "Unable to find latest definition for " + workflow.id);
  }
  if (!blueprint->definition().restartable && workflow.status == WorkflowStatus::kCompleted) {
    return failure(ErrorCode::kNotFound,
                   fmt::format("Workflow: {}.{}/{} is non-restartable", workflow.name(),
                               workflow.version(), workflow.id));
  }
  DecisionStep step(*this, workflow, now);
  for (const TaskRow& row : workflow.rows()) {
    if (!row.removed) step.emit(DeleteTask{row.id});
  }
  workflow.clear_rows();
  workflow.blueprint = std::move(blueprint);
  workflow.status = WorkflowStatus::kRunning;
  workflow.reason.clear();
  workflow.failed_task_id.clear();
  workflow.created = step.now();
  workflow.ended = workflow.last_retried = std::nullopt;
  workflow.output = Json::object();
  step.emit(StoreWorkflow{});
  step.push_decider(workflow.id, settings_.workflow_offset);
  step.emit(Evaluate{});
  revive_parents(step, workflow);
  return step.take();
}

bool Decider::has_failed_task(const Workflow& workflow) {
  return std::any_of(workflow.rows().begin(), workflow.rows().end(), [](const TaskRow& row) {
    return !row.removed && row.terminal() && !row.successful();
  });
}

std::optional<std::string> Decider::child_to_retry(const Workflow& workflow) {
  for (const TaskRow& row : workflow.rows()) {
    if (row.removed || !row.terminal() || row.successful()) continue;
    const bool child = row.kind == TaskType::kSubWorkflow && !row.sub_workflow_id.empty();
    return child ? std::optional(row.sub_workflow_id) : std::nullopt;
  }
  return std::nullopt;
}

Result<Decision> Decider::retry(Workflow& workflow, Time now) const {
  if (!workflow.terminal()) {
    return failure(ErrorCode::kNotFound,
                   fmt::format("Workflow is still running.  status={}", to_text(workflow.status)));
  }
  if (workflow.rows().empty()) return failure(ErrorCode::kConflict, "Workflow has not started yet");
  std::vector<std::size_t> reopened;
  const std::vector<std::size_t> again = retriable_rows(workflow, reopened);
  if (again.empty() && workflow.status != WorkflowStatus::kTimedOut) {
    return failure(ErrorCode::kConflict,
                   "There are no retryable tasks! Use restart if you want to attempt entire "
                   "workflow execution again.");
  }
  DecisionStep step(*this, workflow, now);
  for (const std::size_t index : reopened) {
    TaskRow& row = workflow.modify(index);
    row.status = TaskStatus::kInProgress;
    if (is_async_system(row.kind)) step.push(row);
  }
  workflow.status = WorkflowStatus::kRunning;
  workflow.last_retried = step.now();
  workflow.reason.clear();
  step.push_decider(workflow.id, settings_.workflow_offset);
  step.store_workflow();
  std::vector<TaskRow> next;
  for (const std::size_t index : again) {
    next.push_back(next_attempt(step, workflow.row(index)));
    TaskRow& row = workflow.modify(index);
    row.retried = row.executed = true;
  }
  for (const std::size_t index : reopened) step.store(index);
  for (const std::size_t index : again) step.store(index);
  std::vector<std::size_t> created;
  for (TaskRow& row : next) created.push_back(workflow.append(std::move(row)));
  step.schedule(created);
  revive_parents(step, workflow);
  return step.take();
}

Result<Decision> Decider::rerun(Workflow& workflow, const Rerun& request, Time now) const {
  if (!workflow.terminal()) return still_running(workflow, "rerun");
  const bool whole = request.from_task_id.empty();
  const auto from = workflow.find_task(request.from_task_id);
  if (!whole && !from)
    return failure(ErrorCode::kNotFound, "Task " + request.from_task_id + " not found");
  DecisionStep step(*this, workflow, now);
  workflow.status = WorkflowStatus::kRunning;
  forget_failure(workflow);
  if (request.correlation_id) workflow.correlation_id = *request.correlation_id;
  if (request.workflow_input) workflow.input = *request.workflow_input;
  const auto drop_after = [&](std::int32_t sequence) {
    for (const TaskRow& row : workflow.rows()) {
      if (!row.removed && row.sequence > sequence) step.emit(DeleteTask{row.id});
    }
    workflow.erase_after(sequence);
  };
  if (whole) drop_after(-1);
  step.push_decider(workflow.id, settings_.workflow_offset);
  step.store_workflow();
  revive_parents(step, workflow);
  if (!whole) step.run_again_from(*from, request, drop_after);
  step.emit(Evaluate{});
  return step.take();
}

// Puts the row back to its beginning; a branching task is mapped anew, as its branches are gone.
void DecisionStep::run_again_from(std::size_t index, const Decider::Rerun& request,
                                  const std::function<void(std::int32_t)>& drop_after) {
  const std::string id = workflow_.row(index).id;
  const TaskRow& from = workflow_.row(index);
  const Node* node = from.dynamic_node ? nullptr : from.node;
  const bool branching =
      node && (!node->branches.empty() || from.kind == TaskType::kSwitch ||
               from.kind == TaskType::kDecision || from.kind == TaskType::kForkJoinDynamic);
  if (branching) {
    const std::int32_t iteration = from.iteration;
    drop_after(from.sequence - 1);
    std::vector<TaskRow> rows;
    const OrTermination<void> mapped = map(*node, nullptr, 0, iteration, rows);
    if (!mapped) return end(mapped.error());
    std::vector<std::size_t> created;
    for (TaskRow& row : rows) created.push_back(workflow_.append(std::move(row)));
    schedule(created);
    return;
  }
  drop_after(from.sequence);
  const auto kept = workflow_.find_task(id);
  SOUNDCHECK_ASSERT(kept, "rerun dropped the task {} it starts from", id);
  TaskRow& row = workflow_.modify(*kept);
  row.scheduled = now_;
  row.started = row.updated = row.ended = std::nullopt;
  row.output = Json::object();
  row.retried = row.executed = false;
  row.reason.clear();
  if (row.kind == TaskType::kSubWorkflow && request.in_child) {
    row.status = TaskStatus::kInProgress;
    row.started = now_;
    if (!row.sub_workflow_id.empty()) row.output["subWorkflowId"] = row.sub_workflow_id;
  } else {
    if (request.task_input) row.input = *request.task_input;
    restart_row(*kept);
  }
  store(*kept);
}

void DecisionStep::restart_row(std::size_t index) {
  TaskRow& row = workflow_.modify(index);
  row.callback_after_seconds = 0;
  row.callback_jitter_ms = 0;
  if (row.kind == TaskType::kJoin) {
    row.status = TaskStatus::kInProgress;
    row.started = now_;
    push(row);
  } else if (is_sync_system(row.kind)) {
    row.status = row.kind == TaskType::kEvent ? TaskStatus::kScheduled : TaskStatus::kInProgress;
    row.started = now_;
    if (row.kind == TaskType::kDoWhile) row.iteration = 0;
    start_system_task(index);
  } else {
    row.status = TaskStatus::kScheduled;
    row.sub_workflow_id.clear();
    push(row);
  }
}

Decision Decider::revive_parent(Workflow& parent, const std::string& task_id, Time now) const {
  DecisionStep step(*this, parent, now);
  const auto index = parent.find_task(task_id);
  // The parent may have been restarted since, or may go on without this child.
  if (!index || parent.row(*index).optional()) return step.take();
  TaskRow& row = parent.modify(*index);
  row.sub_workflow_changed = true;
  row.status = TaskStatus::kInProgress;
  step.store(*index);
  parent.status = WorkflowStatus::kRunning;
  forget_failure(parent);
  parent.last_retried = step.now();
  step.store_workflow();
  step.push_decider(parent.id, Duration());
  revive_parents(step, parent);
  return step.take();
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
