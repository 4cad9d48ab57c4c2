#pragma once

#include <filesystem>
#include <string>

#include "scenarios/document/diagnostics.hpp"
#include "scenarios/document/document.hpp"
#include "scenarios/model/catalogue.hpp"
#include "scenarios/model/scenario.hpp"

namespace soundcheck {

// Reads and checks a scenario: file, includes and overrides. All mistakes are reported, not only
// the first.
Checked<Scenario> load_scenario(const std::filesystem::path& path, const Overrides& overrides,
                                const Catalogue& catalogue);

// The scenario as YAML with every default filled in; load_scenario reads it back to the same value.
std::string show_scenario(const Scenario& scenario);

// JSON Schema (draft-07) of scenario files, for editors.
Json scenario_schema(const Catalogue& catalogue);

// The defaults of a service, if a workload names no request types: those of the catalogue and every
// declared endpoint.
Named<double> default_mix(const Scenario& scenario, const Catalogue& catalogue);

// What clients of this scenario can ask for: the catalogue's request types, and "service.endpoint"
// of declared services.
std::vector<std::string> request_types(const Scenario& scenario, const Catalogue& catalogue);

}  // namespace soundcheck
