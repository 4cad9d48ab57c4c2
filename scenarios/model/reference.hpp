#pragma once

#include <string>
#include <string_view>

#include "scenarios/model/catalogue.hpp"
#include "sim/core/parameters.hpp"

namespace soundcheck {

// What `soundcheck explain` and the reference pages say. Everything derives from the tables of
// parameters, so that it cannot differ from what is checked.

// The parameters of a table, one a line, for a terminal.
std::string explain_parameters(const AnyParameterTable& table);

// Explains a fault kind, an error code ("E012"), a part of a scenario by its path
// ("services.calls.retry"), or any other name of the catalogue. Empty if nothing has that name.
std::string explain(std::string_view subject, const Catalogue& catalogue);

// Every name that `explain` knows, sorted; for its suggestions.
std::vector<std::string> explainable_names(const Catalogue& catalogue);

// Reference pages in Markdown: the scenario file, and the kinds of faults.
std::string scenario_reference();
std::string fault_reference(const Catalogue& catalogue);

}  // namespace soundcheck
