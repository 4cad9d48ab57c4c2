#pragma once

#include "models/orchestrator/decider/definition.hpp"
#include "sim/core/parameters_form.hpp"

namespace soundcheck {

// Lists of a scenario whose entries may be names of JSON files (document/listed_files.hpp).
inline constexpr std::string_view kDefinitionLists[] = {"workflows", "tasks"};

// Conductor's definitions with their own names of fields. Mistakes in them are found by the
// orchestrator's own reader and reported where they stand, in a JSON file or in the scenario.
template <>
struct ParameterForm<conductor::WorkflowDefinition> {
  static std::string phrase() { return "the name of a JSON file, or a workflow definition"; }
  static void read(const ParameterNode& node, conductor::WorkflowDefinition& into,
                   ParameterReader& reader);
  static ParameterNode print(const conductor::WorkflowDefinition& value);
  static Json schema(SchemaWriter& writer);
};

template <>
struct ParameterForm<conductor::TaskDefinition> {
  static std::string phrase() { return "the name of a JSON file, or a task definition"; }
  static void read(const ParameterNode& node, conductor::TaskDefinition& into,
                   ParameterReader& reader);
  static ParameterNode print(const conductor::TaskDefinition& value);
  static Json schema(SchemaWriter& writer);
};

// Whether an object is a workflow definition rather than a task definition, as far as its members
// tell.
bool looks_like_workflow(const ParameterNode& node);

}  // namespace soundcheck
