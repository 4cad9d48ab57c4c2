// How a task of a definition becomes rows (Conductor's task mappers).

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "models/orchestrator/decider/calendar.hpp"
#include "models/orchestrator/decider/decision_step.hpp"
#include "models/orchestrator/decider/dynamic_fork.hpp"
#include "models/orchestrator/decider/java_text.hpp"

namespace soundcheck::conductor {

namespace {

// The queue a task waits in, and what its row calls its type.
std::string row_type(const Node& node) {
  switch (node.type()) {
    case TaskType::kSimple:
      return node.task->name;
    case TaskType::kUserDefined:
      return node.task->type_text;
    case TaskType::kForkJoin:
    case TaskType::kForkJoinDynamic:
      return "FORK";
    default:
      return std::string(properties(node.type()).text);
  }
}

bool is_named_by_type(TaskType type) {
  return properties(type).built_in && type != TaskType::kDoWhile;
}

bool begins_in_progress(TaskType type) {
  return is_sync_system(type) ? type != TaskType::kEvent
                              : type == TaskType::kJoin || type == TaskType::kWait;
}

}  // namespace

std::string missing_definition(const std::string& name, std::optional<std::int32_t> version) {
  return fmt::format("No such workflow defined. name={}, version={}", name,
                     version ? std::to_string(*version) : "null");
}

std::string missing_child_definition(const std::string& name) {
  return fmt::format("The Task {} defined as a sub-workflow has no workflow definition available ",
                     name);
}

std::string DecisionStep::new_task_id() {
  std::int32_t& next = workflow_.next_task_number;
  if (decider_.settings_.drawn_ids) next = std::max(next, (*decider_.settings_.drawn_ids)++);
  return fmt::format("{}:{}", workflow_.id, next++);
}

WorkflowScope DecisionStep::scope(std::string task_id) const {
  return {workflow_, decider_.settings_.environment, std::move(task_id)};
}

Json DecisionStep::resolve_input(const Node& node, const std::string& task_id) const {
  Json input = node.input.resolve(scope(task_id));
  for (const auto& [key, value] : node.input_fallback.items()) {
    if (input[key].is_null()) input[key] = value;
  }
  return input;
}

TaskRow DecisionStep::new_row(const Node& node, std::shared_ptr<const Node> dynamic,
                              std::int32_t retry_count, std::int32_t iteration) {
  TaskRow row;
  row.id = new_task_id();
  row.reference = iteration > 0 ? with_iteration(node.reference(), iteration) : node.reference();
  row.dynamic_node = std::move(dynamic);
  row.node = &node;
  row.kind = node.type();
  row.type = row_type(node);
  row.definition_name = is_named_by_type(node.type()) ? row.type : node.task->name;
  row.status = begins_in_progress(node.type()) ? TaskStatus::kInProgress : TaskStatus::kScheduled;
  row.iteration = iteration;
  row.scheduled = now_;
  if (row.status == TaskStatus::kInProgress) row.started = now_;
  const bool retried_from = !is_system(node.type()) || node.type() == TaskType::kHttp ||
                            node.type() == TaskType::kDoWhile;
  if (retried_from) row.retry_count = retry_count;
  if (!is_system(node.type()) || node.type() == TaskType::kHttp ||
      node.type() == TaskType::kSubWorkflow) {
    row.callback_after_seconds = node.task->start_delay;
  }
  if (!is_system(node.type())) row.start_delay_seconds = node.task->start_delay;
  return row;
}

// A row of this reference is in progress or has ended; one that only waits to be polled is told
// apart later, by its retry number.
bool DecisionStep::already_there(const std::string& reference) const {
  for (auto row = workflow_.latest(reference); row; row = workflow_.previous_of_reference(*row)) {
    workflow_.add_work(1);
    if (workflow_.row(*row).status == TaskStatus::kInProgress || workflow_.row(*row).terminal())
      return true;
  }
  return false;
}

OrTermination<void> DecisionStep::map(const Node& node, std::shared_ptr<const Node> dynamic,
                                      std::int32_t retry_count, std::int32_t iteration,
                                      std::vector<TaskRow>& rows) {
  workflow_.add_work(1);
  switch (node.type()) {
    case TaskType::kForkJoin:
      return map_fork(node, retry_count, iteration, rows);
    case TaskType::kForkJoinDynamic:
      return map_dynamic_fork(node, iteration, retry_count, rows);
    case TaskType::kSwitch:
    case TaskType::kDecision:
      return map_branching(node, retry_count, iteration, rows);
    default:
      break;
  }
  const std::string reference =
      iteration > 0 ? with_iteration(node.reference(), iteration) : node.reference();
  if (already_there(reference)) return {};
  TaskRow row = new_row(node, std::move(dynamic), retry_count, iteration);
  if (node.type() == TaskType::kJoin || node.type() == TaskType::kExclusiveJoin) {
    row.input = join_input(node);
  } else if (node.type() == TaskType::kSubWorkflow) {
    if (auto mapped = map_sub_workflow(node, row); !mapped) return mapped;
  } else {
    row.input = resolve_input(node, row.id);
  }
  if (node.type() == TaskType::kDynamic) {
    if (auto mapped = map_dynamic(node, row); !mapped) return mapped;
  }
  if (node.type() == TaskType::kWait) {
    if (auto mapped = map_wait(row); !mapped) return mapped;
  }
  rows.push_back(std::move(row));
  return {};
}

Json DecisionStep::join_input(const Node& node) {
  Json input = Json::object({{"joinOn", node.task->join_on}});
  if (node.type() == TaskType::kExclusiveJoin) {
    input["defaultExclusiveJoinTask"] = node.task->default_exclusive_join_task;
  }
  return input;
}

OrTermination<void> DecisionStep::map_fork(const Node& node, std::int32_t retry_count,
                                           std::int32_t iteration, std::vector<TaskRow>& rows) {
  TaskRow fork = new_row(node, nullptr, retry_count, iteration);
  fork.status = TaskStatus::kCompleted;
  fork.started = fork.ended = now_;
  fork.input = resolve_input(node, fork.id);
  if (!already_there(fork.reference)) rows.push_back(std::move(fork));
  for (const Node* branch : node.branches) {
    if (auto mapped = map(*branch, nullptr, retry_count, iteration, rows); !mapped) return mapped;
  }
  if (!node.next || node.next->type() != TaskType::kJoin) {
    return terminates("Fork task definition is not followed by a join task.  Check the blueprint");
  }
  return map(*node.next, nullptr, retry_count, iteration, rows);
}

OrTermination<void> DecisionStep::map_dynamic_fork(const Node& node, std::int32_t iteration,
                                                   std::int32_t retry_count,
                                                   std::vector<TaskRow>& rows) {
  TaskRow fork = new_row(node, nullptr, 0, iteration);
  fork.status = TaskStatus::kCompleted;
  fork.started = fork.ended = now_;
  fork.input = resolve_input(node, fork.id);
  // Also of an earlier iteration of a loop, and within branches.
  const bool forked_before = std::ranges::any_of(workflow_.rows(), [](const TaskRow& row) {
    return !row.removed && row.kind == TaskType::kForkJoinDynamic;
  });
  std::expected<DynamicBranches, std::string> branches =
      make_dynamic_branches(*node.task, fork.input, forked_before, decider_.definitions_);
  if (!branches) return terminates(std::move(branches.error()));
  if (!node.next || node.next->type() != TaskType::kJoin) {
    return terminates(
        "Dynamic join definition is not followed by a join task.  Check the workflow definition.");
  }
  Json names = Json::array();
  for (const auto& branch : *branches) names.push_back(branch->reference());
  fork.input["forkedTasks"] = names;
  Json join_on = Json::array();
  if (!already_there(fork.reference)) {
    rows.push_back(std::move(fork));
    for (const std::shared_ptr<const Node>& branch : *branches) {
      const std::size_t first = rows.size();
      if (auto mapped = map(*branch, branch, retry_count, iteration, rows); !mapped) return mapped;
      if (rows.size() == first) {
        return terminates(fmt::format(
            "No dynamic tasks could be created for the Workflow: {}.{}/{}, Dynamic Fork Task: "
            "{}/{} attempted to create a duplicate task reference name: {}",
            workflow_.name(), workflow_.version(), workflow_.id, branch->task->name,
            branch->reference(), branch->reference()));
      }
      const std::string& last = rows.back().reference;
      join_on.push_back(iteration > 0 ? without_iteration(last) : last);
    }
  }
  TaskRow join = new_row(*node.next, nullptr, 0, iteration);
  join.input = Json::object({{"joinOn", join_on}});
  if (!already_there(join.reference)) rows.push_back(std::move(join));
  return {};
}

OrTermination<void> DecisionStep::map_branching(const Node& node, std::int32_t retry_count,
                                                std::int32_t iteration,
                                                std::vector<TaskRow>& rows) {
  TaskRow row = new_row(node, nullptr, retry_count, iteration);
  row.input = resolve_input(node, row.id);
  const bool decision = node.type() == TaskType::kDecision;
  const TaskInWorkflow& task = *node.task;
  const bool by_value =
      decision ? task.case_expression.empty() : task.evaluator_type == "value-param";
  if (!decision && !by_value && task.evaluator_type != "javascript" &&
      task.evaluator_type != "graaljs") {
    return terminates("No evaluator registered for type: " + task.evaluator_type.value_or("null"));
  }
  std::expected<Json, std::string> value = Json();
  if (by_value) {
    const auto it = row.input.find(decision ? task.case_value_param : task.expression);
    if (it != row.input.end()) value = *it;
  } else {
    value =
        decider_.scripts_.javascript(decision ? task.case_expression : task.expression, row.input);
  }
  if (!value && decision)
    return terminates("Error while evaluating script: " + task.case_expression);
  if (!value) {
    row.status = TaskStatus::kFailed;
    row.reason = "Error evaluating the script `" + value.error() + "`";
    if (!already_there(row.reference)) rows.push_back(std::move(row));
    return {};
  }
  const std::string chosen = java_text(*value);
  if (decision) row.input = Json::object();  // a DECISION's row does not show what it read
  row.input["case"] = chosen;
  if (decision) {
    row.output["caseOutput"] = Json::array({chosen});
  } else {
    row.output["evaluationResult"] = Json::array({chosen});
    row.output["selectedCase"] = chosen;
  }
  // An existing but empty case runs nothing in a SWITCH and the default in a DECISION.
  const Node* first = node.default_case;
  for (const auto& [name, case_first] : node.cases) {
    if (name == chosen && (case_first || !decision)) first = case_first;
  }
  if (first) row.input["hasChildren"] = "true";
  if (!already_there(row.reference)) rows.push_back(std::move(row));
  return first ? map(*first, nullptr, retry_count, iteration, rows) : OrTermination<void>();
}

OrTermination<void> DecisionStep::map_sub_workflow(const Node& node, TaskRow& row) {
  if (!node.task->sub_workflow) {
    return terminates(fmt::format(
        "Task {} is defined as sub-workflow and is missing subWorkflowParams. Please check the "
        "workflow definition",
        node.task->name));
  }
  const Json wanted = node.sub_workflow.resolve(scope(row.id));
  Json definition =
      wanted.value("workflowDefinition", node.task->sub_workflow->workflow_definition);
  std::string name = wanted.contains("name") ? java_text(wanted["name"]) : std::string();
  if (definition.is_object()) {
    name = definition.value("name", name);
    row.input["subWorkflowDefinition"] = std::move(definition);
  } else {
    std::optional<std::int32_t> version = node.task->sub_workflow->version;
    if (!version) version = node.child_version;
    if (!version) {  // of a dynamic fork
      const WorkflowDefinition* latest = decider_.definitions_.workflow(name, std::nullopt);
      if (!latest) return terminates(missing_child_definition(name));
      version = latest->version;
    }
    row.input["subWorkflowVersion"] = *version;
  }
  row.input["subWorkflowName"] = name;
  if (const auto domains = wanted.find("taskToDomain"); domains != wanted.end())
    row.input["subWorkflowTaskToDomain"] = *domains;
  row.input["workflowInput"] = resolve_input(node, row.id);
  return {};
}

// The name comes from the input; everything else from the DYNAMIC task itself, whose definition (or
// lack of one) also rules its retries.
OrTermination<void> DecisionStep::map_dynamic(const Node& node, TaskRow& row) {
  const auto name = row.input.find(node.task->dynamic_task_name_param);
  if (name == row.input.end() || name->is_null()) {
    return terminates(fmt::format(
        "Cannot map a dynamic task based on the parameter and input. Parameter= {}, input= {}",
        node.task->dynamic_task_name_param, java_text(row.input)));
  }
  row.type = row.definition_name = java_text(*name);
  return {};
}

OrTermination<void> DecisionStep::map_wait(TaskRow& row) {
  const auto text = [&](const char* name) {
    const auto it = row.input.find(name);
    std::string value = it == row.input.end() || it->is_null() ? "" : java_text(*it);
    return value.find_first_not_of(" \t\r\n") == std::string::npos ? std::string() : value;
  };
  const std::string duration = text("duration");
  const std::string until = text("until");
  const auto fail = [&](std::string reason) {
    row.reason = std::move(reason);
    row.status = TaskStatus::kFailedWithTerminalError;
  };
  if (!duration.empty() && !until.empty()) {
    fail("Both 'duration' and 'until' specified. Please provide only one input");
  } else if (!duration.empty()) {
    const std::optional<Duration> length = parse_wait_duration(duration);
    if (!length) return throws("Not valid duration: " + duration);
    row.wait_until = now_ + *length;
    row.callback_after_seconds = *length / Duration::seconds(1);
  } else if (!until.empty()) {
    const std::optional<Time> end = parse_wait_until(until);
    if (!end) {
      fail("Invalid/Unsupported Wait Until format.  Provided: " + until);
      return {};
    }
    row.wait_until = *end;
    row.callback_after_seconds = std::max<std::int64_t>(0, (*end - now_) / Duration::seconds(1));
  } else {
    row.callback_after_seconds = std::numeric_limits<std::int32_t>::max();
  }
  return {};
}

}  // namespace soundcheck::conductor
