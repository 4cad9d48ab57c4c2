#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/model/definition_form.hpp"
#include "scenarios/model/text_forms.hpp"

namespace soundcheck {

inline constexpr int kMostClients = 1'000'000;  // of a closed workload, at the peak of its shape

// Clients who change their minds: they terminate the workflow that they started.
struct ScenarioCancellation {
  Distribution after = Distribution::constant(Duration::seconds(10));
  Probability chance = Probability::always();
  static const ParameterTable<ScenarioCancellation>& parameters();
};

// One stream of load: open (requests arrive whether or not earlier ones are answered) or closed
// (each of so many clients sends its next request after it got its answer and thought about it).
struct ScenarioWorkload {
  std::string name;
  std::optional<ScenarioArrivals> arrivals;  // open
  std::optional<int> clients;                // closed
  std::optional<Distribution> think;         // of the clients; always there in a closed load
  std::vector<ScenarioShapePoint> shape;     // empty: 100% all the time
  Named<double> mix;                         // request type -> weight
  std::string workflow;                      // instead of the mix: each request starts one
  Json input = Json::object();               // of the workflow
  std::optional<ScenarioCancellation> cancel;
  static const ParameterTable<ScenarioWorkload>& parameters();
};

// What the databases hold before the run starts.
struct ScenarioPopulation {
  int users = 1'000;
  std::uint64_t seed = 1;  // of the population, apart from the run's, so that a sweep can share it
  static const ParameterTable<ScenarioPopulation>& parameters();
};

}  // namespace soundcheck
