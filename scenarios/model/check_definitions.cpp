#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/model/cross_checks.hpp"
#include "scenarios/model/definition_findings.hpp"
#include "scenarios/model/workflow_tasks.hpp"
#include "sim/core/did_you_mean.hpp"

namespace soundcheck {

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
  report_findings(find_circles(scenario_.workflows, Others::kNone));
  report_findings(find_wrong_scripts(scenario_.workflows));
  check_event_handlers();
}

void CrossChecker::report_findings(const DefinitionFindings& findings) {
  for (const DefinitionFinding& finding : findings) {
    ScenarioPath path = {"workflows", std::to_string(finding.workflow)};
    path.insert(path.end(), finding.path.begin(), finding.path.end());
    report(finding.code, path, Point::kValue, finding.sentence, finding.hint);
    mistakes_.back().is_warning = finding.is_warning;
  }
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

}  // namespace soundcheck
