#pragma once

#include <string>

#include "scenarios/model/catalogue.hpp"

namespace soundcheck {

// Reference pages in Markdown. Everything on them derives from the tables of parameters, so they
// cannot differ from what is checked.
std::string scenario_reference();  // the fields of a scenario file, and its mistakes
std::string fault_reference();     // the kinds of faults

}  // namespace soundcheck
