#pragma once

#include "models/orchestrator/decider/definition.hpp"
#include "models/orchestrator/decider/event_handler.hpp"
#include "sim/core/parameters_form.hpp"

namespace soundcheck {

// Lists of a scenario whose entries may be names of JSON files (document/listed_files.hpp).
inline constexpr std::string_view kDefinitionLists[] = {"workflows", "tasks", "event-handlers"};

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

template <>
struct ParameterForm<conductor::EventHandler> {
  static std::string phrase() { return "the name of a JSON file, or an event handler"; }
  static void read(const ParameterNode& node, conductor::EventHandler& into,
                   ParameterReader& reader);
  static ParameterNode print(const conductor::EventHandler& value);
  static Json schema(SchemaWriter& writer);
};

// Whether an object is an event handler rather than another definition.
bool looks_like_event_handler(const ParameterNode& node);
// Whether an object is a workflow definition rather than a task definition, as far as its members
// tell.
bool looks_like_workflow(const ParameterNode& node);

}  // namespace soundcheck
