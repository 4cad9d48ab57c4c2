#include "tests/conformance/case_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "models/orchestrator/decider/definition_reader.hpp"
#include "models/orchestrator/decider/json_position.hpp"

namespace soundcheck::conductor {

namespace {

std::expected<std::string, std::string> read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::unexpected(fmt::format("{} cannot be read", path.string()));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::expected<Json, std::string> read_json(const std::filesystem::path& path) {
  const std::expected<std::string, std::string> text = read_text(path);
  if (!text) return std::unexpected(text.error());
  try {
    return Json::parse(*text);
  } catch (const Json::parse_error& error) {
    const JsonPosition position = position_at(*text, error.byte > 0 ? error.byte - 1 : 0);
    return std::unexpected(
        fmt::format("{}:{}:{}: this is no JSON", path.string(), position.line, position.column));
  }
}

}  // namespace

std::expected<CaseFolder, std::string> read_case_folder(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) {
    return std::unexpected(
        fmt::format("{} is no folder; give the folder that holds cases.json", path.string()));
  }
  if (!std::filesystem::exists(path / "cases.json")) {
    return std::unexpected(fmt::format("{} has no cases.json", path.string()));
  }
  const std::expected<Json, std::string> json = read_json(path / "cases.json");
  if (!json) return std::unexpected(json.error());
  if (!json->is_object() || !json->contains("cases") || !json->at("cases").is_array()) {
    return std::unexpected(
        fmt::format("{}: an object with a list 'cases' is needed", (path / "cases.json").string()));
  }
  const std::string format = json->value("format", "");
  if (format != "conductor-replay-cases/1") {
    return std::unexpected(
        fmt::format("{}: format is '{}', this program reads 'conductor-replay-cases/1'",
                    (path / "cases.json").string(), format));
  }
  CaseFolder folder;
  folder.path = path;
  folder.cases.assign(json->at("cases").begin(), json->at("cases").end());
  const std::string base = json->value("taskDefsBase", "");
  if (base.empty()) return folder;
  const std::expected<std::string, std::string> text = read_text(path / base);
  if (!text) return std::unexpected(text.error());
  Read<std::vector<TaskDefinition>> read = read_task_definitions(*text);
  for (const DefinitionProblem& problem : read.problems) {
    if (!problem.warning) return std::unexpected((path / base).string() + ":" + to_text(problem));
  }
  folder.base_definitions = std::move(read.value);
  return folder;
}

std::expected<Json, std::string> read_definition_file(const CaseFolder& folder,
                                                      const std::string& file) {
  return read_json(folder.path / file);
}

std::expected<void, std::string> set_at_path(Json& json, const std::string& path,
                                             const Json& value) {
  Json* at = &json;
  std::size_t start = 0;
  while (start <= path.size()) {
    const std::size_t end = std::min(path.find_first_of(".[]", start), path.size());
    const std::string step = path.substr(start, end - start);
    start = end + 1;
    if (step.empty()) continue;
    const bool index = step.find_first_not_of("0123456789") == std::string::npos && at->is_array();
    if (index) {
      const std::size_t number = std::stoul(step);
      if (number >= at->size())
        return std::unexpected(fmt::format("there is nothing at '{}'", path));
      at = &(*at)[number];
    } else if (at->is_object() || at->is_null()) {
      at = &(*at)[step];
    } else {
      return std::unexpected(fmt::format("there is nothing at '{}'", path));
    }
  }
  *at = value;
  return {};
}

}  // namespace soundcheck::conductor
