#include "models/orchestrator/decider/workflow_json.hpp"

#include <algorithm>

#include "models/orchestrator/decider/calendar.hpp"
#include "models/orchestrator/decider/definition_reader.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck::conductor {

namespace {

Json text_or_null_json(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

std::string text_of(const Json& json, const char* name) {
  const auto it = json.find(name);
  return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
}

template <class T>
T number_of(const Json& json, const char* name) {
  const auto it = json.find(name);
  return it != json.end() && it->is_number_integer() ? it->get<T>() : T{};
}

bool flag_of(const Json& json, const char* name) {
  const auto it = json.find(name);
  return it != json.end() && it->is_boolean() && it->get<bool>();
}

Json object_of(const Json& json, const char* name) {
  const auto it = json.find(name);
  return it != json.end() && it->is_object() ? *it : Json::object();
}

std::optional<Time> time_of(const Json& json, const char* name) {
  const auto it = json.find(name);
  return it == json.end() ? std::nullopt : time_from_json(*it);
}

TaskRow row_from_json(const Json& json, const Workflow& workflow, const Definitions& definitions) {
  TaskRow row;
  row.id = text_of(json, "taskId");
  row.reference = text_of(json, "referenceTaskName");
  row.type = text_of(json, "taskType");
  row.definition_name = text_of(json, "taskDefName");
  const auto status = task_status_from(text_of(json, "status"));
  SOUNDCHECK_ASSERT(status && !row.id.empty(), "a stored task row cannot be read: {}", json.dump());
  row.status = *status;
  row.sequence = number_of<std::int32_t>(json, "seq");
  row.retry_count = number_of<std::int32_t>(json, "retryCount");
  row.poll_count = number_of<std::int32_t>(json, "pollCount");
  row.iteration = number_of<std::int32_t>(json, "iteration");
  row.retried_task_id = text_of(json, "retriedTaskId");
  row.retried = flag_of(json, "retried");
  row.executed = flag_of(json, "executed");
  row.sub_workflow_changed = flag_of(json, "subworkflowChanged");
  row.callback_after_seconds = number_of<std::int64_t>(json, "callbackAfterSeconds");
  row.callback_jitter_ms = number_of<std::int32_t>(json, "callbackJitterMs");
  row.start_delay_seconds = number_of<std::int64_t>(json, "startDelayInSeconds");
  row.scheduled = time_of(json, "scheduledTime");
  row.first_scheduled = time_of(json, "firstScheduledTime");
  row.started = time_of(json, "startTime");
  row.updated = time_of(json, "updateTime");
  row.ended = time_of(json, "endTime");
  row.wait_until = time_of(json, "waitTimeout");
  row.worker_id = text_of(json, "workerId");
  row.reason = text_of(json, "reasonForIncompletion");
  row.sub_workflow_id = text_of(json, "subWorkflowId");
  row.input = object_of(json, "inputData");
  row.output = object_of(json, "outputData");
  if (json.contains("workflowTask")) {
    row.dynamic_node =
        make_dynamic_node(read_task_in_workflow(json.at("workflowTask")).value, definitions);
    row.node = row.dynamic_node.get();
  } else if (row.status != TaskStatus::kSkipped) {
    row.node = workflow.blueprint->find(row.reference);
    if (!row.node) row.node = workflow.blueprint->find(without_iteration(row.reference));
  }
  if (row.node) row.kind = row.node->type();
  return row;
}

}  // namespace

Json to_json(const TaskRow& row, const Workflow& workflow) {
  Json json = Json::object();
  json["taskId"] = row.id;
  json["referenceTaskName"] = row.reference;
  json["taskType"] = row.type;
  json["taskDefName"] = row.definition_name;
  json["status"] = to_text(row.status);
  json["seq"] = row.sequence;
  json["retryCount"] = row.retry_count;
  json["pollCount"] = row.poll_count;
  json["iteration"] = row.iteration;
  json["loopOverTask"] = row.iteration > 0;
  json["retriedTaskId"] = text_or_null_json(row.retried_task_id);
  json["retried"] = row.retried;
  json["executed"] = row.executed;
  json["subworkflowChanged"] = row.sub_workflow_changed;
  json["callbackAfterSeconds"] = row.callback_after_seconds;
  if (row.callback_jitter_ms != 0) json["callbackJitterMs"] = row.callback_jitter_ms;
  json["startDelayInSeconds"] = row.start_delay_seconds;
  json["scheduledTime"] = time_to_json(row.scheduled);
  json["firstScheduledTime"] = time_to_json(row.first_scheduled);
  json["startTime"] = time_to_json(row.started);
  json["updateTime"] = time_to_json(row.updated);
  json["endTime"] = time_to_json(row.ended);
  if (row.wait_until) json["waitTimeout"] = time_to_json(row.wait_until);
  json["workerId"] = text_or_null_json(row.worker_id);
  json["reasonForIncompletion"] = text_or_null_json(row.reason);
  if (!row.sub_workflow_id.empty()) json["subWorkflowId"] = row.sub_workflow_id;
  json["inputData"] = row.input;
  json["outputData"] = row.output;
  json["workflowInstanceId"] = workflow.id;
  json["workflowType"] = workflow.name();
  json["correlationId"] = text_or_null_json(workflow.correlation_id);
  json["responseTimeoutSeconds"] = row.node ? row.node->definition.response_timeout_seconds : 0;
  if (row.dynamic_node) json["workflowTask"] = row.dynamic_node->task->source;
  return json;
}

Json record_to_json(const Workflow& workflow) {
  Json json = Json::object();
  json["workflowId"] = workflow.id;
  json["workflowName"] = workflow.name();
  json["workflowVersion"] = workflow.version();
  json["correlationId"] = text_or_null_json(workflow.correlation_id);
  json["status"] = to_text(workflow.status);
  json["parentWorkflowId"] = text_or_null_json(workflow.parent_id);
  json["parentWorkflowTaskId"] = text_or_null_json(workflow.parent_task_id);
  json["reasonForIncompletion"] = text_or_null_json(workflow.reason);
  json["failedTaskId"] = text_or_null_json(workflow.failed_task_id);
  json["failedReferenceTaskNames"] = workflow.failed_references;
  json["failedTaskNames"] = workflow.failed_task_names;
  json["input"] = workflow.input;
  json["output"] = workflow.output;
  json["variables"] = workflow.variables;
  json["createTime"] = time_to_json(workflow.created);
  json["startTime"] = time_to_json(workflow.created);
  json["lastRetriedTime"] = time_to_json(workflow.last_retried);
  json["updateTime"] = time_to_json(workflow.updated);
  json["endTime"] = time_to_json(workflow.ended);
  json["nextTaskNumber"] = workflow.next_task_number;
  json["failures"] = workflow.failures;
  if (!workflow.blueprint->registered())
    json["workflowDefinition"] = workflow.blueprint->definition().source;
  return json;
}

Json to_json(const Workflow& workflow) {
  Json json = record_to_json(workflow);
  Json tasks = Json::array();
  for (const TaskRow& row : workflow.rows()) {
    if (!row.removed) tasks.push_back(to_json(row, workflow));
  }
  json["tasks"] = std::move(tasks);
  return json;
}

Workflow workflow_from_json(const Json& record, const std::vector<Json>& rows,
                            const Definitions& definitions) {
  Workflow workflow;
  workflow.id = text_of(record, "workflowId");
  if (record.contains("workflowDefinition")) {
    workflow.blueprint = std::make_shared<const Blueprint>(
        read_inline_definition(record.at("workflowDefinition")).value, definitions, false);
  } else {
    workflow.blueprint = definitions.blueprint(text_of(record, "workflowName"),
                                               number_of<std::int32_t>(record, "workflowVersion"));
  }
  SOUNDCHECK_ASSERT(workflow.blueprint, "no definition for the stored workflow {}", workflow.id);
  const auto status = workflow_status_from(text_of(record, "status"));
  SOUNDCHECK_ASSERT(status, "the stored workflow {} has no status", workflow.id);
  workflow.status = *status;
  workflow.correlation_id = text_of(record, "correlationId");
  workflow.parent_id = text_of(record, "parentWorkflowId");
  workflow.parent_task_id = text_of(record, "parentWorkflowTaskId");
  workflow.reason = text_of(record, "reasonForIncompletion");
  workflow.failed_task_id = text_of(record, "failedTaskId");
  record.at("failedReferenceTaskNames").get_to(workflow.failed_references);
  record.at("failedTaskNames").get_to(workflow.failed_task_names);
  workflow.input = object_of(record, "input");
  workflow.output = object_of(record, "output");
  workflow.variables = object_of(record, "variables");
  workflow.created = time_of(record, "createTime").value_or(Time());
  workflow.last_retried = time_of(record, "lastRetriedTime");
  workflow.updated = time_of(record, "updateTime");
  workflow.ended = time_of(record, "endTime");
  workflow.next_task_number = number_of<std::int32_t>(record, "nextTaskNumber");
  workflow.failures = number_of<std::int32_t>(record, "failures");

  std::vector<TaskRow> read;
  std::vector<std::size_t> order;
  for (const Json& json : rows) {
    order.push_back(read.size());
    read.push_back(row_from_json(json, workflow, definitions));
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(read[a].sequence, a) < std::pair(read[b].sequence, b);
  });
  for (const std::size_t next : order) {
    TaskRow& row = read[next];
    // A crash may have come between storing a row and storing the record.
    const std::size_t colon = row.id.rfind(':');
    if (colon != std::string::npos) {
      const int number = std::atoi(row.id.c_str() + colon + 1);
      workflow.next_task_number = std::max(workflow.next_task_number, number + 1);
    }
    workflow.append(std::move(row));
  }
  return workflow;
}

Workflow workflow_from_json(const Json& whole, const Definitions& definitions) {
  std::vector<Json> rows;
  if (whole.contains("tasks")) rows.assign(whole.at("tasks").begin(), whole.at("tasks").end());
  return workflow_from_json(whole, rows, definitions);
}

}  // namespace soundcheck::conductor
