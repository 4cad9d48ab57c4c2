#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/effects/saga_statements.hpp"
#include "scenarios/model/scenario.hpp"

namespace soundcheck {

// What is known of the steps of the scenario's own workflows, and of what undoes them. For each
// step the first of these that says something:
//   `sagas:` of the scenario, by the step's reference or name
//   `metadata` of the task in its definition: { "role": "COMPENSATABLE", "undo": "cancel_car",
//   "guard": "FENCE" }
//   the names: book_car is undone by cancel_car, if there is one such task in its failure workflow
//   (undo_names.def)
SagaStatements statements_of(const Scenario& scenario);

// Workflows of the scenario of which nothing is known, neither of their sub-workflows: nobody can
// say what their sagas leave behind.
std::vector<std::string> unjudged_workflows(const Scenario& scenario,
                                            const SagaStatements& statements);

// Steps with their roles that every execution of the workflow comes to: those in no case and no
// loop.
std::vector<std::pair<std::string, std::string>> plan_of(
    const conductor::WorkflowDefinition& workflow, const SagaStatements& statements);

}  // namespace soundcheck
