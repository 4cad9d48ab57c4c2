#include "models/orchestrator/decider/workflow_scope.hpp"

#include <array>
#include <string_view>

#include "models/orchestrator/decider/calendar.hpp"

namespace soundcheck::conductor {

namespace {

constexpr std::array<std::string_view, 14> kWorkflowFields{"input",
                                                           "output",
                                                           "variables",
                                                           "status",
                                                           "workflowId",
                                                           "parentWorkflowId",
                                                           "parentWorkflowTaskId",
                                                           "workflowType",
                                                           "version",
                                                           "correlationId",
                                                           "reasonForIncompletion",
                                                           "schemaVersion",
                                                           "env",
                                                           "secrets"};
constexpr std::array<std::string_view, 18> kTaskFields{"input",
                                                       "output",
                                                       "taskType",
                                                       "status",
                                                       "referenceTaskName",
                                                       "retryCount",
                                                       "correlationId",
                                                       "pollCount",
                                                       "taskDefName",
                                                       "scheduledTime",
                                                       "startTime",
                                                       "endTime",
                                                       "workflowInstanceId",
                                                       "taskId",
                                                       "reasonForIncompletion",
                                                       "callbackAfterSeconds",
                                                       "workerId",
                                                       "iteration"};

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

}  // namespace

const Json* WorkflowScope::value(const std::string& root, const std::string& field,
                                 Json& scratch) const {
  if (root == "workflow") return workflow_value(field, scratch);
  const auto row = workflow_.latest_named(root);
  return row ? task_value(workflow_.row(*row), field, scratch) : nullptr;
}

const Json* WorkflowScope::workflow_value(const std::string& field, Json& scratch) const {
  if (field == "input") return &workflow_.input;
  if (field == "output") return &workflow_.output;
  if (field == "variables") return &workflow_.variables;
  if (field == "status")
    scratch = to_text(workflow_.status);
  else if (field == "workflowId")
    scratch = workflow_.id;
  else if (field == "parentWorkflowId")
    scratch = text_or_null(workflow_.parent_id);
  else if (field == "parentWorkflowTaskId")
    scratch = text_or_null(workflow_.parent_task_id);
  else if (field == "workflowType")
    scratch = workflow_.name();
  else if (field == "version")
    scratch = workflow_.version();
  else if (field == "correlationId")
    scratch = text_or_null(workflow_.correlation_id);
  else if (field == "reasonForIncompletion")
    scratch = text_or_null(workflow_.reason);
  else if (field == "schemaVersion")
    scratch = 2;
  else if (field == "env")
    scratch = environment_.variables;
  else if (field == "secrets")
    scratch = environment_.secrets;
  else
    return nullptr;
  return &scratch;
}

const Json* WorkflowScope::task_value(const TaskRow& row, const std::string& field,
                                      Json& scratch) const {
  if (field == "output") return &row.output;
  if (field == "input") return &row.input;
  if (field == "taskType")
    scratch = row.type;
  else if (field == "status")
    scratch = to_text(row.status);
  else if (field == "referenceTaskName")
    scratch = row.reference;
  else if (field == "retryCount")
    scratch = row.retry_count;
  else if (field == "correlationId")
    scratch = text_or_null(workflow_.correlation_id);
  else if (field == "pollCount")
    scratch = row.poll_count;
  else if (field == "taskDefName")
    scratch = row.definition_name;
  else if (field == "scheduledTime")
    scratch = time_to_json(row.scheduled);
  else if (field == "startTime")
    scratch = time_to_json(row.started);
  else if (field == "endTime")
    scratch = time_to_json(row.ended);
  else if (field == "workflowInstanceId")
    scratch = workflow_.id;
  else if (field == "taskId")
    scratch = row.id;
  else if (field == "reasonForIncompletion")
    scratch = text_or_null(row.reason);
  else if (field == "callbackAfterSeconds")
    scratch = row.callback_after_seconds;
  else if (field == "workerId")
    scratch = text_or_null(row.worker_id);
  else if (field == "iteration")
    scratch = row.iteration;
  else
    return nullptr;
  return &scratch;
}

Json WorkflowScope::document() const {
  Json document = Json::object();
  Json scratch;
  for (const std::string_view field : kWorkflowFields) {
    const std::string name(field);
    document["workflow"][name] = *workflow_value(name, scratch);
  }
  for (const TaskRow& row : workflow_.rows()) {
    if (row.removed) continue;
    const bool in_loop = row.iteration > 0 && row.kind != TaskType::kDoWhile;
    Json& task = document[in_loop ? without_iteration(row.reference) : row.reference];
    for (const std::string_view field : kTaskFields) {
      const std::string name(field);
      task[name] = *task_value(row, name, scratch);
    }
  }
  return document;
}

std::optional<std::string> WorkflowScope::variable(const std::string& name) const {
  if (name == "CPEWF_TASK_ID") return task_id_;
  const auto it = environment_.variables.find(name);
  return it == environment_.variables.end() ? std::nullopt : std::optional(it->second);
}

}  // namespace soundcheck::conductor
