#pragma once

#include <filesystem>
#include <vector>

#include "models/orchestrator/decider/definition.hpp"
#include "models/orchestrator/decider/event_handler.hpp"
#include "scenarios/document/diagnostics.hpp"

namespace soundcheck {

// What a JSON file of Conductor's holds: one definition or a list of them, of workflows, of
// tasks and of event handlers.
struct DefinitionFile {
  std::vector<conductor::WorkflowDefinition> workflows;
  std::vector<conductor::TaskDefinition> tasks;
  std::vector<conductor::EventHandler> event_handlers;
};

// Whether a file is one of definitions rather than a scenario: by its name, unless it says that it
// is a scenario.
bool is_definition_file(const std::filesystem::path& path);

// Reads and checks such a file. All mistakes are reported, not only the first.
Checked<DefinitionFile> load_definitions(const std::filesystem::path& path);

}  // namespace soundcheck
