#include "models/orchestrator/decider/definition_checks.hpp"

#include "models/orchestrator/decider/blueprint.hpp"
#include "models/orchestrator/decider/calendar.hpp"
#include "models/orchestrator/decider/java_text.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "sim/core/did_you_mean.hpp"
#include "sim/core/letters.hpp"

namespace soundcheck::conductor {

namespace {

using Path = std::vector<JsonStep>;

Path extended(const Path& path, std::initializer_list<JsonStep> steps) {
  Path longer = path;
  longer.insert(longer.end(), steps.begin(), steps.end());
  return longer;
}

class DefinitionChecks {
 public:
  DefinitionChecks(const WorkflowDefinition& definition, ReadingContext& context)
      : definition_(definition), context_(context), root_(context.path) {}

  void run() {
    check_name();
    const Path tasks = extended(root_, {std::string("tasks")});
    if (definition_.tasks.empty()) context_.problem(false, tasks, "at least one task is needed");
    collect(definition_.tasks, tasks);
    for (const auto& [name, path] : paths_) names_.push_back(name);
    check_list(definition_.tasks, tasks, false);
    check_expressions(definition_.output_parameters,
                      extended(root_, {std::string("outputParameters")}), false);
    check_failure_workflow();
  }

 private:
  // A definition inside a SUB_WORKFLOW, which Conductor does not look at when it registers.
  bool is_inline() const {
    return std::ranges::find(root_, JsonStep(std::string("workflowDefinition"))) != root_.end();
  }
  void error(const Path& path, std::string message) {
    context_.problem(false, path, std::move(message));
  }
  void warn(const Path& path, std::string message) {
    context_.problem(true, path, std::move(message));
  }

  // Calls `visit` for each list of tasks inside a task, with its path.
  template <class Visit>
  static void for_each_list(const TaskInWorkflow& task, const Path& path, Visit visit) {
    for (const auto& [name, tasks] : task.decision_cases) {
      visit(tasks, extended(path, {std::string("decisionCases"), name}));
    }
    if (!task.default_case.empty())
      visit(task.default_case, extended(path, {std::string("defaultCase")}));
    if (!task.loop_over.empty()) visit(task.loop_over, extended(path, {std::string("loopOver")}));
    for (std::size_t i = 0; i < task.fork_tasks.size(); ++i) {
      visit(task.fork_tasks[i], extended(path, {std::string("forkTasks"), i}));
    }
  }

  void check_name() {
    const auto allowed = [](char c) {
      return is_letter(c) || is_digit(c) ||
             std::string_view("_<>{}# \t-").find(c) != std::string_view::npos;
    };
    if (!std::all_of(definition_.name.begin(), definition_.name.end(), allowed)) {
      warn(
          extended(root_, {std::string("name")}),
          "only letters, digits, spaces and _ < > { } # - are allowed where Conductor's validation "
          "of names is on");
    }
  }

  void check_failure_workflow() {
    const std::string& name = definition_.failure_workflow;
    if (name.starts_with("$") && !name.starts_with("$workflow.input.")) {
      error(extended(root_, {std::string("failureWorkflow")}),
            "write $workflow.input.<parameter> or the name of a workflow");
    }
  }

  void collect(const std::vector<TaskInWorkflow>& tasks, const Path& path) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      const Path here = extended(path, {i});
      const auto [first, is_new] = paths_.emplace(tasks[i].reference, here);
      if (!is_new && !tasks[i].reference.empty()) {
        error(
            extended(here, {std::string("taskReferenceName")}),
            "'" + tasks[i].reference + "' is already the reference of " + path_text(first->second));
      }
      for_each_list(tasks[i], here,
                    [&](const auto& list, const Path& inner) { collect(list, inner); });
    }
  }

  void check_list(const std::vector<TaskInWorkflow>& tasks, const Path& path, bool in_loop) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      const TaskInWorkflow* next = i + 1 < tasks.size() ? &tasks[i + 1] : nullptr;
      check_task(tasks[i], next, extended(path, {i}), in_loop);
    }
  }

  // As Conductor's WorkflowTaskTypeConstraint.
  void check_decision(const TaskInWorkflow& task, const Path& path) {
    if (task.case_value_param.empty() && task.case_expression.empty())
      error(path, "a DECISION needs 'caseValueParam' or 'caseExpression'");
    if (task.decision_cases.empty())
      error(path, "a DECISION needs at least one case in 'decisionCases'");
  }

  void check_wait(const TaskInWorkflow& task, const Path& path) {
    const auto text_of = [&](const char* name) {
      const auto found = task.input_parameters.find(name);
      const bool given = found != task.input_parameters.end() && !found->is_null();
      const std::string text = given ? java_text(*found) : std::string();
      return text.find_first_not_of(" \t\r\n") == text.npos ? std::string() : text;
    };
    const std::string duration = text_of("duration"), until = text_of("until");
    const auto at = [&](const char* name) {
      return extended(path, {std::string("inputParameters"), std::string(name)});
    };
    if (!duration.empty() && !until.empty())
      error(at("until"), "a WAIT has a 'duration' or an 'until', not both");
    if (!duration.empty() && !duration.starts_with("${") && !parse_wait_duration(duration)) {
      error(at("duration"), "'" + duration +
                                "' is no duration as Conductor reads them: 2 days, "
                                "1h 30m, 90 seconds");
    }
    if (duration.empty() && !until.empty() && !until.starts_with("${") &&
        !parse_wait_until(until)) {
      error(at("until"), "'" + until +
                             "' is no date as Conductor reads them: 2026-01-31, "
                             "2026-01-31 15:20, 2026-01-31 15:20 GMT+04:00");
    }
  }

  void check_terminate(const TaskInWorkflow& task, const Path& path) {
    if (task.optional)
      error(extended(path, {std::string("optional")}), "a TERMINATE task cannot be optional");
    const auto status = task.input_parameters.find("terminationStatus");
    if (status == task.input_parameters.end() || status->is_null())
      return error(path, "a TERMINATE needs 'terminationStatus': COMPLETED, FAILED or TERMINATED");
    const std::string text = java_text(*status);
    if (text == "COMPLETED" || text == "FAILED" || text == "TERMINATED") return;
    error(extended(path, {std::string("inputParameters"), std::string("terminationStatus")}),
          "'" + text + "' is none of COMPLETED, FAILED, TERMINATED; Conductor takes no expression");
  }

  void check_dynamic_fork(const TaskInWorkflow& task, const Path& path) {
    const bool list = !task.dynamic_fork_tasks_param.empty();
    const bool inputs = !task.dynamic_fork_tasks_input_param.empty();
    const bool deprecated = !task.dynamic_fork_join_tasks_param.empty();
    if (task.input_parameters.contains("forkTaskInputs")) return;
    if (deprecated && (list || inputs)) {
      error(path,
            "'dynamicForkJoinTasksParam' does not go with 'dynamicForkTasksParam' and "
            "'dynamicForkTasksInputParamName'");
    } else if (!deprecated && !(list && inputs)) {
      error(path,
            "a FORK_JOIN_DYNAMIC needs 'dynamicForkTasksParam' and "
            "'dynamicForkTasksInputParamName', or 'forkTaskInputs' among its inputs");
    }
  }

  void check_sub_workflow(const TaskInWorkflow& task, const Path& path) {
    if (!task.sub_workflow) return error(path, "'subWorkflowParam' is missing");
    const SubWorkflowParameters& wanted = *task.sub_workflow;
    const bool latest = !wanted.version && !wanted.workflow_definition.is_object();
    if (latest && wanted.name.find("${") != std::string::npos) {
      warn(extended(path, {std::string("subWorkflowParam"), std::string("name")}),
           "without 'version' Conductor looks for a workflow of this very name when the parent "
           "starts, and refuses the start: an expression needs a version");
    }
  }

  void check_task(const TaskInWorkflow& task, const TaskInWorkflow* next, const Path& path,
                  bool in_loop) {
    const bool fork = task.type == TaskType::kForkJoin || task.type == TaskType::kForkJoinDynamic;
    if (fork && (!next || next->type != TaskType::kJoin)) {
      error(path, "a JOIN task must follow directly after '" + task.reference + "'");
    }
    if (task.type == TaskType::kForkJoin) check_branches(task, path);
    if (task.type == TaskType::kJoin || task.type == TaskType::kExclusiveJoin)
      check_joins(task, path);
    if (task.type == TaskType::kDoWhile) check_loop(task, path, in_loop);
    if (task.type == TaskType::kSubWorkflow) check_sub_workflow(task, path);
    if (task.type == TaskType::kSwitch) check_switch(task, path);
    if (task.type == TaskType::kDecision) check_decision(task, path);
    if (task.type == TaskType::kWait) check_wait(task, path);
    if (task.type == TaskType::kTerminate) check_terminate(task, path);
    if (task.type == TaskType::kForkJoinDynamic) check_dynamic_fork(task, path);
    if (task.type == TaskType::kEvent && !task.sink) error(path, "an EVENT needs a 'sink'");
    if (task.type == TaskType::kDynamic && task.dynamic_task_name_param.empty()) {
      error(path, "a DYNAMIC task needs 'dynamicTaskNameParam'");
    }
    const bool top_level = path.size() == root_.size() + 2;
    check_expressions(task.input_parameters, extended(path, {std::string("inputParameters")}),
                      top_level && !is_inline());
    for_each_list(task, path, [&](const auto& list, const Path& inner) {
      check_list(list, inner, in_loop || task.type == TaskType::kDoWhile);
    });
  }

  void check_branches(const TaskInWorkflow& task, const Path& path) {
    if (task.fork_tasks.empty()) error(path, "a FORK_JOIN needs branches in 'forkTasks'");
    for (std::size_t i = 0; i < task.fork_tasks.size(); ++i) {
      if (task.fork_tasks[i].empty()) {
        error(extended(path, {std::string("forkTasks"), i}), "a branch needs at least one task");
      }
    }
  }

  void check_joins(const TaskInWorkflow& task, const Path& path) {
    for (std::size_t i = 0; i < task.join_on.size(); ++i) {
      if (paths_.contains(task.join_on[i])) continue;
      warn(extended(path, {std::string("joinOn"), i}),
           suggest(
               "no task has the reference '" + task.join_on[i] + "': the join would wait for ever",
               task.join_on[i]));
    }
  }

  void check_loop(const TaskInWorkflow& task, const Path& path, bool in_loop) {
    if (in_loop) {
      error(path,
            "Conductor does not support a DO_WHILE inside a DO_WHILE; put the inner loop into a "
            "workflow "
            "of its own and start it by a SUB_WORKFLOW task");
    }
    if (task.loop_over.empty()) error(path, "a DO_WHILE needs tasks in 'loopOver'");
    if (!task.loop_condition) {
      error(path, "a DO_WHILE needs a 'loopCondition'; write \"\" for one that 'items' alone ends");
    }
  }

  void check_switch(const TaskInWorkflow& task, const Path& path) {
    static const std::vector<std::string> kEvaluators{"value-param", "javascript", "graaljs"};
    if (!task.evaluator_type)
      return error(path, "a SWITCH needs 'evaluatorType': value-param, javascript or graaljs");
    if (std::find(kEvaluators.begin(), kEvaluators.end(), *task.evaluator_type) ==
        kEvaluators.end()) {
      const std::string nearest = nearest_name(*task.evaluator_type, kEvaluators);
      error(extended(path, {std::string("evaluatorType")}),
            "'" + *task.evaluator_type + "' is none of value-param, javascript, graaljs" +
                (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
    }
    if (task.expression.empty()) error(path, "a SWITCH needs an 'expression'");
    if (task.decision_cases.empty())
      error(path, "a SWITCH needs at least one case in 'decisionCases'");
  }

  std::string suggest(std::string message, const std::string& typed) const {
    const std::string nearest = nearest_name(typed, names_);
    return nearest.empty() ? message : message + "; did you mean '" + nearest + "'?";
  }

  void check_expressions(const Json& value, const Path& path, bool refused) {
    if (value.is_string()) {
      check_text(value.get_ref<const std::string&>(), path, refused);
    } else if (value.is_object()) {
      for (const auto& [name, member] : value.items())
        check_expressions(member, extended(path, {name}), refused);
    } else if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i)
        check_expressions(value[i], extended(path, {i}), refused);
    }
  }

  // Each ${name.field...} must begin with "workflow" or a task's reference. Conductor refuses
  // others in the inputs of tasks that are in no other task (TaskReferenceNameUniqueConstraint);
  // elsewhere they are null.
  void check_text(const std::string& text, const Path& path, bool refused) {
    for (std::size_t at = text.find("${"); at != std::string::npos; at = text.find("${", at + 2)) {
      if (at > 0 && text[at - 1] == '$') continue;
      const std::size_t end = text.find_first_of(".[}$(", at + 2);
      if (end == std::string::npos || text[end] != '.') continue;
      const std::string name = text.substr(at + 2, end - at - 2);
      if (name == "workflow" || name.empty() || paths_.contains(name)) continue;
      const std::string message =
          suggest("the expression names '" + name + "', which is no task of this workflow", name);
      refused ? error(path, message) : warn(path, message);
    }
  }

  const WorkflowDefinition& definition_;
  ReadingContext& context_;
  Path root_;  // of the definition in its document
  std::map<std::string, Path> paths_;
  std::vector<std::string> names_;
};

}  // namespace

void check_definition(const WorkflowDefinition& definition, ReadingContext& context) {
  DefinitionChecks(definition, context).run();
}

namespace {

void check_children(const std::vector<TaskInWorkflow>& tasks, const std::string& workflow,
                    const Definitions& definitions, const std::vector<std::string>& names,
                    std::vector<DefinitionProblem>& problems) {
  for (const TaskInWorkflow& task : tasks) {
    if (task.sub_workflow && !task.sub_workflow->workflow_definition.is_object()) {
      const std::string& name = task.sub_workflow->name;
      const bool known_at_run_time = name.empty() || name.find("${") != std::string::npos;
      if (!known_at_run_time && !definitions.workflow(name, task.sub_workflow->version)) {
        const std::string nearest = nearest_name(name, names);
        problems.push_back({false, workflow + ": " + task.reference, 0, 0,
                            "there is no workflow '" + name + "'" +
                                (nearest.empty() ? "" : "; did you mean '" + nearest + "'?")});
      }
    }
    for (const auto& [name, inner] : task.decision_cases)
      check_children(inner, workflow, definitions, names, problems);
    check_children(task.default_case, workflow, definitions, names, problems);
    check_children(task.loop_over, workflow, definitions, names, problems);
    for (const auto& branch : task.fork_tasks)
      check_children(branch, workflow, definitions, names, problems);
  }
}

}  // namespace

std::vector<DefinitionProblem> check_references(const Definitions& definitions) {
  std::vector<DefinitionProblem> problems;
  const std::vector<std::string> names = definitions.workflow_names();
  for (const std::string& name : names) {
    const WorkflowDefinition& definition = *definitions.workflow(name, std::nullopt);
    const std::string& failure = definition.failure_workflow;
    if (!failure.empty() && !failure.starts_with("$") &&
        !definitions.workflow(failure, definition.failure_workflow_version)) {
      const std::string nearest = nearest_name(failure, names);
      problems.push_back({false, name + ": failureWorkflow", 0, 0,
                          "there is no workflow '" + failure +
                              "', so nothing would be compensated" +
                              (nearest.empty() ? "" : "; did you mean '" + nearest + "'?")});
    }
    check_children(definition.tasks, name, definitions, names, problems);
  }
  return problems;
}

}  // namespace soundcheck::conductor
