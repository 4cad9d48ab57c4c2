#pragma once

#include <string>

#include "models/orchestrator/decider/definition.hpp"

namespace soundcheck::conductor {

// A workflow definition as a Mermaid flow chart (https://mermaid.js.org, `flowchart TD`), for pages
// in Markdown. The same definition gives the same text. Workers' tasks are boxes, sub-workflows and
// the failure workflow boxes with double sides, decisions diamonds, forks and joins hexagons, what
// waits for somebody outside a trapezoid, calls and events a slanted box, ends are round. A dotted
// line leads where the main path does not: to the failure workflow, or from a branch for which the
// join does not wait.
std::string flow_chart(const WorkflowDefinition& definition);

}  // namespace soundcheck::conductor
