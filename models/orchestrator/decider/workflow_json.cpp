#include "models/orchestrator/decider/workflow_json.hpp"

#include <algorithm>
#include <map>

#include "models/orchestrator/decider/calendar.hpp"
#include "models/orchestrator/decider/definition_reader.hpp"
#include "models/orchestrator/decider/json_object_text.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck::conductor {

namespace {

TextOrNull null_if_empty(const std::string& text) {
  return {text};
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

Blueprint::ChildVersions child_versions_of(const Json& record) {
  Blueprint::ChildVersions versions;
  for (const auto& [reference, version] : object_of(record, "childVersions").items())
    versions.emplace(reference, version.get<std::int32_t>());
  return versions;
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
  row.event_handled = flag_of(json, "eventHandled");
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
  if (const auto domain = json.find("domain"); domain != json.end() && domain->is_string())
    row.domain = domain->get<std::string>();
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

struct JsonObject {
  Json json = Json::object();
  template <class T>
  void operator()(const char* name, const T& value) {
    if constexpr (std::is_same_v<T, TextOrNull>)
      json[name] = value.text.empty() ? Json() : Json(value.text);
    else
      json[name] = value;
  }
};

// As time_to_json.
std::int64_t milliseconds(const std::optional<Time>& time) {
  return time ? kRunEpochMilliseconds + time->in_milliseconds() : 0;
}

// What iterations of an open DO_WHILE have come to is in the rows of their tasks: with them, its
// own row would be written as often as it has iterations, and each time be longer.
bool is_open_loop(const TaskRow& row) {
  return row.kind == TaskType::kDoWhile && !row.terminal();
}

Json stored_output(const TaskRow& row) {
  Json output = Json::object();
  for (const char* const name : {"iteration", "loopIndex", "loopItem"}) {
    const auto found = row.output.find(name);
    if (found != row.output.end()) output[name] = *found;
  }
  return output;
}

// `rows` in the order of their sequence, as `order` has it.
void restore_outputs_of_loops(std::vector<TaskRow>& rows, const std::vector<std::size_t>& order) {
  std::map<std::string, TaskRow*> open_loops;
  for (const std::size_t i : order) {
    if (rows[i].kind == TaskType::kDoWhile)
      open_loops[rows[i].reference] = rows[i].terminal() ? nullptr : &rows[i];
  }
  for (const std::size_t i : order) {
    const TaskRow& row = rows[i];
    if (row.iteration == 0 || row.kind == TaskType::kDoWhile || !row.node || !row.node->loop)
      continue;
    const auto loop = open_loops.find(row.node->loop->reference());
    if (loop == open_loops.end() || !loop->second) continue;
    Json& iteration = loop->second->output[std::to_string(row.iteration)];
    iteration[without_iteration(row.reference)] = row.output;
  }
}

// The fields of a row, each given to `add` by name and value.
template <class Add>
void describe(const TaskRow& row, const Json& output, Add& add) {
  add("taskId", row.id);
  add("referenceTaskName", row.reference);
  add("taskType", row.type);
  add("taskDefName", row.definition_name);
  add("status", to_text(row.status));
  add("seq", row.sequence);
  add("retryCount", row.retry_count);
  add("pollCount", row.poll_count);
  add("iteration", row.iteration);
  add("retriedTaskId", null_if_empty(row.retried_task_id));
  add("retried", row.retried);
  add("executed", row.executed);
  add("subworkflowChanged", row.sub_workflow_changed);
  if (row.event_handled) add("eventHandled", row.event_handled);
  add("callbackAfterSeconds", row.callback_after_seconds);
  if (row.callback_jitter_ms != 0) add("callbackJitterMs", row.callback_jitter_ms);
  add("startDelayInSeconds", row.start_delay_seconds);
  add("scheduledTime", milliseconds(row.scheduled));
  add("firstScheduledTime", milliseconds(row.first_scheduled));
  add("startTime", milliseconds(row.started));
  add("updateTime", milliseconds(row.updated));
  add("endTime", milliseconds(row.ended));
  if (row.wait_until) add("waitTimeout", milliseconds(row.wait_until));
  add("workerId", null_if_empty(row.worker_id));
  add("reasonForIncompletion", null_if_empty(row.reason));
  if (!row.sub_workflow_id.empty()) add("subWorkflowId", row.sub_workflow_id);
  if (row.domain) add("domain", Json(*row.domain));
  add("inputData", row.input);
  add("outputData", output);
  if (row.dynamic_node) add("workflowTask", row.dynamic_node->task->source);
}

// What Conductor's answers repeat in each row, although it follows from the rest.
template <class Add>
void describe_context(const TaskRow& row, const Workflow& workflow, Add& add) {
  add("loopOverTask", row.iteration > 0);
  add("workflowInstanceId", workflow.id);
  add("workflowType", workflow.name());
  add("correlationId", null_if_empty(workflow.correlation_id));
  add("responseTimeoutSeconds", row.node ? row.node->definition.response_timeout_seconds : 0);
}

template <class Add>
void describe(const Workflow& workflow, Add& add) {
  add("workflowId", workflow.id);
  add("workflowName", workflow.name());
  add("workflowVersion", workflow.version());
  add("correlationId", null_if_empty(workflow.correlation_id));
  add("status", to_text(workflow.status));
  add("parentWorkflowId", null_if_empty(workflow.parent_id));
  add("parentWorkflowTaskId", null_if_empty(workflow.parent_task_id));
  add("reasonForIncompletion", null_if_empty(workflow.reason));
  add("failedTaskId", null_if_empty(workflow.failed_task_id));
  add("failedReferenceTaskNames", workflow.failed_references);
  add("failedTaskNames", workflow.failed_task_names);
  add("input", workflow.input);
  add("output", workflow.output);
  add("variables", workflow.variables);
  if (!workflow.task_to_domain.empty()) add("taskToDomain", workflow.task_to_domain);
  add("createTime", milliseconds(workflow.created));
  add("startTime", milliseconds(workflow.created));
  add("lastRetriedTime", milliseconds(workflow.last_retried));
  add("endTime", milliseconds(workflow.ended));
  add("failures", workflow.failures);
  if (!workflow.blueprint->registered())
    add("workflowDefinition", workflow.blueprint->definition().source);
}

// What changes with every row, and follows from the rows as long as none is deleted.
template <class Add>
void describe_progress(const Workflow& workflow, Add& add) {
  add("updateTime", milliseconds(workflow.updated));
  add("nextTaskNumber", workflow.next_task_number);
}

}  // namespace

Json to_json(const TaskRow& row, const Workflow& workflow) {
  JsonObject object;
  describe(row, row.output, object);
  describe_context(row, workflow, object);
  return std::move(object.json);
}

std::string to_stored_text(const TaskRow& row) {
  JsonObjectText text(JsonObjectText::Defaults::kLeftOut);
  if (is_open_loop(row))
    describe(row, stored_output(row), text);
  else
    describe(row, row.output, text);
  return text.take();
}

Json record_to_json(const Workflow& workflow) {
  JsonObject object;
  describe(workflow, object);
  describe_progress(workflow, object);
  return std::move(object.json);
}

std::string lasting_record_text(const Workflow& workflow) {
  JsonObjectText text(JsonObjectText::Defaults::kLeftOut);
  describe(workflow, text);
  const auto& child_versions = workflow.blueprint->child_versions();
  if (!child_versions.empty()) text("childVersions", Json(child_versions));
  return text.take();
}

std::string to_stored_record(std::string lasting, const Workflow& workflow) {
  JsonObjectText text(std::move(lasting));
  describe_progress(workflow, text);
  return text.take();
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
        read_inline_definition(record.at("workflowDefinition")).value, definitions, false,
        child_versions_of(record));
  } else {
    const std::string name = text_of(record, "workflowName");
    const auto version = number_of<std::int32_t>(record, "workflowVersion");
    workflow.blueprint = record.contains("childVersions")
                             ? definitions.blueprint(name, version, child_versions_of(record))
                             : definitions.blueprint(name, version);
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
  workflow.task_to_domain = object_of(record, "taskToDomain");
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
  restore_outputs_of_loops(read, order);
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
