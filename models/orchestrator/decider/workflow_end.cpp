// How a workflow ends: its output, its open tasks, its parent, its failure workflow.

#include <fmt/format.h>

#include "models/orchestrator/decider/decision_step.hpp"
#include "models/orchestrator/decider/endless.hpp"
#include "models/orchestrator/decider/workflow_json.hpp"

namespace soundcheck::conductor {

std::string child_workflow_id(const TaskRow& row) {
  return row.sub_workflow_id.empty() ? row.id + ".child" : row.sub_workflow_id;
}

std::string Decider::failure_workflow_id(const Workflow& workflow) {
  const std::string id = workflow.id + ".failure";
  return workflow.failures <= 1 ? id : id + "-" + std::to_string(workflow.failures);
}

std::shared_ptr<const StartRequest> Decider::failure_workflow_request(
    const Workflow& workflow) const {
  const WorkflowDefinition& definition = workflow.blueprint->definition();
  std::string name = definition.failure_workflow;
  if (name.starts_with("$")) {
    // $workflow.input.<parameter>
    const std::size_t dot = name.find('.', name.find('.') + 1);
    const auto it =
        dot == std::string::npos ? workflow.input.end() : workflow.input.find(name.substr(dot + 1));
    name = it != workflow.input.end() && it->is_string() ? it->get<std::string>() : std::string();
  }
  if (name.find_first_not_of(" \t\r\n") == std::string::npos) return nullptr;
  auto request = std::make_shared<StartRequest>();
  request->name = std::move(name);
  request->version = definition.failure_workflow_version;
  request->workflow_id = failure_workflow_id(workflow);
  if (settings_.drawn_ids)
    request->workflow_id = fmt::format("{}.failure-{}", workflow.id, (*settings_.drawn_ids)++);
  request->correlation_id = workflow.correlation_id;
  request->task_to_domain = workflow.task_to_domain;
  request->input = workflow.input;
  request->input["workflowId"] = workflow.id;
  request->input["reason"] = workflow.reason;
  request->input["failureStatus"] = to_text(workflow.status);
  if (!workflow.failed_task_id.empty()) request->input["failureTaskId"] = workflow.failed_task_id;
  request->input["failedWorkflow"] = to_json(workflow);
  return request;
}

void Decider::note_failure_workflow(Workflow& workflow, const std::string& text) const {
  workflow.output["conductor.failure_workflow"] = text;
}

void DecisionStep::store(std::size_t index) {
  TaskRow& row = workflow_.modify(index);
  if (!row.terminal() || !row.updated) row.updated = now_;
  if (row.terminal() && !row.ended) row.ended = now_;
  emit(StoreTask{index});
}

void DecisionStep::store_workflow() {
  workflow_.updated = now_;
  if (workflow_.terminal()) workflow_.ended = now_;
  emit(StoreWorkflow{});
}

void DecisionStep::push(const TaskRow& row) {
  emit(Push{row.queue(), row.id, row.callback_after()});
}

void DecisionStep::push_decider(const std::string& workflow_id, Duration delay) {
  emit(Push{kDeciderQueue, workflow_id, delay});
}

void DecisionStep::remove_message(const TaskRow& row) {
  emit(Remove{row.queue(), row.id});
}

void DecisionStep::set_sweep() {
  const std::optional<Duration> delay = decider_.next_sweep(workflow_, now_);
  if (delay) {
    emit(Reschedule{kDeciderQueue, workflow_.id, *delay});
  } else {
    emit(Remove{kDeciderQueue, workflow_.id});
  }
}

void DecisionStep::update_output() {
  const TaskRow* last = nullptr;
  for (const TaskRow& row : workflow_.rows()) {
    if (!row.removed) last = &row;
  }
  if (!last) return;
  if (const auto terminate = workflow_.terminate_row()) {
    workflow_.output = workflow_.row(*terminate).output;
  } else if (!workflow_.blueprint->definition().output_parameters.empty()) {
    workflow_.output = workflow_.blueprint->output().resolve(scope(""));
  } else {
    workflow_.output = last->output;
  }
}

void DecisionStep::end(const Termination& termination) {
  if (!workflow_.terminal()) workflow_.status = termination.status;
  decision_.again = false;
  if (termination.row) {
    if (workflow_.failed_task_id.empty())
      workflow_.failed_task_id = workflow_.row(*termination.row).id;
    store(*termination.row);
  }
  store_ended_rows(termination.row);
  end_unsuccessfully(termination.reason, true);
}

// What the decision has timed out or let pass on its way would otherwise stay in progress for ever
// in the store, and count against the limits of its task.
void DecisionStep::store_ended_rows(std::optional<std::size_t> but) {
  for (const std::size_t row : ended_rows_) {
    if (row != but) store(row);
  }
}

void DecisionStep::end_unsuccessfully(const std::string& reason, bool with_failure_workflow) {
  if (!workflow_.terminal()) workflow_.status = WorkflowStatus::kTerminated;
  update_output();
  note_failed_tasks();
  workflow_.reason = reason;
  if (with_failure_workflow) ++workflow_.failures;
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < workflow_.rows().size(); ++i) {
    if (!workflow_.row(i).removed && !workflow_.row(i).terminal()) open.push_back(i);
  }
  cancel_open_rows();
  store_workflow();
  emit(Finished{workflow_.status});
  for (const std::size_t row : open) remove_message(workflow_.row(row));
  emit(Remove{kDeciderQueue, workflow_.id});
  tell_parent();
  if (!with_failure_workflow) return;
  const std::shared_ptr<const StartRequest> request = decider_.failure_workflow_request(workflow_);
  if (!request) return;
  const auto endless = endless_start(request->workflow_id, request->name, workflow_.name(), now_);
  if (endless) {
    emit(NoteFailureWorkflow{*endless});
  } else if (decider_.definitions_.workflow(request->name, request->version)) {
    emit(StartFailureWorkflow{request});
    emit(NoteFailureWorkflow{request->workflow_id});
  } else {
    emit(NoteFailureWorkflow{fmt::format("Error workflow {} failed to start.  reason: {}",
                                         request->name,
                                         missing_definition(request->name, request->version))});
  }
}

void DecisionStep::complete() {
  store_ended_rows(std::nullopt);
  update_output();
  workflow_.status = WorkflowStatus::kCompleted;
  note_failed_tasks();
  store_workflow();
  emit(Finished{workflow_.status});
  tell_parent();
  cancel_open_rows();
  emit(Remove{kDeciderQueue, workflow_.id});
}

// Rows that timed out are missing on purpose, rows that failed once and then succeeded are there.
void DecisionStep::note_failed_tasks() {
  for (const TaskRow& row : workflow_.rows()) {
    if (row.removed) continue;
    if (row.status != TaskStatus::kFailed && row.status != TaskStatus::kFailedWithTerminalError)
      continue;
    workflow_.failed_references.insert(row.reference);
    workflow_.failed_task_names.insert(row.definition_name);
  }
}

void DecisionStep::tell_parent() {
  if (workflow_.parent_id.empty()) return;
  emit(CopyToParent{workflow_.parent_id, workflow_.parent_task_id});
  push_decider(workflow_.parent_id, Duration());
}

void DecisionStep::cancel_open_rows() {
  if (workflow_.open_rows() == 0) return;
  for (std::size_t i = 0; i < workflow_.rows().size(); ++i) {
    if (workflow_.row(i).removed || workflow_.row(i).terminal()) continue;
    TaskRow& row = workflow_.modify(i);
    row.status = TaskStatus::kCanceled;
    if (row.kind == TaskType::kSubWorkflow) {
      const std::string why = workflow_.reason.empty()
                                  ? fmt::format("status {}", to_text(workflow_.status))
                                  : "reason: " + workflow_.reason;
      emit(TerminateChild{child_workflow_id(row),
                          "Parent workflow has been terminated with " + why});
    }
    store(i);
  }
}

}  // namespace soundcheck::conductor
