// System tasks that run inside decide.

#include <fmt/format.h>

#include <algorithm>

#include "models/orchestrator/decider/decision_step.hpp"
#include "models/orchestrator/decider/java_text.hpp"

namespace soundcheck::conductor {

namespace {

std::string text_input(const TaskRow& row, const char* name) {
  const auto it = row.input.find(name);
  return it != row.input.end() && it->is_string() ? it->get<std::string>() : std::string();
}

bool is_blank_text(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

std::string script_error(const std::string& error) {
  return "Error evaluating the script `" + error + "`";
}

// Sink of an EVENT task as the name of a queue.
std::expected<std::string, std::string> event_queue(const std::string& sink,
                                                    const Workflow& workflow, const TaskRow& row) {
  if (sink.empty()) return std::unexpected("The sink of the event is null");
  if (!sink.starts_with("conductor")) return sink;
  if (sink == "conductor") return fmt::format("conductor:{}:{}", workflow.name(), row.reference);
  if (sink.starts_with("conductor:"))
    return fmt::format("conductor:{}:{}", workflow.name(), sink.substr(10));
  return std::unexpected("Invalid / Unsupported sink specified: " + sink);
}

std::string event_of(const TaskRow& row) {
  const auto event = row.output.find("event_produced");
  return event == row.output.end() ? std::string() : event->get<std::string>();
}

}  // namespace

void DecisionStep::start_system_task(std::size_t index) {
  TaskRow& row = workflow_.modify(index);
  switch (row.kind) {
    case TaskType::kEvent:
      return start_event(row);
    case TaskType::kHuman:
      row.status = TaskStatus::kInProgress;
      return;
    case TaskType::kJsonJqTransform:
      return execute_jq(row);
    default:
      return;
  }
}

OrTermination<bool> DecisionStep::execute(std::size_t index) {
  workflow_.add_work(1);
  TaskRow& row = workflow_.modify(index);
  switch (row.kind) {
    case TaskType::kDoWhile:
      return execute_loop(index);
    case TaskType::kExclusiveJoin:
      return execute_exclusive_join(index);
    case TaskType::kHuman:
      return false;
    case TaskType::kEvent:
      return execute_event(row);
    case TaskType::kTerminate:
      execute_terminate(row);
      return true;
    case TaskType::kSetVariable:
      execute_set_variable(row);
      return true;
    case TaskType::kInline:
      execute_inline(row);
      return true;
    case TaskType::kLambda:
      execute_lambda(row);
      return true;
    case TaskType::kJsonJqTransform:
      execute_jq(row);
      return true;
    default:
      row.status = TaskStatus::kCompleted;  // SWITCH, DECISION, NOOP: all is done by being there
      return true;
  }
}

void DecisionStep::start_event(TaskRow& row) {
  row.status = TaskStatus::kInProgress;
  row.output.update(row.input);
  row.output["workflowInstanceId"] = workflow_.id;
  row.output["workflowType"] = workflow_.name();
  row.output["workflowVersion"] = workflow_.version();
  row.output["correlationId"] =
      workflow_.correlation_id.empty() ? Json() : Json(workflow_.correlation_id);
  row.output["taskToDomain"] = workflow_.task_to_domain;
  const auto queue = event_queue(text_input(row, "sink"), workflow_, row);
  if (queue) {
    row.output["event_produced"] = *queue;
  } else {
    row.status = TaskStatus::kFailed;
    row.reason = queue.error();
  }
}

// With asyncComplete the task stays in progress, and is published again by each decision until
// somebody completes it; handlers act on its message once, as in Conductor.
bool DecisionStep::execute_event(TaskRow& row) {
  if (!row.event_handled && !decider_.definitions_.event_handlers(event_of(row)).empty())
    emit(Push{kEventQueue, row.id, Duration()});
  if (row.async_complete()) return false;
  row.status = TaskStatus::kCompleted;
  return true;
}

Decision Decider::take_event(Workflow& workflow, const std::string& task_id,
                             std::optional<PublishedEvent>& event) const {
  Decision decision;
  const auto index = workflow.find_task(task_id);
  if (!index || workflow.row(*index).event_handled) return decision;
  TaskRow& row = workflow.modify(*index);
  row.event_handled = true;
  event = PublishedEvent{event_of(row), row.id, row.output};
  decision.effects.push_back(StoreTask{*index});
  return decision;
}

void DecisionStep::execute_terminate(TaskRow& row) {
  const std::string status = text_input(row, "terminationStatus");
  if (status != "COMPLETED" && status != "FAILED" && status != "TERMINATED") {
    row.status = TaskStatus::kFailed;
    row.reason = "given termination status is not valid";
    return;
  }
  const auto output = row.input.find("workflowOutput");
  row.output = Json::object();
  if (output != row.input.end() && output->is_object()) {
    row.output = *output;
  } else if (output != row.input.end() && !output->is_null()) {
    row.output["output"] = *output;
  }
  row.status = TaskStatus::kCompleted;
}

void DecisionStep::execute_set_variable(TaskRow& row) {
  Json variables = workflow_.variables;
  for (const auto& [key, value] : row.input.items()) variables[key] = value;
  const std::size_t size = variables.dump().size();
  const std::int64_t limit = decider_.settings_.most_variables_kilobytes;
  if (!row.input.empty() && size > static_cast<std::size_t>(limit) * 1024) {
    row.status = TaskStatus::kFailedWithTerminalError;
    row.reason = fmt::format(
        "The variables payload size: {} of workflow: {} is greater than the permissible limit: {} "
        "kilobytes",
        size, workflow_.id, limit);
    return;
  }
  workflow_.variables = std::move(variables);
  row.status = TaskStatus::kCompleted;
  store_workflow();
}

void DecisionStep::execute_inline(TaskRow& row) {
  const auto fail = [&](const std::string& reason) {
    row.status = TaskStatus::kFailedWithTerminalError;
    row.reason = reason;
    row.output["error"] = reason;
  };
  const bool has_type =
      row.input.contains("evaluatorType") && !row.input["evaluatorType"].is_null();
  const std::string evaluator = has_type ? text_input(row, "evaluatorType") : "javascript";
  const std::string expression = text_input(row, "expression");
  if (is_blank_text(evaluator)) {
    return fail(
        "Empty 'evaluatorType' in INLINE task's input parameters. A non-empty String value must be "
        "provided.");
  }
  if (evaluator != "javascript" && evaluator != "graaljs" && evaluator != "value-param") {
    return fail("Unknown evaluator '" + evaluator + "' in INLINE task.");
  }
  if (is_blank_text(expression)) {
    return fail(
        "Empty 'expression' in Inline task's input parameters. A non-empty String value must be "
        "provided.");
  }
  if (evaluator == "value-param") {
    row.output["result"] = row.input.contains(expression) ? row.input[expression] : Json();
  } else {
    std::expected<Json, std::string> value = decider_.scripts_.javascript(expression, row.input);
    if (!value) return fail(script_error(value.error()));
    row.output["result"] = std::move(*value);
  }
  row.status = TaskStatus::kCompleted;
}

void DecisionStep::execute_lambda(TaskRow& row) {
  row.status = TaskStatus::kFailed;
  const std::string script = text_input(row, "scriptExpression");
  if (is_blank_text(script)) {
    row.reason =
        "Empty 'scriptExpression' in Lambda task's input parameters. A non-empty String value must "
        "be provided.";
    return;
  }
  std::expected<Json, std::string> value =
      decider_.scripts_.javascript("function scriptFun(){" + script + "} scriptFun();", row.input);
  if (!value) {
    row.reason = script_error(value.error());
    row.output["error"] = row.reason;
    return;
  }
  row.output["result"] = std::move(*value);
  row.status = TaskStatus::kCompleted;
}

void DecisionStep::execute_jq(TaskRow& row) {
  row.status = TaskStatus::kFailed;
  const auto filter = row.input.find("queryExpression");
  if (filter == row.input.end() || !filter->is_string()) {
    row.reason = "Missing 'queryExpression' in input parameters";
    return;
  }
  std::expected<Json, std::string> results =
      decider_.scripts_.jq(filter->get<std::string>(), row.input);
  if (!results) {
    row.reason = results.error();
    row.output["error"] = row.reason;
    return;
  }
  row.output["result"] = results->empty() ? Json() : results->front();
  row.output["resultList"] = std::move(*results);
  row.status = TaskStatus::kCompleted;
}

bool DecisionStep::execute_exclusive_join(std::size_t index) {
  TaskRow& row = workflow_.modify(index);
  const auto references = [&](const char* name, bool in_loop) {
    std::vector<std::string> list;
    const auto it = row.input.find(name);
    if (it == row.input.end() || !it->is_array()) return list;
    for (const Json& reference : *it) {
      if (!reference.is_string()) continue;
      list.push_back(in_loop && row.iteration > 0
                         ? with_iteration(reference.get<std::string>(), row.iteration)
                         : reference.get<std::string>());
    }
    return list;
  };
  // The first of the list that ran, unless it was skipped.
  const auto first_that_ran =
      [&](const std::vector<std::string>& list) -> std::optional<std::size_t> {
    for (const std::string& reference : list) {
      workflow_.add_work(1);
      const auto ran = workflow_.latest(reference);
      if (ran && workflow_.row(*ran).status != TaskStatus::kSkipped) return ran;
    }
    return std::nullopt;
  };
  const std::vector<std::string> join_on = references("joinOn", true);
  auto found = first_that_ran(join_on);
  bool permissive_counts = true;
  if (!found || !workflow_.row(*found).terminal()) {
    const auto fallback = first_that_ran(references("defaultExclusiveJoinTask", false));
    if (fallback) {
      found = fallback;
      permissive_counts = false;
    }
  }
  if (!found || !workflow_.row(*found).terminal()) return false;
  const TaskRow& joined = workflow_.row(*found);
  if (joined.successful()) {
    row.output = joined.output;
    row.status = TaskStatus::kCompleted;
    return true;
  }
  if (permissive_counts && joined.permissive()) {
    const bool all_ended =
        std::all_of(join_on.begin(), join_on.end(), [&](const std::string& reference) {
          const auto other = workflow_.latest(reference);
          return other && workflow_.row(*other).terminal();
        });
    if (!all_ended) {
      row.output = joined.output;
      row.status = TaskStatus::kCompleted;
      return true;
    }
  }
  row.reason = joined.reason;
  row.status = TaskStatus::kFailed;
  return true;
}

}  // namespace soundcheck::conductor
