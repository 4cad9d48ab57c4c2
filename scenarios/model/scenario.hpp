#pragma once

#include <string>
#include <vector>

#include "models/effects/saga_statements.hpp"
#include "models/orchestrator/worker/scripted_work.hpp"
#include "reports/verdict/expectations.hpp"
#include "scenarios/model/definition_form.hpp"
#include "scenarios/model/fault.hpp"
#include "scenarios/model/platform.hpp"
#include "scenarios/model/service.hpp"
#include "scenarios/model/workload.hpp"

namespace soundcheck {

// By reference ("charge"), by workflow and reference ("order.charge"), or by the task's name: what
// is done the first time, the second time, ...; the last entry repeats.
using ScenarioWorkers = Named<std::vector<orchestrator::ScriptedWork>>;
// The service that plays them.
inline constexpr const char* kWorkersService = "workers";

// What to build, the load, what breaks and what must still hold: a scenario that was checked, every
// default filled in. A plain value; a run is a function of it and its seed.
struct Scenario {
  int format = 1;  // `soundcheck: 1`
  std::string name;
  std::string about;
  std::uint64_t seed = 1;
  Duration duration = Duration::minutes(1);  // of the load
  ScenarioSettle settle;
  Fidelity fidelity = Fidelity::kFlow;
  std::string architecture;  // a set of services of the catalogue, or "own"
  ScenarioHosts hosts;
  ScenarioTopology topology;
  Named<ScenarioService> services;  // of the architecture and declared ones
  std::vector<std::string> defects;
  ScenarioPopulation population;
  Settings business;  // empty if the catalogue has no business parameters
  std::vector<conductor::WorkflowDefinition> workflows;  // besides those of the architecture
  std::vector<conductor::TaskDefinition> tasks;
  SagaStatements sagas;  // what is stated of the scenario's own workflows
  std::vector<conductor::EventHandler> event_handlers;
  ScenarioWorkers workers;
  std::vector<ScenarioWorkload> workload;
  std::vector<FaultSpec> faults;
  Expectations expect;
  static const ParameterTable<Scenario>& parameters();
};

// The architecture without any service of the program.
inline constexpr const char* kOwnArchitecture = "own";

template <>
struct ParameterForm<Settings> {
  static std::string phrase() { return "parameters by name"; }
  static void read(const ParameterNode& node, Settings& into, ParameterReader& reader);
  static ParameterNode print(const Settings& value);
  static Json schema(SchemaWriter& writer);
};

}  // namespace soundcheck
