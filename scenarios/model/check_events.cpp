#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "scenarios/model/cross_checks.hpp"
#include "scenarios/model/workflow_tasks.hpp"
#include "sim/core/did_you_mean.hpp"

namespace soundcheck {
namespace {

// The names of the events that EVENT tasks publish, as far as their sinks are written down.
std::vector<std::string> published_events(const std::vector<conductor::WorkflowDefinition>& all,
                                          bool& is_open) {
  std::vector<std::string> events;
  for (const conductor::WorkflowDefinition& workflow : all) {
    for_each_task(workflow, [&](const conductor::TaskInWorkflow& task, const TaskPath&) {
      if (task.type != conductor::TaskType::kEvent || !task.sink) return;
      const std::string& sink = *task.sink;
      is_open = is_open || is_expression(sink);
      if (sink == "conductor")
        events.push_back(fmt::format("conductor:{}:{}", workflow.name, task.reference));
      else if (sink.starts_with("conductor:"))
        events.push_back(fmt::format("conductor:{}:{}", workflow.name, sink.substr(10)));
      else
        events.push_back(sink);
    });
  }
  return events;
}

}  // namespace

// Handlers that nothing calls, and handlers that start what is not there: Conductor takes both.
void CrossChecker::check_event_handlers() {
  bool is_open = false;
  const std::vector<std::string> events = published_events(scenario_.workflows, is_open);
  std::vector<std::string> workflows;
  for (const auto& workflow : scenario_.workflows) workflows.push_back(workflow.name);
  for (std::size_t i = 0; i < scenario_.event_handlers.size(); ++i) {
    const conductor::EventHandler& handler = scenario_.event_handlers[i];
    const ScenarioPath path = {"event-handlers", std::to_string(i)};
    if (!is_open && std::ranges::find(events, handler.event) == events.end()) {
      const std::string nearest = nearest_name(handler.event, events);
      warn(below(path, "event"), Point::kValue,
           fmt::format("no EVENT task publishes '{}'", handler.event),
           nearest.empty() ? "" : fmt::format("did you mean '{}'?", nearest));
    }
    if (scenario_.architecture != kOwnArchitecture) continue;  // it has workflows of its own
    for (std::size_t j = 0; j < handler.actions.size(); ++j) {
      const std::string& name = handler.actions[j].workflow;
      if (name.empty()) continue;
      ScenarioPath start = path;
      start.insert(start.end(), {"actions", std::to_string(j), "start_workflow", "name"});
      check_known(start, "workflow", name, workflows);
    }
  }
}

}  // namespace soundcheck
