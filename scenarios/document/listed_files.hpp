#pragma once

#include <string_view>

#include "scenarios/document/document.hpp"

namespace soundcheck {

// Lets the content of JSON files stand where a top-level list names them: `workflows: [order.json,
// tasks/*.json]` becomes a list of what these files hold, each value with its place in its file. A
// file may hold one object or a list of them; a wildcard may stand in the last part of a path, and
// files are taken in the order of their names.
void splice_listed_files(Document& document, std::string_view field);

}  // namespace soundcheck
