#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "scenarios/model/service.hpp"

namespace soundcheck {

struct Scenario;

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

// What a scenario builds besides the services that it names: "payments.database", "clients".
struct BuiltNames {
  std::vector<std::string> services;  // all that processes belong to
  std::vector<std::string> hosts;
};

// Everything that a scenario may refer to by name and that is not in the scenario itself. A value
// filled by those who know services, sagas and invariants; this layer knows none of them.
struct Catalogue {
  Named<CatalogueArchitecture>
      architectures;  // the first is the default; "own" (no service at all) is always there
  Named<std::string> request_types;      // what clients can ask for, with help
  std::set<std::string> keyed_requests;  // those that carry an idempotency key
  Named<double> default_mix;             // of a workload that names none
  Named<CatalogueSaga> sagas;
  CatalogueWorkflows workflows;
  Named<std::string> defects;
  Named<std::string> invariants;
  // How many users there are who can send a request, each once; nothing: it does not run out. May
  // be empty.
  std::function<std::optional<std::int64_t>(const Scenario&, const std::string& request)>
      senders_of;
  // What is wrong when the population does not fit in memory; empty: it fits. May be empty.
  std::function<std::string(const Scenario&)> too_large;
  // Asked only about scenarios without mistakes in what they build; may be empty.
  std::function<BuiltNames(const Scenario&)> names_built_by;
  const AnyParameterTable* business =
      nullptr;  // durations and amounts of the domain; may be nullptr
};

}  // namespace soundcheck
