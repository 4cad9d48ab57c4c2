// Scripts in definitions that no run could execute, and loops that no run could leave.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/orchestrator/decider/task_type.hpp"
#include "models/orchestrator/scripts/library_script_engine.hpp"
#include "scenarios/model/definition_findings.hpp"

namespace soundcheck {
namespace {

using conductor::TaskInWorkflow;
using conductor::TaskType;

struct Script {
  std::string text;
  TaskPath path;
  bool is_jq = false;
};

bool evaluates_javascript(const std::string& evaluator) {
  return evaluator == "javascript" || evaluator == "graaljs";
}

// What is a script for certain: an expression in it would be replaced first.
std::vector<Script> scripts_of(const TaskInWorkflow& task) {
  std::vector<Script> scripts;
  const auto add = [&](const std::string& text, TaskPath path, bool is_jq = false) {
    const bool is_made = text.find("${") != std::string::npos;
    if (!is_made && text.find_first_not_of(" \t\r\n") != std::string::npos)
      scripts.push_back({text, std::move(path), is_jq});
  };
  const auto input = [&](const char* name) {
    const auto found = task.input_parameters.find(name);
    return found != task.input_parameters.end() && found->is_string() ? found->get<std::string>()
                                                                      : std::string();
  };
  if (task.type == TaskType::kInline && evaluates_javascript(input("evaluatorType")))
    add(input("expression"), {"inputParameters", "expression"});
  if (task.type == TaskType::kLambda) {
    add(input("scriptExpression"), {"inputParameters", "scriptExpression"});
    // As Conductor runs it: it may return.
    for (Script& script : scripts) script.text = "function f(){" + script.text + "} f();";
  }
  if (task.type == TaskType::kSwitch && evaluates_javascript(task.evaluator_type.value_or("")))
    add(task.expression, {"expression"});
  if (task.type == TaskType::kJsonJqTransform)
    add(input("queryExpression"), {"inputParameters", "queryExpression"}, true);
  if (task.type == TaskType::kDecision) add(task.case_expression, {"caseExpression"});
  if (task.type == TaskType::kDoWhile) add(task.loop_condition.value_or(""), {"loopCondition"});
  return scripts;
}

// A script is read as a whole before it runs, and this one comes no further than its first
// statement.
std::optional<std::string> javascript_problem(conductor::ScriptEngine& engine,
                                              const std::string& script) {
  const auto value = engine.javascript("throw 'read';\n" + script, Json::object());
  if (value || !value.error().starts_with("SyntaxError")) return std::nullopt;
  return value.error();
}

// A filter is compiled as a whole, and this one is given nothing to run on.
std::optional<std::string> jq_problem(conductor::ScriptEngine& engine, const std::string& filter) {
  const auto value = engine.jq("empty | " + filter, Json());
  if (value || !value.error().starts_with("jq: error")) return std::nullopt;
  return value.error();
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

// Conductor registers jq that it cannot compile, and its task fails; and its own jq (jackson-jq)
// knows functions that libjq does not.
std::optional<DefinitionFinding> finding_about(conductor::ScriptEngine& engine,
                                               const TaskInWorkflow& task, const Script& script) {
  const auto problem =
      script.is_jq ? jq_problem(engine, script.text) : javascript_problem(engine, script.text);
  if (!problem) return std::nullopt;
  return DefinitionFinding{.path = script.path,
                           .sentence = fmt::format("the {} of '{}' cannot be read: {}",
                                                   script.is_jq ? "jq filter" : "script",
                                                   task.reference, first_line(*problem)),
                           .hint = script.is_jq ? "the task fails in every run" : "",
                           .is_warning = script.is_jq};
}

// Decided at one instant, whatever it decides.
bool takes_no_time(const TaskInWorkflow& task) {
  switch (task.type) {
    case TaskType::kInline:
    case TaskType::kLambda:
    case TaskType::kJsonJqTransform:
    case TaskType::kSetVariable:
    case TaskType::kNoop:
      return true;
    default:
      return false;
  }
}

// A condition that reads nothing, and is true.
bool always_true(conductor::ScriptEngine& engine, const std::string& condition) {
  if (condition.find('$') != std::string::npos) return false;
  const auto value = engine.javascript(condition, Json::object());
  return value && ((value->is_boolean() && value->get<bool>()) ||
                   (value->is_number() && value->get<double>() > 0));
}

// Goes round for ever, at one instant.
bool is_endless(conductor::ScriptEngine& engine, const TaskInWorkflow& task) {
  return task.type == TaskType::kDoWhile && task.items.empty() && !task.loop_over.empty() &&
         std::ranges::all_of(task.loop_over, takes_no_time) &&
         always_true(engine, task.loop_condition.value_or(""));
}

}  // namespace

DefinitionFindings find_wrong_scripts(const std::vector<conductor::WorkflowDefinition>& workflows) {
  conductor::LibraryScriptEngine engine;
  DefinitionFindings findings;
  for (std::size_t i = 0; i < workflows.size(); ++i) {
    for_each_task(workflows[i], [&](const TaskInWorkflow& task, const TaskPath& path) {
      const std::size_t before = findings.size();
      for (const Script& script : scripts_of(task)) {
        if (auto finding = finding_about(engine, task, script)) {
          finding->workflow = i;
          finding->path.insert(finding->path.begin(), path.begin(), path.end());
          findings.push_back(std::move(*finding));
        }
      }
      if (findings.size() > before || !is_endless(engine, task)) return;
      TaskPath condition = path;
      condition.emplace_back("loopCondition");
      findings.push_back(
          {.workflow = i,
           .path = std::move(condition),
           .sentence = fmt::format("'{}' would go round for ever, at one instant: its condition is "
                                   "always true, and nothing in it takes time",
                                   task.reference),
           .hint = "let the condition read what the loop has done"});
    });
  }
  return findings;
}

}  // namespace soundcheck
