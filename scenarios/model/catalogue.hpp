#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scenarios/model/service.hpp"

namespace soundcheck {

struct Scenario;
struct ScenarioFault;

// A service that the program brings, with its replicas, endpoints and policies as they are unless a
// scenario says otherwise.
struct CatalogueService {
  std::string help;
  ScenarioService defaults;
  bool is_outside = false;  // a party outside, like the bank: it can be called and broken, but is
                            // not ours to configure
};

// A set of services that are built together: the microservices, or the same logic as a monolith.
struct CatalogueArchitecture {
  std::string help;
  Named<CatalogueService> services;
};

// What workflows of a scenario need beside the architecture, and what works on them already.
struct CatalogueWorkflows {
  Named<CatalogueService> orchestrator;  // one entry: the service that runs them
  CatalogueService workers;              // the service that plays scripted workers
  Named<std::string> workers_of_tasks;   // task name -> service of the program that works on it
};

struct CatalogueSaga {
  std::string help;
  std::vector<std::string> steps;
  std::string chart = {};  // as a Mermaid flow chart
};

// How long a fault of a kind lasts by itself.
enum class FaultLength {
  kMoment,  // it strikes, and is over or heals by its own parameters: `for` makes no sense
  kWhile,   // until `for` has passed or the load ends
};

// What the faults layer registers about a kind. The table outlives the catalogue.
struct FaultKind {
  const AnyParameterTable* parameters = nullptr;
  std::string help;
  FaultLength length = FaultLength::kWhile;
  std::vector<std::string> targets;           // fields of `target` that it takes
  std::vector<std::string> required_targets;  // those without which it cannot strike
};
using FaultKinds = Named<FaultKind>;

// A rule between the values of a fault that it breaks.
struct BrokenRule {
  std::string field;     // "target.replica", "for"; empty: the fault as a whole
  std::string sentence;  // without a full stop
  std::string hint;      // what to write instead; may be empty
};

// What a scenario builds besides the services that it names: "payments.database", "clients".
struct BuiltNames {
  std::vector<std::string> services;  // all that processes belong to
  std::vector<std::string> hosts;
};

// Everything that a scenario may refer to by name and that is not in the scenario itself. A value
// filled by those who know services, sagas, faults and invariants; this layer knows none of them.
struct Catalogue {
  Named<CatalogueArchitecture>
      architectures;  // the first is the default; "own" (no service at all) is always there
  Named<std::string> request_types;  // what clients can ask for, with help
  Named<double> default_mix;         // of a workload that names none
  Named<CatalogueSaga> sagas;
  CatalogueWorkflows workflows;
  Named<std::string> phases;  // moments within a step that faults can aim at, with help
  Named<std::string> defects;
  Named<std::string> invariants;
  FaultKinds faults;
  // Asked only about faults whose values could all be read and whose names all exist; may be empty.
  std::function<std::vector<BrokenRule>(const ScenarioFault&)> rules_broken_by;
  // Asked only about scenarios without mistakes in what they build; may be empty.
  std::function<BuiltNames(const Scenario&)> names_built_by;
  const AnyParameterTable* business =
      nullptr;  // durations and amounts of the domain; may be nullptr
};

}  // namespace soundcheck
