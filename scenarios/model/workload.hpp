#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/workload/load.hpp"
#include "scenarios/model/platform.hpp"
#include "sim/core/parameters_json.hpp"

namespace soundcheck {

// Clients who change their minds: they terminate the workflow that they started.
struct ScenarioCancellation {
  Distribution after = Distribution::constant(Duration::seconds(10));
  Probability chance = Probability::always();
  static const ParameterTable<ScenarioCancellation>& parameters();
};

// One stream of load, and what its clients ask for.
struct ScenarioWorkload : Load {
  Named<double> mix;                     // request type -> weight
  std::string workflow;                  // instead of the mix: each request starts one
  Json input = Json::object();           // of the workflow
  Json task_to_domain = Json::object();  // of the workflow: name of a task, or * -> domains
  std::optional<ScenarioCancellation> cancel;
  std::optional<int> hosts;          // empty: as many as there are clients
  std::optional<ScenarioLink> link;  // of each of them; empty: as every host's
  static const ParameterTable<ScenarioWorkload>& parameters();
};

// What the databases hold before the run starts.
struct ScenarioPopulation {
  int users = 1'000;
  std::uint64_t seed = 1;  // of the population, apart from the run's, so that a sweep can share it
  static const ParameterTable<ScenarioPopulation>& parameters();
};

}  // namespace soundcheck
