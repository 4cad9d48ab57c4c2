// Task domains: what is sent there, and who polls there.
#include <algorithm>
#include <set>
#include <string>

#include "models/orchestrator/decider/task_domains.hpp"
#include "scenarios/model/cross_checks.hpp"
#include "scenarios/model/workflow_tasks.hpp"

namespace soundcheck {
namespace {

// The domains of a list of them, but NO_DOMAIN.
std::set<std::string> named_in(const Json& lists) {
  std::set<std::string> domains;
  if (!lists.is_object()) return domains;
  for (const auto& [task, list] : lists.items()) {
    if (!list.is_string()) continue;
    for (const auto& domain : conductor::domains_in(list.get<std::string>()))
      domains.insert(domain.value_or(""));
  }
  return domains;
}

// All maps from tasks to domains in a definition, at any depth.
void collect_domains(const Json& json, std::set<std::string>& domains) {
  if (json.is_object() && json.contains("taskToDomain")) {
    if (json["taskToDomain"].is_string()) domains.insert("${");  // known when it runs
    domains.merge(named_in(json["taskToDomain"]));
  }
  if (!json.is_structured()) return;
  for (const Json& member : json) collect_domains(member, domains);
}

bool is_computed(const std::set<std::string>& domains) {
  return std::ranges::any_of(domains, is_expression);
}

// The script of a task, as workers look for it; nothing if nobody wrote one.
std::set<std::string> domains_of_workers(const Scenario& scenario,
                                         const conductor::WorkflowDefinition& workflow,
                                         const conductor::TaskInWorkflow& task) {
  std::set<std::string> domains;
  for (const auto& [name, script] : scenario.workers) {
    if (name != task.reference && name != queue_of(task) &&
        name != workflow.name + "." + task.reference &&
        task_named(name, scenario.workflows).task != &task)
      continue;
    for (const orchestrator::ScriptedWork& work : script) domains.insert(work.domain);
  }
  return domains;
}

}  // namespace

void CrossChecker::check_domains() {
  std::vector<std::string> polled;
  for (const auto& [name, script] : scenario_.workers) {
    for (const orchestrator::ScriptedWork& work : script) {
      if (!work.domain.empty() && std::ranges::find(polled, work.domain) == polled.end())
        polled.push_back(work.domain);
    }
  }
  std::set<std::string> meant;
  for (const conductor::WorkflowDefinition& workflow : scenario_.workflows)
    collect_domains(workflow.source, meant);
  for (const conductor::EventHandler& handler : scenario_.event_handlers)
    collect_domains(handler.source, meant);
  for (std::size_t i = 0; i < scenario_.workload.size(); ++i) {
    const ScenarioPath path = {"workload", std::to_string(i), "task_to_domain"};
    for (const auto& [task, list] : scenario_.workload[i].task_to_domain.items()) {
      if (!list.is_string()) {
        contradiction(below(path, task), "domains are a text", "such as \"blue,NO_DOMAIN\"");
        continue;
      }
      for (const auto& domain : conductor::domains_in(list.get<std::string>())) {
        if (!domain) continue;
        check_known(below(path, task), "worker in the domain", *domain, polled);
        meant.insert(*domain);
      }
    }
    check_destinations(path, scenario_.workload[i]);
  }
  for (const auto& [name, script] : scenario_.workers) {
    for (std::size_t i = 0; i < script.size(); ++i) {
      const std::string& domain = script[i].domain;
      if (domain.empty() || meant.contains(domain) || is_computed(meant)) continue;
      contradiction(
          {"workers", name, std::to_string(i), "domain"},
          fmt::format("no task is ever sent to the domain '{}'", domain),
          fmt::format("add task_to_domain: {{ \"*\": \"{},NO_DOMAIN\" }} to a workload", domain));
    }
  }
}

// Where the tasks of the workflow that a load starts end up while nobody polls.
void CrossChecker::check_destinations(const ScenarioPath& path, const ScenarioWorkload& load) {
  if (was_misread({"workers"}) || was_misread(path)) return;
  for (const conductor::WorkflowDefinition& workflow : scenario_.workflows) {
    if (workflow.name != load.workflow) continue;
    for_each_task(workflow, [&](const conductor::TaskInWorkflow& task, const TaskPath&) {
      if (!needs_worker(task)) return;
      const std::set<std::string> polled = domains_of_workers(scenario_, workflow, task);
      if (polled.empty()) return;  // reported elsewhere, or a service of the program
      const Json list = load.task_to_domain.value(
          queue_of(task), load.task_to_domain.value("*", Json("NO_DOMAIN")));
      if (!list.is_string()) return;
      const auto domains = conductor::domains_in(list.get<std::string>());
      const std::string last = domains.empty() ? "" : domains.back().value_or("");
      if (polled.contains(last)) return;
      const std::string where =
          last.empty() ? "outside the domains of its workers" : "in the domain '" + last + "'";
      contradiction(
          load.task_to_domain.empty()
              ? below(ScenarioPath(path.begin(), path.end() - 1), "workflow")
              : path,
          fmt::format("nobody works on '{}' {}: it would wait for ever", task.reference, where),
          "add an entry to its script, or name its domain last");
    });
  }
}

}  // namespace soundcheck
