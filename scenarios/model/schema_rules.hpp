#pragma once

#include "scenarios/model/catalogue.hpp"
#include "sim/core/json.hpp"

namespace soundcheck {

// Adds to the schema that the tables of parameters give what they do not know: which fields go
// together, what names look like, and, where a scenario adds none of its own, which names there
// are. An editor shall flag what the program refuses; what no schema can say, the program says.
void add_rules(Json& schema, const Catalogue& catalogue);

}  // namespace soundcheck
