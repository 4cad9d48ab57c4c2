#include "models/orchestrator/decider/definition_reader.hpp"

#include <fmt/format.h>

#include "models/orchestrator/decider/definition_checks.hpp"
#include "models/orchestrator/decider/object_reader.hpp"
#include "sim/core/did_you_mean.hpp"

namespace soundcheck::conductor {

namespace {

TaskInWorkflow read_task(ReadingContext& context, const Json& json);
WorkflowDefinition read_definition_of_workflow(ReadingContext& context, const Json& json);

// What Conductor refuses to register (TaskTimeoutConstraint); defaults count as if they were
// written.
void check_timeouts(ObjectReader& reader, const TaskDefinition& definition) {
  const std::int64_t timeout = definition.timeout_seconds;
  if (timeout <= 0) return;
  if (definition.response_timeout_seconds > timeout) {
    const bool given = reader.member("responseTimeoutSeconds") != nullptr;
    reader.error(given ? "responseTimeoutSeconds" : "timeoutSeconds",
                 fmt::format("{}is longer than timeoutSeconds: {} > {}",
                             given ? "" : "responseTimeoutSeconds, by default an hour, ",
                             definition.response_timeout_seconds, timeout));
  }
  if (definition.total_timeout_seconds > 0 && timeout > definition.total_timeout_seconds) {
    reader.error("timeoutSeconds", fmt::format("is longer than totalTimeoutSeconds: {} > {}",
                                               timeout, definition.total_timeout_seconds));
  }
}

enum class Registered : bool { kNo, kYes };  // No: written inside a task, which is not checked

TaskDefinition read_definition_of_task(ReadingContext& context, const Json& json,
                                       Registered registered) {
  TaskDefinition definition;
  definition.source = json;
  ObjectReader reader(context, json);
  reader.text("name", definition.name);
  reader.integer("retryCount", definition.retry_count, 0);
  reader.choice("retryLogic", definition.retry_logic,
                {{"FIXED", RetryLogic::kFixed},
                 {"LINEAR_BACKOFF", RetryLogic::kLinearBackoff},
                 {"EXPONENTIAL_BACKOFF", RetryLogic::kExponentialBackoff}});
  reader.integer("retryDelaySeconds", definition.retry_delay_seconds, 0);
  reader.integer("backoffScaleFactor", definition.backoff_scale_factor, 1);
  reader.integer("maxRetryDelaySeconds", definition.max_retry_delay_seconds, 0);
  reader.integer("backoffJitterMs", definition.backoff_jitter_ms, 0);
  reader.integer("timeoutSeconds", definition.timeout_seconds, 0);
  reader.choice("timeoutPolicy", definition.timeout_policy,
                {{"ALERT_ONLY", TimeoutPolicy::kAlertOnly},
                 {"RETRY", TimeoutPolicy::kRetry},
                 {"TIME_OUT_WF", TimeoutPolicy::kTimeOutWorkflow}});
  reader.integer("responseTimeoutSeconds", definition.response_timeout_seconds, 1);
  reader.integer("pollTimeoutSeconds", definition.poll_timeout_seconds, 0);
  reader.integer("totalTimeoutSeconds", definition.total_timeout_seconds, 0);
  reader.integer("concurrentExecLimit", definition.concurrent_exec_limit, 0);
  reader.integer("rateLimitPerFrequency", definition.rate_limit_per_frequency, 0);
  reader.integer("rateLimitFrequencyInSeconds", definition.rate_limit_frequency_in_seconds, 0);
  reader.object("inputTemplate", definition.input_template);
  // Names of secrets and variables that a worker is handed at a poll. None is set up here, and what
  // is not found Conductor leaves out.
  std::vector<std::string> runtime_metadata;
  reader.texts("runtimeMetadata", runtime_metadata);
  reader.ignored({"description", "ownerEmail", "ownerApp", "createTime", "updateTime", "createdBy",
                  "updatedBy", "inputKeys", "outputKeys", "baseType", "metadata", "accessPolicy",
                  "enforceSchema"});
  reader.not_simulated({"isolationGroupId", "executionNameSpace", "taskStatusListenerEnabled",
                        "inputSchema", "outputSchema"});
  reader.require("name", !definition.name.empty());
  if (registered == Registered::kYes) check_timeouts(reader, definition);
  reader.finish();
  return definition;
}

void read_tasks(ReadingContext& context, const Json& json, std::vector<TaskInWorkflow>& tasks) {
  if (!json.is_array()) {
    context.problem(false, context.path, "a list of tasks is needed here");
    return;
  }
  for (std::size_t i = 0; i < json.size(); ++i) {
    const PathScope scope(context, i);
    tasks.push_back(read_task(context, json[i]));
  }
}

void read_member_tasks(ObjectReader& reader, const char* name, std::vector<TaskInWorkflow>& tasks) {
  const Json* json = reader.member(name);
  if (!json) return;
  const PathScope scope(reader.context(), std::string(name));
  read_tasks(reader.context(), *json, tasks);
}

void read_branches(ObjectReader& reader, TaskInWorkflow& task) {
  ReadingContext& context = reader.context();
  if (const Json* cases = reader.member("decisionCases")) {
    const PathScope scope(context, std::string("decisionCases"));
    if (!cases->is_object()) {
      context.problem(false, context.path, "an object from case to list of tasks is needed here");
    } else {
      for (const auto& [name, tasks] : cases->items()) {
        const PathScope inner(context, name);
        task.decision_cases.emplace_back(name, std::vector<TaskInWorkflow>());
        read_tasks(context, tasks, task.decision_cases.back().second);
      }
    }
  }
  read_member_tasks(reader, "defaultCase", task.default_case);
  read_member_tasks(reader, "loopOver", task.loop_over);
  if (const Json* forks = reader.member("forkTasks")) {
    const PathScope scope(context, std::string("forkTasks"));
    if (!forks->is_array()) {
      context.problem(false, context.path, "a list of lists of tasks is needed here");
      return;
    }
    for (std::size_t i = 0; i < forks->size(); ++i) {
      const PathScope inner(context, i);
      task.fork_tasks.emplace_back();
      read_tasks(context, (*forks)[i], task.fork_tasks.back());
    }
  }
}

void read_sub_workflow(ObjectReader& outer, TaskInWorkflow& task) {
  const Json* json = outer.member("subWorkflowParam");
  if (!json) return;
  const PathScope scope(outer.context(), std::string("subWorkflowParam"));
  SubWorkflowParameters& parameters = task.sub_workflow.emplace();
  ObjectReader reader(outer.context(), *json);
  reader.text("name", parameters.name);
  reader.integer("version", parameters.version, 0);
  reader.any("workflowDefinition", parameters.workflow_definition);
  if (!reader.member("workflowDefinition"))
    reader.any("workflowDef", parameters.workflow_definition);
  reader.object("taskToDomain", parameters.task_to_domain);
  reader.any("idempotencyKey", parameters.idempotency_key);
  reader.any("idempotencyStrategy", parameters.idempotency_strategy);
  reader.any("priority", parameters.priority);
  reader.not_simulated({"priority"});
  reader.without_effect({"idempotencyKey", "idempotencyStrategy"});
  reader.ignored({"workflowDef"});
  if (parameters.workflow_definition.is_object()) {
    const PathScope inner(outer.context(), std::string("workflowDefinition"));
    read_definition_of_workflow(outer.context(), parameters.workflow_definition);
  }
  if (parameters.name.empty() && parameters.workflow_definition.is_object()) {
    parameters.name = parameters.workflow_definition.value("name", "");
  }
  reader.require("name", !parameters.name.empty() || parameters.workflow_definition.is_string());
  reader.finish();
}

void read_type(ObjectReader& reader, TaskInWorkflow& task) {
  reader.text("type", task.type_text);
  task.type = task_type_from(task.type_text);
  if (task.type != TaskType::kUserDefined || task.type_text == "USER_DEFINED") return;
  std::vector<std::string> names;
  for (const std::string_view name : task_type_texts()) names.emplace_back(name);
  const std::string nearest = nearest_name(task.type_text, names);
  if (!reader.context().strict) return;
  reader.warn("type", "'" + task.type_text +
                          "' is no task type that is simulated; a worker must poll the queue '" +
                          task.type_text + "'" +
                          (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
}

TaskInWorkflow read_task(ReadingContext& context, const Json& json) {
  TaskInWorkflow task;
  task.source = json;
  ObjectReader reader(context, json);
  reader.text("name", task.name);
  reader.text("taskReferenceName", task.reference);
  read_type(reader, task);
  reader.object("inputParameters", task.input_parameters);
  reader.text("dynamicTaskNameParam", task.dynamic_task_name_param);
  reader.text("caseValueParam", task.case_value_param);
  reader.text("caseExpression", task.case_expression);
  reader.text("scriptExpression", task.script_expression);
  reader.text("dynamicForkTasksParam", task.dynamic_fork_tasks_param);
  reader.text("dynamicForkTasksInputParamName", task.dynamic_fork_tasks_input_param);
  reader.text("dynamicForkJoinTasksParam", task.dynamic_fork_join_tasks_param);
  reader.integer("startDelay", task.start_delay, 0);
  reader.texts("joinOn", task.join_on);
  reader.choice("joinMode", task.join_synchronously, {{"ASYNC", false}, {"SYNC", true}});
  reader.text("sink", task.sink);
  reader.boolean("optional", task.optional);
  reader.boolean("permissive", task.permissive);
  reader.texts("defaultExclusiveJoinTask", task.default_exclusive_join_task);
  reader.boolean("asyncComplete", task.async_complete);
  reader.text("loopCondition", task.loop_condition);
  reader.text("items", task.items);
  reader.integer("retryCount", task.retry_count, 0);
  reader.text("evaluatorType", task.evaluator_type);
  reader.text("expression", task.expression);
  reader.ignored({"description", "joinStatus", "metadata", "workflowTaskType"});
  reader.not_simulated({"rateLimited", "onStateChange", "cacheConfig"});
  read_branches(reader, task);
  read_sub_workflow(reader, task);
  if (const Json* definition = reader.member("taskDefinition")) {
    const PathScope scope(context, std::string("taskDefinition"));
    Json named = *definition;
    if (named.is_object() && !named.contains("name")) named["name"] = task.name;
    task.task_definition = read_definition_of_task(context, named, Registered::kNo);
  }
  reader.require("name", !task.name.empty() || task.type == TaskType::kDynamic);
  reader.require("taskReferenceName", !task.reference.empty());
  reader.finish();
  return task;
}

WorkflowDefinition read_definition_of_workflow(ReadingContext& context, const Json& json) {
  WorkflowDefinition definition;
  definition.source = json;
  ObjectReader reader(context, json);
  reader.text("name", definition.name);
  reader.integer("version", definition.version, 1);
  read_member_tasks(reader, "tasks", definition.tasks);
  reader.texts("inputParameters", definition.input_parameters);
  reader.object("outputParameters", definition.output_parameters);
  reader.text("failureWorkflow", definition.failure_workflow);
  reader.integer("failureWorkflowVersion", definition.failure_workflow_version, 1);
  reader.boolean("restartable", definition.restartable);
  reader.choice("timeoutPolicy", definition.timeout_policy,
                {{"ALERT_ONLY", TimeoutPolicy::kAlertOnly},
                 {"TIME_OUT_WF", TimeoutPolicy::kTimeOutWorkflow}});
  reader.integer("timeoutSeconds", definition.timeout_seconds, 0);
  reader.object("variables", definition.variables);
  reader.object("inputTemplate", definition.input_template);
  std::int32_t schema = 2;
  reader.integer("schemaVersion", schema, 1);
  if (schema != 2)
    reader.error("schemaVersion", "2 is the only schema version that Conductor still runs");
  Json metadata = Json::object();
  reader.any("metadata", metadata);
  for (const char* const key : {"agent_sdk", "agentDef"}) {
    const auto found = metadata.find(key);
    definition.agent = definition.agent || (found != metadata.end() && !found->is_null());
  }
  reader.ignored({"description", "ownerEmail", "ownerApp", "createTime", "updateTime", "createdBy",
                  "updatedBy", "accessPolicy", "enforceSchema"});
  reader.not_simulated({"workflowStatusListenerEnabled", "workflowStatusListenerSink",
                        "inputSchema", "outputSchema", "cacheConfig", "maskedFields"});
  reader.without_effect({"rateLimitConfig"});
  reader.require("name", !definition.name.empty());
  reader.finish();
  if (context.strict) check_definition(definition, context);
  return definition;
}

// Reads `text` as JSON and hands the value on; a syntax error is the only problem then.
template <class T, class Function>
Read<T> from_text(std::string_view text, Function read) {
  ReadingContext context;
  context.text = text;
  try {
    const Json json = Json::parse(text.begin(), text.end());
    T value = read(context, json);
    return {std::move(value), std::move(context.problems)};
  } catch (const Json::parse_error& error) {
    const JsonPosition position = position_at(text, error.byte > 0 ? error.byte - 1 : 0);
    DefinitionProblem problem{false, "", position.line, position.column, "this is no JSON: "};
    const std::string reason = error.what();
    const std::size_t colon = reason.rfind(": ");
    problem.message += colon == std::string::npos ? reason : reason.substr(colon + 2);
    return {T(), {std::move(problem)}};
  }
}

template <class T, class Function>
Read<T> from_value(const Json& json, bool strict, Function read) {
  ReadingContext context;
  context.strict = strict;
  T value = read(context, json);
  return {std::move(value), std::move(context.problems)};
}

}  // namespace

Read<WorkflowDefinition> read_workflow_definition(std::string_view text) {
  return from_text<WorkflowDefinition>(text, read_definition_of_workflow);
}

Read<WorkflowDefinition> read_workflow_definition(const Json& json) {
  return from_value<WorkflowDefinition>(json, true, read_definition_of_workflow);
}

Read<TaskDefinition> read_task_definition(const Json& json) {
  return from_value<TaskDefinition>(json, true, [](ReadingContext& context, const Json& value) {
    return read_definition_of_task(context, value, Registered::kYes);
  });
}

Read<std::vector<TaskDefinition>> read_task_definitions(std::string_view text) {
  return from_text<std::vector<TaskDefinition>>(
      text, [](ReadingContext& context, const Json& json) {
        std::vector<TaskDefinition> definitions;
        if (!json.is_array()) {
          definitions.push_back(read_definition_of_task(context, json, Registered::kYes));
          return definitions;
        }
        for (std::size_t i = 0; i < json.size(); ++i) {
          const PathScope scope(context, i);
          definitions.push_back(read_definition_of_task(context, json[i], Registered::kYes));
        }
        return definitions;
      });
}

Read<WorkflowDefinition> read_inline_definition(const Json& json) {
  return from_value<WorkflowDefinition>(json, false, read_definition_of_workflow);
}

Read<TaskInWorkflow> read_task_in_workflow(const Json& json) {
  return from_value<TaskInWorkflow>(json, false, read_task);
}

}  // namespace soundcheck::conductor
