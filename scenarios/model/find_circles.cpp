// Workflows that start one another without end.
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "scenarios/model/circles.hpp"
#include "scenarios/model/definition_findings.hpp"

namespace soundcheck {
namespace {

using Workflows = std::vector<conductor::WorkflowDefinition>;

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
std::string label_of(const Workflows& all, const conductor::WorkflowDefinition& workflow) {
  const auto alike = std::ranges::count(all, workflow.name, &conductor::WorkflowDefinition::name);
  return alike > 1 ? fmt::format("{} v{}", workflow.name, workflow.version) : workflow.name;
}

// The definition that runs: of that version, or the latest.
const conductor::WorkflowDefinition* find_definition(const Workflows& all, const std::string& name,
                                                     std::optional<std::int32_t> version) {
  const conductor::WorkflowDefinition* found = nullptr;
  for (const conductor::WorkflowDefinition& workflow : all) {
    if (workflow.name != name || (version && workflow.version != *version)) continue;
    if (found == nullptr || workflow.version > found->version) found = &workflow;
  }
  return found;
}

const conductor::WorkflowDefinition& labelled(const Workflows& all, const std::string& label) {
  return *std::ranges::find(all, label, [&](const auto& one) { return label_of(all, one); });
}

// The start by which one workflow of a circle leads to the next.
Start start_of(const Workflows& all, const std::string& from, const std::string& to) {
  for (const Start& start : certain_starts(labelled(all, from))) {
    const auto* const next = find_definition(all, start.name, start.version);
    if (next != nullptr && label_of(all, *next) == to) return start;
  }
  return {};
}

// Names of workflows of circles that were found, and each circle once.
class Circles {
 public:
  bool is_new(const std::vector<std::string>& circle) {
    if (circle.empty() || known_.contains(circle.front())) return false;
    known_.insert(circle.begin(), circle.end());
    return true;
  }

 private:
  std::set<std::string> known_;
};

void find_starts(const Workflows& all, Others others, Circles& circles,
                 DefinitionFindings& findings) {
  const auto starts = [&](const std::string& label) {
    std::vector<std::string> labels;
    for (const Start& start : certain_starts(labelled(all, label))) {
      const auto* const next = find_definition(all, start.name, start.version);
      if (next != nullptr) labels.push_back(label_of(all, *next));
    }
    return labels;
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::vector<std::string> circle = path_back(label_of(all, all[i]), starts);
    if (!circles.is_new(circle)) continue;
    bool is_certain = others == Others::kNone;
    for (std::size_t at = 0; !is_certain && at + 1 < circle.size(); ++at) {
      if (!start_of(all, circle[at], circle[at + 1]).version) break;
      is_certain = at + 2 == circle.size();
    }
    findings.push_back(
        {.code = is_certain ? MistakeCode::kBadDefinition : MistakeCode::kDoubtful,
         .workflow = i,
         .path = start_of(all, circle[0], circle[1]).path,
         .sentence = fmt::format("it would start itself again and again{}: {}",
                                 is_certain ? "" : ", unless another version of one is there, too",
                                 fmt::join(circle, " -> ")),
         .hint = "let a SWITCH decide when to stop",
         .is_warning = !is_certain});
  }
}

// Failure workflows that undo one another: whether it ends depends on one that does not fail.
void find_undo_circles(const Workflows& all, Circles circles, DefinitionFindings& findings) {
  const auto undo_of = [&](const std::string& label) {
    const conductor::WorkflowDefinition& workflow = labelled(all, label);
    if (workflow.failure_workflow.empty()) return std::vector<std::string>();
    const auto* const undo =
        find_definition(all, workflow.failure_workflow, workflow.failure_workflow_version);
    return undo == nullptr ? std::vector<std::string>() : std::vector{label_of(all, *undo)};
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::vector<std::string> circle = path_back(label_of(all, all[i]), undo_of);
    if (!circles.is_new(circle)) continue;
    findings.push_back(
        {.code = MistakeCode::kDoubtful,
         .workflow = i,
         .path = {"failureWorkflow"},
         .sentence = circle.size() == 2
                         ? "it undoes itself: where that fails too, it starts again"
                         : fmt::format("they undo one another: where each fails, they start again: "
                                       "{}",
                                       fmt::join(circle, " -> ")),
         .hint = "name another workflow",
         .is_warning = true});
  }
}

}  // namespace

DefinitionFindings find_circles(const Workflows& workflows, Others others) {
  DefinitionFindings findings;
  Circles circles;
  find_starts(workflows, others, circles, findings);
  find_undo_circles(workflows, circles, findings);
  return findings;
}

}  // namespace soundcheck
