// Faults that cannot strike, as far as a scenario shows it. They are warnings: what cannot be seen
// here is named in the verdict.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "faults/fault_definition.hpp"
#include "faults/fault_problems.hpp"
#include "scenarios/model/cross_checks.hpp"
#include "scenarios/model/workflow_tasks.hpp"

namespace soundcheck {
namespace {

// "payments" of "payments.database"; empty: it is no database.
std::string owner_of(const std::string& name) {
  return name.ends_with(kDatabaseSuffix) ? name.substr(0, name.size() - kDatabaseSuffix.size())
                                         : std::string();
}

bool calls_any_of(const std::vector<DeclaredStep>& steps, const std::string& service) {
  return std::ranges::any_of(steps, [&](const DeclaredStep& step) {
    return (step.kind == DeclaredStep::Kind::kCall && step.call.starts_with(service + ".")) ||
           calls_any_of(step.steps, service);
  });
}

}  // namespace

void CrossChecker::check_strikes(const ScenarioPath& path, const FaultSpec& fault) {
  check_length(path, fault);
  if (fault.every && !fault.at && fault.every->is_constant() &&
      fault.every->mean() >= scenario_.duration && !was_misread({"duration"})) {
    warn(below(path, "every"), Point::kValue,
         fmt::format("it never strikes: the load ends after {}", to_text(scenario_.duration)),
         "say with at when it strikes for the first time");
  }
  if (fault.when) check_meeting(path, fault);
  check_route(below(path, "target"), fault.target);
}

void CrossChecker::check_length(const ScenarioPath& path, const FaultSpec& fault) {
  if (was_misread({"duration"})) return;
  const FaultDefinition* const kind = find_fault_kind(fault.kind);
  const Duration left = scenario_.duration - fault.at.value_or(Duration());
  if (fault.lasts && *fault.lasts > left) {
    warn(below(path, "for"), Point::kValue,
         fmt::format("it ends with the load, {} after the earliest start", to_text(left)),
         "make it shorter, or the load longer");
  } else if (kind->lasts != nullptr && kind->lasts(fault.settings) > scenario_.duration) {
    warn(path, Point::kValue,
         fmt::format("it would last {} and ends with the load, after {}",
                     to_text(kind->lasts(fault.settings)), to_text(scenario_.duration)),
         "make it shorter, or the load longer");
  }
}

// Whether whose work it is and what is struck ever come together, and whether the work is done at
// all.
void CrossChecker::check_meeting(const ScenarioPath& path, const FaultSpec& fault) {
  const FaultAim& aim = *fault.when;
  const bool is_involved = effective_role(fault).kind == ReplicaRole::Kind::kInvolved;
  const auto& struck = fault.target.database ? fault.target.database : fault.target.service;
  if (aim.service && struck && is_involved && *aim.service != *struck) {
    warn(below(below(path, "when"), "service"), Point::kValue,
         fmt::format("it never strikes: the work of {} involves no {} of {}", *aim.service,
                     fault.target.database ? "database" : "replica", *struck),
         fmt::format("write {}, or say which replica is struck", *struck));
  }
  if (aim.saga && !is_started(*aim.saga)) {
    warn(below(below(path, "when"), "saga"), Point::kValue,
         fmt::format("it never strikes: nothing starts '{}'", *aim.saga),
         "add a workload that does");
  }
}

// Whether any workload starts a workflow of the scenario, itself or by way of others; true where
// that cannot be told.
bool CrossChecker::is_started(const std::string& workflow) const {
  const auto is_it = [&](const conductor::WorkflowDefinition& one) { return one.name == workflow; };
  if (std::ranges::none_of(scenario_.workflows, is_it)) return true;  // one of the program
  std::set<std::string> reached;
  for (const ScenarioWorkload& load : scenario_.workload) reached.insert(load.workflow);
  for (const conductor::EventHandler& handler : scenario_.event_handlers) {
    for (const conductor::EventAction& action : handler.actions) reached.insert(action.workflow);
  }
  for (std::size_t before = 0; before != reached.size();) {
    before = reached.size();
    for (const conductor::WorkflowDefinition& one : scenario_.workflows) {
      if (!reached.contains(one.name)) continue;
      collect_texts(one.source, reached);
      bool is_open = is_expression(one.failure_workflow);
      for_each_task(one, [&](const conductor::TaskInWorkflow& task, const TaskPath&) {
        is_open = is_open || task.type == conductor::TaskType::kForkJoinDynamic ||
                  task.type == conductor::TaskType::kDynamic ||
                  (task.sub_workflow && is_expression(task.sub_workflow->name));
      });
      if (is_open) return true;
    }
  }
  return reached.contains(workflow);
}

void CrossChecker::check_route(const ScenarioPath& path, const FaultTarget& target) {
  if (!target.from || !target.to) return;
  const std::string& from = *target.from;
  const std::string& to = *target.to;
  const auto idle = [&](std::string why) {
    warn(path, Point::kValue, "no message travels on this route: " + std::move(why));
  };
  if (from == to && is_service(from)) return idle(fmt::format("replicas of {} do not talk", from));
  for (const auto& [database, client] : {std::pair(from, to), std::pair(to, from)}) {
    const std::string owner = owner_of(database);
    if (owner.empty() || client == owner) continue;
    if (is_service(client) || !owner_of(client).empty())
      return idle(fmt::format("only {} talks to its database", owner));
  }
  const auto is_declared = [&](const std::string& name) {
    const ScenarioService* const service = scenario_.services.find(name);
    return service != nullptr && service->declared.has_value();
  };
  if (is_declared(from) && is_declared(to) && !calls(from, to) && !calls(to, from))
    idle("neither of the two calls the other");
}

bool CrossChecker::is_service(const std::string& name) const {
  return std::ranges::find(callees_, name) != callees_.end();
}

// Of declared services.
bool CrossChecker::calls(const std::string& caller, const std::string& callee) const {
  const auto& endpoints = scenario_.services.find(caller)->declared->endpoints;
  return std::ranges::any_of(
      endpoints, [&](const auto& endpoint) { return calls_any_of(endpoint.second, callee); });
}

}  // namespace soundcheck
