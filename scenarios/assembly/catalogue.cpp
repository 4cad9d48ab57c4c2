#include <fmt/format.h>

#include "faults/aim_point.hpp"
#include "faults/fault_definition.hpp"
#include "faults/fault_problems.hpp"
#include "models/orchestrator/decider/definition_reader.hpp"
#include "models/orchestrator/diagram/flow_chart.hpp"
#include "models/orchestrator/service/orchestrator.hpp"
#include "models/outside/outside.hpp"
#include "models/sagas/sagas.hpp"
#include "models/services/common/embedded.hpp"
#include "models/services/requests.hpp"
#include "models/services/services.hpp"
#include "reports/checkers/invariant_file.hpp"
#include "scenarios/assembly/business.hpp"
#include "scenarios/assembly/invariants.hpp"
#include "scenarios/assembly/judgement.hpp"
#include "scenarios/assembly/placement.hpp"
#include "scenarios/assembly/run.hpp"

namespace soundcheck {
namespace {

struct ServiceFacts {
  const char* name;
  const char* help;
  int replicas;
  int workers;
  Duration cpu;  // median of each endpoint; zero: none
};
constexpr ServiceFacts kServices[] = {
    {"auth", "authenticates requests, approves payments by user and billing profile, grants access",
     2, 64, 1_ms},
    {"gateway", "the one entry for clients: authenticates, keeps idempotency keys, starts sagas", 2,
     128, 1_ms},
    {"logging", "records of users and transactions, fed by outboxes", 2, 32, 1_ms},
    {"orchestrator", "runs Conductor workflows: retries, timeouts, compensation", 1, 10'000, 0_ns},
    {"payments", "authorises, captures, voids and refunds through the bank; asks auth first", 2, 64,
     2_ms},
    {"subscriptions", "plans, periods and locks; its workers run the money steps of sagas", 2, 64,
     1_ms},
    {"users", "accounts and households", 2, 64, 1_ms},
};

struct Defect {
  const char* name;
  const char* help;
};
// domain.md, section 3: what goes wrong, and which invariants find it.
constexpr Defect kDefects[] = {
    {"blind_undo", "steps that never ran are undone, and there is no fence (E7)"},
    {"capture_without_key", "a retry after a lost reply captures again (P1, L1, and P11 or E6)"},
    {"dual_write_log", "transactions are logged without an outbox (L1 or L2, E10)"},
    {"fail_open_auth", "payments approves when auth does not answer (P6)"},
    {"failure_wf_lost", "no watchdog starts compensations that a crash has lost (E2, E3, S5)"},
    {"gateway_no_dedupe", "a client's retry starts a second saga (W2, P2)"},
    {"key_expired", "a retry after the bank forgot the key, without asking for its status (P1)"},
    {"key_per_attempt", "a new key although the outcome was unknown (P2)"},
    {"no_fence", "a step that arrives after its undo is done all the same (E8, P5)"},
    {"pivot_too_early", "the subscription is activated before the money is taken (S2)"},
    {"refund_without_key", "a retried undo refunds twice (P4, P7)"},
    {"soft_failure", "capture or grant answers COMPLETED with an error inside (E11, or S2, E4)"},
    {"undo_completed_only",
     "only completed steps are undone: a step whose reply was lost stays (S1, E11 or E3)"},
    {"void_on_unknown", "the undo voids without asking whether the capture happened (P5 or P7)"},
};

// Most clients look, few buy.
constexpr std::pair<const char*, double> kDefaultMix[] = {{"my-subscription", 90},
                                                          {"subscribe", 10}};

ScenarioService defaults_of(const ServiceFacts& facts, const std::vector<MethodBinding>& methods) {
  ScenarioService service;
  service.replicas = facts.replicas;
  service.workers = facts.workers;
  for (const MethodBinding& method : methods) {
    ScenarioEndpoint& endpoint = service.endpoints.at_or_add(method.name.method);
    if (facts.cpu > Duration()) {
      endpoint.cpu = Distribution::lognormal(facts.cpu, facts.cpu * 4);
    }
  }
  return service;
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

void add_workflow_services(Catalogue& catalogue, const std::vector<ServiceBlueprint>& blueprints) {
  const CatalogueArchitecture& architecture = catalogue.architectures.begin()->second;
  CatalogueWorkflows& workflows = catalogue.workflows;
  workflows.orchestrator.at_or_add("orchestrator") = *architecture.services.find("orchestrator");
  workflows.workers.help = "plays the scripted workers of a scenario";
  workflows.workers.defaults.workers = 8;
  for (const ServiceBlueprint& blueprint : blueprints) {
    for (const WorkerBinding& worker : blueprint.workers)
      workflows.workers_of_tasks.at_or_add(worker.task_type) = blueprint.name;
  }
}

void add_faults(Catalogue& catalogue) {
  for (const FaultDefinition* const definition : fault_kinds()) {
    FaultKind& kind = catalogue.faults.at_or_add(definition->name);
    kind.parameters = definition->parameters;
    kind.help = definition->help();
    kind.length = definition->lasts != nullptr ? FaultLength::kMoment : FaultLength::kWhile;
    for (const std::string_view field : target_fields_of(definition->reach))
      kind.targets.emplace_back(field);
  }
  for (const AimPhase& phase : aim_phases()) catalogue.phases.at_or_add(phase.name) = phase.help;
  for (std::size_t i = 0; i < kFailpointCount; ++i) {
    const auto failpoint = static_cast<Failpoint>(i);
    catalogue.phases.at_or_add(name_of(failpoint)) = place_of(failpoint);
  }
}

std::vector<BrokenRule> rules_broken_by(const ScenarioFault& fault) {
  std::vector<BrokenRule> rules;
  for (FaultProblem& problem : problems_of(fault_spec_of(fault))) {
    rules.push_back(
        {std::move(problem.parameter), std::move(problem.sentence), std::move(problem.hint)});
  }
  return rules;
}

BuiltNames names_built_by(const Scenario& scenario) {
  Placement placement = place(scenario);
  BuiltNames names{.services = std::move(placement.services), .hosts = {}};
  for (HostSpec& host : placement.platform.hosts) names.hosts.push_back(std::move(host.name));
  return names;
}

Catalogue build() {
  Catalogue catalogue;
  CatalogueArchitecture& architecture = catalogue.architectures.at_or_add("microservices");
  architecture.help = "the music-streaming service as microservices, each with its own database";
  std::vector<ServiceBlueprint> blueprints = service_blueprints();
  blueprints.push_back(orchestrator::blueprint(nullptr, nullptr));  // for the names of its methods
  for (const ServiceFacts& facts : kServices) {
    std::vector<MethodBinding> methods;
    for (const ServiceBlueprint& blueprint : blueprints) {
      if (blueprint.name == facts.name) methods = blueprint.methods;
    }
    CatalogueService& service = architecture.services.at_or_add(facts.name);
    service.help = facts.help;
    service.defaults = defaults_of(facts, methods);
  }
  for (const ServiceBlueprint& party : outside_blueprints()) {
    CatalogueService& service = architecture.services.at_or_add(party.name);
    service.help = "a party outside, with its own record of what it did";
    service.is_outside = true;
    service.defaults = defaults_of({"", "", 1, 256, 20_ms}, party.methods);
  }
  add_workflow_services(catalogue, blueprints);
  for (const RequestType& type : request_types()) {
    catalogue.request_types.at_or_add(type.name) =
        fmt::format("a client's {} to {}.{}", type.rpc.http, type.rpc.service, type.rpc.method);
  }
  for (const auto& [request, weight] : kDefaultMix)
    catalogue.default_mix.at_or_add(request) = weight;
  add_sagas(catalogue);
  add_faults(catalogue);
  for (const Defect& defect : kDefects) catalogue.defects.at_or_add(defect.name) = defect.help;
  for (const Invariant& invariant : reference_invariants()) {
    catalogue.invariants.at_or_add(invariant.id) = invariant.title;
  }
  catalogue.rules_broken_by = rules_broken_by;
  catalogue.names_built_by = names_built_by;
  catalogue.business = &Business::parameters();
  return catalogue;
}

}  // namespace

const Catalogue& reference_catalogue() {
  static const Catalogue catalogue = build();
  return catalogue;
}

}  // namespace soundcheck
