#include "scenarios/model/definition_file.hpp"

#include "scenarios/document/json_tree.hpp"
#include "scenarios/model/definition_form.hpp"

namespace soundcheck {
namespace {

void read_one(const ParameterNode& node, DefinitionFile& file, ParameterReader& reader) {
  if (looks_like_workflow(node) || !node.is_map()) {
    ParameterForm<conductor::WorkflowDefinition>::read(node, file.workflows.emplace_back(), reader);
  } else {
    ParameterForm<conductor::TaskDefinition>::read(node, file.tasks.emplace_back(), reader);
  }
}

}  // namespace

bool is_definition_file(const std::filesystem::path& path) {
  if (path.extension() != ".json") return false;
  const auto text = read_text_file(path);
  if (!text) return true;
  const Json content = Json::parse(*text, nullptr, false);
  return !content.is_object() || !content.contains("soundcheck");
}

Checked<DefinitionFile> load_definitions(const std::filesystem::path& path) {
  Checked<DefinitionFile> result;
  Sources sources;
  Mistakes mistakes;
  DefinitionFile file;
  const auto text = read_text_file(path);
  sources.emplace_back(path.string(), path.parent_path(), text.value_or(""));
  if (!text) {
    mistakes.push_back({MistakeCode::kUnreadableFile, {}, "", text.error(), "", ""});
  } else {
    const ParameterNode root = parse_json(sources.front(), 0, mistakes);
    ParameterReader reader(mistakes);
    if (root.is_list()) {
      for (std::size_t i = 0; i < root.items.size(); ++i) {
        const ParameterReader::Inside inside(reader, std::to_string(i));
        read_one(root.items[i], file, reader);
      }
    } else if (!root.is_nothing()) {
      read_one(root, file, reader);
    }
  }
  result.diagnostics = Diagnostics(std::move(sources), std::move(mistakes));
  if (result.diagnostics.size() == result.diagnostics.warnings()) result.value = std::move(file);
  return result;
}

}  // namespace soundcheck
