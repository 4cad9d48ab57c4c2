#include "scenarios/model/definition_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <string>
#include <utility>

#include "scenarios/document/json_tree.hpp"
#include "scenarios/model/definition_findings.hpp"
#include "scenarios/model/definition_form.hpp"
#include "scenarios/model/workflow_tasks.hpp"

namespace soundcheck {
namespace {

// Where a definition stands in its file: a list has places, a single one has none.
class Place {
 public:
  Place(ParameterReader& reader, const std::string& name) {
    if (!name.empty()) inside_.emplace(reader, name);
  }

 private:
  std::optional<ParameterReader::Inside> inside_;
};

void read_one(const ParameterNode& node, DefinitionFile& file, ParameterReader& reader) {
  if (looks_like_event_handler(node)) {
    ParameterForm<conductor::EventHandler>::read(node, file.event_handlers.emplace_back(), reader);
  } else if (looks_like_workflow(node) || !node.is_map()) {
    ParameterForm<conductor::WorkflowDefinition>::read(node, file.workflows.emplace_back(), reader);
  } else {
    ParameterForm<conductor::TaskDefinition>::read(node, file.tasks.emplace_back(), reader);
  }
}

const ParameterNode& node_at(const ParameterNode& root, const TaskPath& path) {
  const ParameterNode* node = &root;
  for (const std::string& step : path) {
    if (node->is_list()) {
      node = &node->items[std::stoul(step)];
    } else if (const auto* const entry = node->find(step)) {
      node = &entry->value;
    }
  }
  return *node;
}

// What depends on the task definitions, wherever in the file they are.
void check_inputs(const ParameterNode& node, const conductor::WorkflowDefinition& workflow,
                  const DefinitionFile& file, ParameterReader& reader) {
  for_each_task(workflow, [&](const conductor::TaskInWorkflow& task, const TaskPath& path) {
    const std::string missing = missing_input(task, file.tasks);
    if (missing.empty()) return;
    const ParameterReader::Inside inside(reader, fmt::format("{}", fmt::join(path, ".")));
    reader.report(MistakeCode::kBadDefinition, node_at(node, path).position, missing);
  });
}

// What no single value shows. `workflows`: where each stands, and its place in the file.
void check_together(const DefinitionFile& file,
                    const std::vector<std::pair<std::string, const ParameterNode*>>& workflows,
                    ParameterReader& reader) {
  DefinitionFindings findings = find_circles(file.workflows, Others::kPossible);
  for (DefinitionFinding& finding : find_wrong_scripts(file.workflows))
    findings.push_back(std::move(finding));
  for (const DefinitionFinding& finding : findings) {
    const auto& [place, node] = workflows[finding.workflow];
    const Place inside(reader, place);
    const ParameterReader::Inside task(reader, fmt::format("{}", fmt::join(finding.path, ".")));
    reader.report(finding.code, node_at(*node, finding.path).position, finding.sentence,
                  finding.hint);
    if (finding.is_warning) reader.last_is_a_warning();
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
    const bool is_empty = root.is_nothing() || (root.is_list() && root.items.empty());
    if (is_empty && mistakes.empty()) {
      reader.report(MistakeCode::kWrongKind, root.position,
                    fmt::format("{} stands where a definition is expected",
                                root.is_nothing() ? "nothing" : "an empty list"));
    }
    std::vector<std::pair<std::string, const ParameterNode*>> definitions;  // with their places
    if (root.is_list()) {
      for (std::size_t i = 0; i < root.items.size(); ++i)
        definitions.emplace_back(std::to_string(i), &root.items[i]);
    } else if (!root.is_nothing()) {
      definitions.emplace_back("", &root);
    }
    std::vector<std::pair<std::string, const ParameterNode*>> workflows;
    for (const auto& [place, node] : definitions) {
      const Place inside(reader, place);
      const std::size_t before = file.workflows.size();
      read_one(*node, file, reader);
      if (file.workflows.size() > before) workflows.emplace_back(place, node);
    }
    for (std::size_t i = 0; i < workflows.size(); ++i) {
      const Place inside(reader, workflows[i].first);
      check_inputs(*workflows[i].second, file.workflows[i], file, reader);
    }
    check_together(file, workflows, reader);
  }
  result.diagnostics = Diagnostics(std::move(sources), std::move(mistakes));
  if (result.diagnostics.size() == result.diagnostics.warnings()) result.value = std::move(file);
  return result;
}

}  // namespace soundcheck
