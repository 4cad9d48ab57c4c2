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

// A row that goes on in place instead of being copied: what it joins or loops over is in other
// rows.
bool is_container(const TaskRow& row) {
  return row.kind == TaskType::kDoWhile || row.kind == TaskType::kJoin ||
         row.kind == TaskType::kExclusiveJoin;
}

bool joins_failed_permissive(const Workflow& workflow, const TaskRow& join) {
  const auto joined = join.input.find("joinOn");
  if (joined == join.input.end() || !joined->is_array()) return false;
  return std::ranges::any_of(*joined, [&](const Json& reference) {
    const auto row = reference.is_string() ? workflow.latest(reference.get<std::string>())
                                           : std::optional<std::size_t>();
    return row && workflow.row(*row).permissive() && !workflow.row(*row).optional() &&
           workflow.row(*row).status == TaskStatus::kFailed;
  });
}

// Of each reference the last row that failed, unless it went well in the end.
struct Retriable {
  std::vector<std::size_t> again;
  std::vector<std::size_t> reopened;  // joins and loops that fell with others: no attempt of theirs
};
Retriable retriable_rows(const Workflow& workflow) {
  Retriable retriable;
  std::map<std::string, std::size_t> again;
  for (std::size_t i = 0; i < workflow.rows().size(); ++i) {
    const TaskRow& row = workflow.row(i);
    if (row.removed) continue;
    const bool canceled = row.status == TaskStatus::kCanceled;
    const bool join = row.kind == TaskType::kJoin;
    if (!row.failed()) {
      again.erase(row.reference);
    } else if ((canceled && (join || row.kind == TaskType::kDoWhile)) ||
               (row.status == TaskStatus::kFailed &&
                (join || row.kind == TaskType::kExclusiveJoin) &&
                joins_failed_permissive(workflow, row))) {
      if (!row.retried) retriable.reopened.push_back(i);
    } else {
      again.insert_or_assign(row.reference, i);
    }
  }
  for (const auto& [reference, row] : again) retriable.again.push_back(row);
  std::ranges::sort(retriable.again, {},
                    [&](std::size_t row) { return std::pair(workflow.row(row).sequence, row); });
  return retriable;
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
  return std::ranges::any_of(workflow.rows(), &TaskRow::failed);
}

std::optional<std::string> Decider::child_to_retry(const Workflow& workflow) {
  const auto first = std::ranges::find_if(workflow.rows(), &TaskRow::failed);
  if (first == workflow.rows().end()) return std::nullopt;
  // A loop fell with what is in it.
  const auto failed = first->kind != TaskType::kDoWhile
                          ? first
                          : std::ranges::find_if(workflow.rows(), [](const TaskRow& row) {
                              return row.failed() && row.kind == TaskType::kSubWorkflow;
                            });
  const bool child = failed != workflow.rows().end() && failed->kind == TaskType::kSubWorkflow &&
                     !failed->sub_workflow_id.empty();
  return child ? std::optional(failed->sub_workflow_id) : std::nullopt;
}

Result<Decision> Decider::retry(Workflow& workflow, Time now, Parents parents) const {
  if (!workflow.terminal()) {
    return failure(ErrorCode::kNotFound,
                   fmt::format("Workflow is still running.  status={}", to_text(workflow.status)));
  }
  if (workflow.rows().empty()) return failure(ErrorCode::kConflict, "Workflow has not started yet");
  const Retriable retriable = retriable_rows(workflow);
  if (retriable.again.empty() && workflow.status != WorkflowStatus::kTimedOut) {
    return failure(ErrorCode::kConflict,
                   "There are no retryable tasks! Use restart if you want to attempt entire "
                   "workflow execution again.");
  }
  DecisionStep step(*this, workflow, now);
  workflow.status = WorkflowStatus::kRunning;
  workflow.last_retried = step.now();
  workflow.reason.clear();
  step.push_decider(workflow.id, settings_.workflow_offset);
  step.store_workflow();
  std::vector<std::size_t> in_place = retriable.reopened;
  std::vector<TaskRow> next;
  for (const std::size_t index : retriable.again) {
    if (is_container(workflow.row(index))) {
      ++workflow.modify(index).retry_count;
      in_place.push_back(index);
      continue;
    }
    next.push_back(next_attempt(step, workflow.row(index)));
    TaskRow& row = workflow.modify(index);
    row.retried = row.executed = true;
    step.store(index);
  }
  for (const std::size_t index : in_place) {
    workflow.modify(index).status = TaskStatus::kInProgress;
    step.store(index);
  }
  std::vector<std::size_t> created;
  for (TaskRow& row : next) created.push_back(workflow.append(std::move(row)));
  step.schedule(created);
  for (const std::size_t index : in_place) {
    if (is_async_system(workflow.row(index).kind)) step.push(workflow.row(index));
  }
  if (parents == Parents::kRevived) revive_parents(step, workflow);
  step.emit(Evaluate{});
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
  if (whole) step.drop_after(-1);
  step.push_decider(workflow.id, settings_.workflow_offset);
  step.store_workflow();
  if (request.parents == Parents::kRevived) revive_parents(step, workflow);
  if (!whole && request.in_child) {
    step.go_on_with_child(*from);
    step.repair_siblings(request.children_that_go_on);
  } else if (!whole) {
    step.run_again_from(*from, request);
  }
  step.emit(Evaluate{});
  return step.take();
}

void DecisionStep::drop_after(std::int32_t sequence) {
  for (const TaskRow& row : workflow_.rows()) {
    if (!row.removed && row.sequence > sequence) emit(DeleteTask{row.id});
  }
  workflow_.erase_after(sequence);
}

// Puts the row back to its beginning; a branching task is mapped anew, as its branches are gone. A
// SUB_WORKFLOW keeps what comes after it: that may be other branches.
void DecisionStep::run_again_from(std::size_t index, const Decider::Rerun& request) {
  const std::string id = workflow_.row(index).id;
  const std::string reference = workflow_.row(index).reference;
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
    if (!mapped && mapped.error().of_decision_only) {
      decision_.exception = mapped.error().reason;
      return;
    }
    if (!mapped) return end(mapped.error());
    std::vector<std::size_t> created;
    for (TaskRow& row : rows) created.push_back(workflow_.append(std::move(row)));
    schedule(created);
    run_fallen_again(reference);
    return;
  }
  if (from.kind != TaskType::kSubWorkflow) drop_after(from.sequence);
  const auto kept = workflow_.find_task(id);
  SOUNDCHECK_ASSERT(kept, "rerun dropped the task {} it starts from", id);
  TaskRow& row = workflow_.modify(*kept);
  row.scheduled = now_;
  row.started = row.updated = row.ended = std::nullopt;
  row.output = Json::object();
  row.retried = row.executed = false;
  row.poll_count = 0;
  if (row.kind == TaskType::kSubWorkflow) row.reason.clear();  // others keep it until they end
  if (request.task_input) row.input = *request.task_input;
  restart_row(*kept);
  store(*kept);
  run_fallen_again(reference);
}

// What fell with the task that runs again and is still there: joins and loops around it, branches
// beside it. Attempts that have a newer one stay as they were.
void DecisionStep::run_fallen_again(const std::string& but_reference) {
  for (std::size_t i = 0; i < workflow_.rows().size(); ++i) {
    if (!workflow_.row(i).failed() || workflow_.row(i).retried) continue;
    if (workflow_.row(i).reference == but_reference) continue;
    TaskRow& row = workflow_.modify(i);
    row.executed = false;
    row.started = now_;
    row.ended = std::nullopt;
    row.reason.clear();
    if (row.kind == TaskType::kSubWorkflow) forget_child(row);
    const bool goes_on = row.kind == TaskType::kJoin || is_sync_system(row.kind);
    row.status = goes_on ? TaskStatus::kInProgress : TaskStatus::kScheduled;
    if (row.kind == TaskType::kDoWhile) resume_iteration(i);
    store(i);
    if (!is_sync_system(row.kind)) push(row);
  }
}

// The loop goes on with the last iteration of which there still is a row.
void DecisionStep::resume_iteration(std::size_t index) {
  std::int32_t last = 0;
  for (const TaskRow& row : workflow_.rows()) {
    const bool inside = row.node && row.node->loop == workflow_.row(index).node;
    if (!row.removed && inside) last = std::max(last, row.iteration);
  }
  if (last == 0) return;
  workflow_.modify(index).iteration = last;
  workflow_.start_iteration(index);
}

// The next child is another one if the last one failed: that of an attempt has one id for good.
void DecisionStep::forget_child(TaskRow& row) {
  row.output.erase("subWorkflowId");
  row.sub_workflow_id = fmt::format("{}.child-{}", row.id, workflow_.next_task_number++);
}

void DecisionStep::restart_row(std::size_t index) {
  TaskRow& row = workflow_.modify(index);
  const bool queued_with_delay = row.kind != TaskType::kJoin && !is_sync_system(row.kind);
  if (!queued_with_delay) row.callback_after_seconds = row.callback_jitter_ms = 0;
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
    if (row.kind == TaskType::kSubWorkflow && row.failed()) forget_child(row);
    row.status = TaskStatus::kScheduled;
    push(row);
  }
}

}  // namespace soundcheck::conductor
