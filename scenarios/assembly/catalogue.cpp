#include <fmt/format.h>

#include "models/orchestrator/decider/definition_reader.hpp"
#include "models/orchestrator/diagram/flow_chart.hpp"
#include "models/registry/registry.hpp"
#include "models/sagas/sagas.hpp"
#include "scenarios/assembly/invariants.hpp"
#include "scenarios/assembly/placement.hpp"
#include "scenarios/assembly/population.hpp"
#include "scenarios/assembly/run.hpp"

namespace soundcheck {
namespace {

ScenarioService defaults_of(const ServiceBlueprint& blueprint) {
  ScenarioService service;
  service.replicas = blueprint.replicas;
  service.workers = static_cast<std::uint32_t>(blueprint.workers);
  service.queue = static_cast<std::uint32_t>(blueprint.queue);
  for (const MethodBinding& method : blueprint.methods) {
    service.endpoints.at_or_add(method.name.method).cpu = blueprint.cost_of(method.name.method);
  }
  return service;
}

void add_services(Catalogue& catalogue) {
  CatalogueArchitecture& architecture = catalogue.architectures.at_or_add("microservices");
  architecture.help = "the music-streaming service as microservices, each with its own database";
  for (const ServiceBlueprint& blueprint : registered_services()) {
    CatalogueService& service = architecture.services.at_or_add(blueprint.name);
    service.help = blueprint.help;
    service.is_outside = blueprint.outside;
    service.defaults = defaults_of(blueprint);
  }
}

void add_requests(Catalogue& catalogue) {
  for (const RequestType& type : request_types()) {
    catalogue.request_types.at_or_add(type.name) =
        fmt::format("{} ({}.{}, {})", type.help, type.rpc.service, type.rpc.method, type.rpc.http);
    if (type.renew != nullptr) catalogue.keyed_requests.emplace(type.name);
    if (type.weight > 0) catalogue.default_mix.at_or_add(type.name) = type.weight;
  }
}

void add_steps(const Json& tasks, std::vector<std::string>& steps) {
  for (const Json& task : tasks) {
    steps.push_back(task.value("taskReferenceName", std::string()));
    for (const auto& [value, branch] : task.value("decisionCases", Json::object()).items())
      add_steps(branch, steps);
    add_steps(task.value("defaultCase", Json::array()), steps);
    for (const Json& branch : task.value("forkTasks", Json::array())) add_steps(branch, steps);
    add_steps(task.value("loopOver", Json::array()), steps);
  }
}

void add_sagas(Catalogue& catalogue) {
  for (const sagas::Saga& saga : sagas::sagas()) {
    for (const std::string_view file : saga.workflows) {
      const Json definition = Json::parse(sagas::document(file));
      CatalogueSaga& entry = catalogue.sagas.at_or_add(definition.value("name", std::string()));
      entry.chart = conductor::flow_chart(conductor::read_workflow_definition(definition).value);
      entry.help = definition.value("description", std::string());
      add_steps(definition.value("tasks", Json::array()), entry.steps);
      for (const Json& step :
           definition.value("metadata", Json::object()).value("byEvent", Json::array())) {
        entry.steps.push_back(step.value("step", std::string()));
      }
    }
  }
}

void add_workflow_services(Catalogue& catalogue) {
  const CatalogueArchitecture& architecture = catalogue.architectures.begin()->second;
  CatalogueWorkflows& workflows = catalogue.workflows;
  workflows.orchestrator.at_or_add("orchestrator") = *architecture.services.find("orchestrator");
  workflows.workers.help = "plays the scripted workers of a scenario";
  workflows.workers.defaults.workers = 8;
  for (const ServiceBlueprint& blueprint : registered_services()) {
    for (const WorkerBinding& task : blueprint.tasks)
      workflows.workers_of_tasks.at_or_add(task.task_type) = blueprint.name;
  }
}

BuiltNames names_built_by(const Scenario& scenario) {
  Placement placement = place(scenario);
  BuiltNames names{.services = std::move(placement.services), .hosts = {}};
  for (HostSpec& host : placement.platform.hosts) names.hosts.push_back(std::move(host.name));
  return names;
}

Catalogue build() {
  Catalogue catalogue;
  add_services(catalogue);
  add_workflow_services(catalogue);
  add_requests(catalogue);
  add_sagas(catalogue);
  for (const SeededDefect& defect : seeded_defects())
    catalogue.defects.at_or_add(defect.name) = defect.help;
  for (const Invariant& invariant : reference_invariants()) {
    catalogue.invariants.at_or_add(invariant.id) = invariant.title;
  }
  catalogue.senders_of = senders_of;
  catalogue.too_large = [](const Scenario& scenario) {
    return too_large_a_population(scenario, memory_available());
  };
  catalogue.names_built_by = names_built_by;
  catalogue.business = &business_parameters();
  return catalogue;
}

}  // namespace

const Catalogue& reference_catalogue() {
  static const Catalogue catalogue = build();
  return catalogue;
}

}  // namespace soundcheck
