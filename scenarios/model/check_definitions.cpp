#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/model/circles.hpp"
#include "scenarios/model/cross_checks.hpp"
#include "scenarios/model/workflow_tasks.hpp"
#include "sim/core/did_you_mean.hpp"

namespace soundcheck {
namespace {

// A workflow that a task starts, and where the definition says so.
struct Start {
  std::string name;
  std::optional<std::int32_t> version;
  TaskPath path;
};

// Whether a task comes to its turn in every run of the workflow that gets that far: no case decides
// about it.
bool is_certain(const TaskPath& path) {
  return std::ranges::none_of(path, [](const std::string& step) {
    return step == "decisionCases" || step == "defaultCase";
  });
}

// Whether a TERMINATE that every run comes to ends the workflow so that its failure workflow
// starts.
bool ends_unsuccessfully(const conductor::TaskInWorkflow& terminate) {
  const Json status = terminate.input_parameters.value("terminationStatus", Json());
  return status == "FAILED" || status == "TERMINATED";
}

// What every run of a workflow starts that gets to its end.
std::vector<Start> certain_starts(const conductor::WorkflowDefinition& workflow) {
  std::vector<Start> starts;
  bool is_over = false;
  for_each_task(workflow, [&](const conductor::TaskInWorkflow& task, const TaskPath& path) {
    if (is_over || !is_certain(path)) return;
    is_over = task.type == conductor::TaskType::kTerminate;
    const std::string& undo = workflow.failure_workflow;
    if (is_over && ends_unsuccessfully(task) && !undo.empty() && !undo.starts_with("$"))
      starts.push_back({undo, workflow.failure_workflow_version, {"failureWorkflow"}});
    if (task.sub_workflow && !task.sub_workflow->workflow_definition.is_object() &&
        !task.sub_workflow->name.empty() && !is_expression(task.sub_workflow->name)) {
      TaskPath name = path;
      name.insert(name.end(), {"subWorkflowParam", "name"});
      starts.push_back({task.sub_workflow->name, task.sub_workflow->version, name});
    }
    const Json& input = task.input_parameters;
    if (task.type == conductor::TaskType::kStartWorkflow && input.contains("startWorkflow") &&
        input["startWorkflow"].is_object()) {
      const Json name = input["startWorkflow"].value("name", Json());
      if (name.is_string() && !is_expression(name.get<std::string>()))
        starts.push_back({name.get<std::string>(), {}, path});
    }
  });
  return starts;
}

// "order", or "order v2" where there are several.
std::string label_of(const std::vector<conductor::WorkflowDefinition>& all,
                     const conductor::WorkflowDefinition& workflow) {
  const auto alike = std::ranges::count(all, workflow.name, &conductor::WorkflowDefinition::name);
  return alike > 1 ? fmt::format("{} v{}", workflow.name, workflow.version) : workflow.name;
}

// The definition that runs: of that version, or the latest.
const conductor::WorkflowDefinition* find_definition(
    const std::vector<conductor::WorkflowDefinition>& all, const std::string& name,
    std::optional<std::int32_t> version) {
  const conductor::WorkflowDefinition* found = nullptr;
  for (const conductor::WorkflowDefinition& workflow : all) {
    if (workflow.name != name || (version && workflow.version != *version)) continue;
    if (found == nullptr || workflow.version > found->version) found = &workflow;
  }
  return found;
}

}  // namespace

// What Conductor takes without a word.
void CrossChecker::check_definitions() {
  std::set<std::pair<std::string, std::int32_t>> seen;
  for (std::size_t i = 0; i < scenario_.workflows.size(); ++i) {
    const auto& [name, version] =
        std::pair(scenario_.workflows[i].name, scenario_.workflows[i].version);
    if (name.empty() || seen.emplace(name, version).second) continue;
    warn({"workflows", std::to_string(i), "name"}, Point::kValue,
         fmt::format("version {} of '{}' is defined twice: one of the two counts", version, name),
         "remove one, or give it another version");
  }
  check_task_definitions();
  check_starts();
  check_event_handlers();
}

void CrossChecker::check_task_definitions() {
  std::set<std::string> used;
  std::vector<std::string> names;
  bool is_open = false;  // names of tasks are made while a workflow runs
  for (const conductor::WorkflowDefinition& workflow : scenario_.workflows) {
    collect_texts(workflow.source, used);
    for_each_task(workflow, [&](const conductor::TaskInWorkflow& task, const TaskPath&) {
      is_open = is_open || task.type == conductor::TaskType::kDynamic ||
                task.type == conductor::TaskType::kForkJoinDynamic;
      names.push_back(task.name);
    });
  }
  if (scenario_.architecture != kOwnArchitecture) {
    for (const std::string& name : catalogue_.workflows.workers_of_tasks.names()) {
      used.insert(name);
      names.push_back(name);
    }
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < scenario_.tasks.size(); ++i) {
    const std::string& name = scenario_.tasks[i].name;
    const ScenarioPath path = {"tasks", std::to_string(i), "name"};
    if (name.empty()) continue;
    if (!seen.insert(name).second) {
      warn(path, Point::kValue, fmt::format("'{}' is defined twice: one of the two counts", name),
           "remove one");
    } else if (!is_open && !used.contains(name)) {
      const std::string nearest = nearest_name(name, names);
      warn(path, Point::kValue, fmt::format("no task is called '{}'", name),
           nearest.empty() ? "" : fmt::format("did you mean '{}'?", nearest));
    }
  }
}

// Workflows that start themselves, by way of others or at once.
void CrossChecker::check_starts() {
  const auto& all = scenario_.workflows;
  std::set<std::string> reported;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto definition = [&](const std::string& label) {
      return std::ranges::find(all, label, [&](const auto& one) { return label_of(all, one); });
    };
    const auto circle = path_back(label_of(all, all[i]), [&](const std::string& label) {
      std::vector<std::string> labels;
      for (const Start& start : certain_starts(*definition(label))) {
        const auto* const next = find_definition(all, start.name, start.version);
        if (next != nullptr) labels.push_back(label_of(all, *next));
      }
      return labels;
    });
    if (circle.empty() || reported.contains(circle.front())) continue;
    reported.insert(circle.begin(), circle.end());
    ScenarioPath path = {"workflows", std::to_string(i)};
    for (const Start& start : certain_starts(all[i])) {
      const auto* const next = find_definition(all, start.name, start.version);
      if (next == nullptr || label_of(all, *next) != circle[1]) continue;
      path.insert(path.end(), start.path.begin(), start.path.end());
      break;
    }
    report(MistakeCode::kBadDefinition, path, Point::kValue,
           fmt::format("it would start itself again and again: {}", fmt::join(circle, " -> ")),
           "let a SWITCH decide when to stop");
  }
  check_undo_circles(reported);
}

// Failure workflows that undo one another: whether it ends depends on one that does not fail.
void CrossChecker::check_undo_circles(std::set<std::string> reported) {
  const auto& all = scenario_.workflows;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto circle = path_back(label_of(all, all[i]), [&](const std::string& label) {
      const auto workflow =
          std::ranges::find(all, label, [&](const auto& one) { return label_of(all, one); });
      std::vector<std::string> labels;
      if (workflow->failure_workflow.empty()) return labels;
      const auto* const undo =
          find_definition(all, workflow->failure_workflow, workflow->failure_workflow_version);
      if (undo != nullptr) labels.push_back(label_of(all, *undo));
      return labels;
    });
    if (circle.empty() || reported.contains(circle.front())) continue;
    reported.insert(circle.begin(), circle.end());
    warn({"workflows", std::to_string(i), "failureWorkflow"}, Point::kValue,
         circle.size() == 2
             ? std::string("it undoes itself: where that fails too, it starts again")
             : fmt::format("they undo one another: where each fails, they start again: {}",
                           fmt::join(circle, " -> ")),
         "name another workflow");
  }
}

}  // namespace soundcheck
