#pragma once

#include "scenarios/document/source.hpp"
#include "sim/core/parameters_mistake.hpp"

namespace soundcheck {

// Reads JSON into the same tree as YAML, every value with its place in the text. What is no JSON,
// and members given twice, are reported; the result is then nothing, or has the last of the two.
ParameterNode parse_json(const Source& source, int source_index, Mistakes& mistakes);

}  // namespace soundcheck
