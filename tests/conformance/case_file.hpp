#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "models/orchestrator/decider/definition.hpp"
#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// A folder of cases: cases.json beside the definitions it names.
struct CaseFolder {
  std::filesystem::path path;
  std::vector<Json> cases;
  std::vector<TaskDefinition> base_definitions;
};

// The error is a sentence for whoever typed the path.
std::expected<CaseFolder, std::string> read_case_folder(const std::filesystem::path& path);

// A workflow definition of the folder, by the name a case uses for it.
std::expected<Json, std::string> read_definition_file(const CaseFolder& folder,
                                                      const std::string& file);

// Sets the value at a path such as tasks[0].retryCount, making objects on the way.
std::expected<void, std::string> set_at_path(Json& json, const std::string& path,
                                             const Json& value);

}  // namespace soundcheck::conductor
