// Operations of Conductor's API on a workflow that has not ended.

#include <fmt/format.h>

#include "models/orchestrator/decider/calendar.hpp"
#include "models/orchestrator/decider/decision_step.hpp"

namespace soundcheck::conductor {

ChildSummary summary_of(const Workflow& workflow) {
  return {workflow.id,     workflow.name(), workflow.version(),
          workflow.status, workflow.reason, workflow.output};
}

Result<Started> Decider::start(const StartRequest& request, bool evaluate, Time now) const {
  std::shared_ptr<const Blueprint> blueprint = request.definition;
  if (!blueprint) blueprint = definitions_.blueprint(request.name, request.version);
  if (!blueprint)
    return failure(ErrorCode::kNotFound, missing_definition(request.name, request.version));
  if (blueprint->missing_child())
    return failure(ErrorCode::kNotFound, missing_child_definition(*blueprint->missing_child()));
  if (!request.input.is_object())
    return failure(ErrorCode::kInvalid, "NULL input passed when starting workflow");
  Started started;
  Workflow& workflow = started.workflow;
  workflow.id = request.workflow_id;
  workflow.correlation_id = request.correlation_id;
  workflow.task_to_domain = request.task_to_domain;
  workflow.blueprint = std::move(blueprint);
  workflow.parent_id = request.parent_id;
  workflow.parent_task_id = request.parent_task_id;
  workflow.created = whole_milliseconds(now);
  workflow.variables = workflow.blueprint->definition().variables;
  workflow.input = request.input;
  if (!workflow.input.empty()) {  // as in Conductor, no input at all is left as it is
    for (const auto& [key, value] : workflow.blueprint->definition().input_template.items()) {
      if (!workflow.input.contains(key)) workflow.input[key] = value;
    }
  }
  DecisionStep step(*this, workflow, now);
  step.emit(CreateWorkflow{});
  step.push_decider(workflow.id, settings_.workflow_offset);
  if (evaluate) {
    step.emit(Evaluate{});
  } else {
    step.push_decider(workflow.id, Duration());
  }
  started.decision = step.take();
  return started;
}

Result<Decision> Decider::terminate(Workflow& workflow, const std::string& reason, Time now) const {
  if (workflow.status == WorkflowStatus::kCompleted) {
    return failure(ErrorCode::kConflict, "Cannot terminate a COMPLETED workflow.");
  }
  DecisionStep step(*this, workflow, now);
  if (workflow.status == WorkflowStatus::kTerminated) return step.take();
  workflow.status = WorkflowStatus::kTerminated;
  step.end_unsuccessfully(reason, false);
  return step.take();
}

Decision Decider::fail_endless(Workflow& workflow, Time now) const {
  DecisionStep step(*this, workflow, now);
  const TaskRow* loop = nullptr;  // the one that has come furthest
  for (const TaskRow& row : workflow.rows()) {
    const bool runs = row.kind == TaskType::kDoWhile && !row.terminal() && !row.removed;
    if (runs && (loop == nullptr || row.iteration > loop->iteration)) loop = &row;
  }
  const std::string reason =
      loop == nullptr
          ? std::string("the workflow goes on and on without any time passing")
          : fmt::format("the DO_WHILE '{}' goes on for ever: iteration {} without any time passing",
                        loop->reference, loop->iteration);
  workflow.status = WorkflowStatus::kFailed;
  step.end_unsuccessfully(reason, true);
  return step.take();
}

Decision Decider::terminate_child(Workflow& child, const std::string& reason, Time now) const {
  DecisionStep step(*this, child, now);
  if (child.terminal()) return step.take();
  child.status = WorkflowStatus::kTerminated;
  step.end_unsuccessfully(reason, false);
  return step.take();
}

Result<Decision> Decider::pause(Workflow& workflow, Time now) const {
  if (workflow.terminal()) {
    return failure(ErrorCode::kConflict,
                   fmt::format("Workflow {}.{}/{} has ended, status cannot be updated.",
                               workflow.name(), workflow.version(), workflow.id));
  }
  DecisionStep step(*this, workflow, now);
  if (workflow.status == WorkflowStatus::kPaused) return step.take();
  workflow.status = WorkflowStatus::kPaused;
  step.store_workflow();
  step.emit(Remove{kDeciderQueue, workflow.id});
  return step.take();
}

Result<Decision> Decider::resume(Workflow& workflow, Time now) const {
  if (workflow.status != WorkflowStatus::kPaused) {
    return failure(
        ErrorCode::kConflict,
        fmt::format("The workflow {} is not PAUSED so cannot resume. Current status is {}",
                    workflow.id, to_text(workflow.status)));
  }
  DecisionStep step(*this, workflow, now);
  workflow.status = WorkflowStatus::kRunning;
  workflow.last_retried = step.now();
  step.push_decider(workflow.id, settings_.workflow_offset);
  step.store_workflow();
  step.emit(Evaluate{});
  return step.take();
}

Result<Decision> Decider::skip(Workflow& workflow, const std::string& reference, const Json& input,
                               const Json& output, Time now) const {
  if (workflow.status != WorkflowStatus::kRunning) {
    return failure(
        ErrorCode::kConflict,
        fmt::format("The workflow {} is not running so the task referenced by {} cannot be skipped",
                    workflow.id, reference));
  }
  const Node* node = workflow.blueprint->find(reference);
  if (!node) {
    return failure(
        ErrorCode::kConflict,
        fmt::format("The task referenced by {} does not exist in the WorkflowDefinition {}",
                    reference, workflow.name()));
  }
  if (workflow.latest(reference)) {
    return failure(
        ErrorCode::kConflict,
        fmt::format("The task referenced {} has already been processed, cannot be skipped",
                    reference));
  }
  DecisionStep step(*this, workflow, now);
  TaskRow row;  // with sequence number 0: it sorts before all others
  row.id = step.new_task_id();
  row.reference = reference;
  row.type = node->task->name;
  row.definition_name = node->task->name;
  row.status = TaskStatus::kSkipped;
  row.scheduled = row.ended = step.now();
  if (input.is_object()) row.input = input;
  if (output.is_object()) row.output = output;
  step.emit(StoreTask{workflow.insert_first(std::move(row))});
  step.emit(Evaluate{});
  return step.take();
}

Result<Decision> Decider::reset_callbacks(Workflow& workflow, Time now) const {
  if (workflow.terminal()) {
    return failure(ErrorCode::kConflict, fmt::format("Workflow is in terminal state. Status = {}",
                                                     to_text(workflow.status)));
  }
  DecisionStep step(*this, workflow, now);
  for (std::size_t i = 0; i < workflow.rows().size(); ++i) {
    const TaskRow& row = workflow.row(i);
    if (row.removed || is_system(row.kind) || row.status != TaskStatus::kScheduled) continue;
    if (row.callback_after_seconds == 0) continue;
    step.emit(Reschedule{row.queue(), row.id, Duration()});
    TaskRow& changed = workflow.modify(i);
    changed.callback_after_seconds = 0;
    changed.callback_jitter_ms = 0;
    step.store(i);
  }
  return step.take();
}

}  // namespace soundcheck::conductor
