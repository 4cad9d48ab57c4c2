#include "scenarios/model/definition_form.hpp"

#include <algorithm>
#include <array>

#include "models/orchestrator/decider/definition_reader.hpp"

namespace soundcheck {
namespace {

// The nearest thing on the way that stands somewhere: a member, or an element.
SourcePosition position_of(const ParameterNode& root, const conductor::DefinitionProblem& problem) {
  const ParameterNode* node = &root;
  SourcePosition position = root.position;
  for (const conductor::JsonStep& step : problem.steps) {
    if (const auto* const name = std::get_if<std::string>(&step)) {
      const auto* const entry = node->is_map() ? node->find(*name) : nullptr;
      if (entry == nullptr) break;
      const bool shows_value = entry->value.is_text() && !problem.about_name;
      position = shows_value ? entry->value.position : entry->name_position;
      node = &entry->value;
    } else {
      const std::size_t index = std::get<std::size_t>(step);
      if (!node->is_list() || index >= node->items.size()) break;
      node = &node->items[index];
      position = node->position;
    }
  }
  return position;
}

std::string path_of(const conductor::DefinitionProblem& problem) {
  std::string path;
  for (const conductor::JsonStep& step : problem.steps) {
    const auto* const name = std::get_if<std::string>(&step);
    path += (path.empty() ? "" : ".") +
            (name != nullptr ? *name : std::to_string(std::get<std::size_t>(step)));
  }
  return path;
}

template <class T>
void accept(conductor::Read<T> read, const ParameterNode& node, T& into, ParameterReader& reader) {
  for (const conductor::DefinitionProblem& problem : read.problems) {
    const ParameterReader::Inside inside(reader, path_of(problem));
    const std::size_t suggestion = problem.message.rfind("; did you mean");
    const bool has_hint = suggestion != std::string::npos;
    reader.report(MistakeCode::kBadDefinition, position_of(node, problem),
                  problem.message.substr(0, suggestion),
                  has_hint ? problem.message.substr(suggestion + 2) : "");
    if (problem.warning) reader.last_is_a_warning();
  }
  into = std::move(read.value);
}

bool is_definition(const ParameterNode& node, std::string_view phrase, ParameterReader& reader) {
  if (node.is_map()) return true;
  reader.report(MistakeCode::kWrongKind, node.position,
                fmt::format("{} stands where {} is expected", node.kind_in_words(), phrase));
  return false;
}

}  // namespace

bool looks_like_workflow(const ParameterNode& node) {
  static constexpr std::array<std::string_view, 7> kOnlyThere{
      "tasks",           "schemaVersion",   "version",    "outputParameters",
      "failureWorkflow", "inputParameters", "restartable"};
  return node.is_map() && std::ranges::any_of(kOnlyThere, [&](std::string_view name) {
           return node.find(name) != nullptr;
         });
}

bool looks_like_event_handler(const ParameterNode& node) {
  return node.is_map() && node.find("event") != nullptr && node.find("actions") != nullptr;
}

void ParameterForm<conductor::WorkflowDefinition>::read(const ParameterNode& node,
                                                        conductor::WorkflowDefinition& into,
                                                        ParameterReader& reader) {
  if (!is_definition(node, phrase(), reader)) return;
  if (!looks_like_workflow(node) && node.entries.size() > 1) {
    reader.report(MistakeCode::kWrongKind, node.position, "a task definition among workflows",
                  "list it under 'tasks'");
    return;
  }
  accept(conductor::read_workflow_definition(to_json(node)), node, into, reader);
}

ParameterNode ParameterForm<conductor::WorkflowDefinition>::print(
    const conductor::WorkflowDefinition& value) {
  return to_node(value.source);
}

Json ParameterForm<conductor::WorkflowDefinition>::schema(SchemaWriter&) {
  return {{"type", {"string", "object"}}};
}

void ParameterForm<conductor::TaskDefinition>::read(const ParameterNode& node,
                                                    conductor::TaskDefinition& into,
                                                    ParameterReader& reader) {
  if (!is_definition(node, phrase(), reader)) return;
  if (looks_like_workflow(node)) {
    reader.report(MistakeCode::kWrongKind, node.position, "a workflow definition among tasks",
                  "list it under 'workflows'");
    return;
  }
  accept(conductor::read_task_definition(to_json(node)), node, into, reader);
}

ParameterNode ParameterForm<conductor::TaskDefinition>::print(
    const conductor::TaskDefinition& value) {
  return to_node(value.source);
}

// The fields that people mistype; the reader knows all.
Json ParameterForm<conductor::TaskDefinition>::schema(SchemaWriter&) {
  const Json count = {{"type", "integer"}, {"minimum", 0}};
  return {{"type", {"string", "object"}},
          {"required", {"name"}},
          {"properties",
           {{"name", {{"type", "string"}, {"minLength", 1}}},
            {"retryCount", count},
            {"retryDelaySeconds", count},
            {"retryLogic", {{"enum", {"FIXED", "EXPONENTIAL_BACKOFF", "LINEAR_BACKOFF"}}}},
            {"timeoutSeconds", count},
            {"timeoutPolicy", {{"enum", {"RETRY", "TIME_OUT_WF", "ALERT_ONLY"}}}},
            {"concurrentExecLimit", count}}}};
}

void ParameterForm<conductor::EventHandler>::read(const ParameterNode& node,
                                                  conductor::EventHandler& into,
                                                  ParameterReader& reader) {
  if (!is_definition(node, phrase(), reader)) return;
  accept(conductor::read_event_handler(to_json(node)), node, into, reader);
}

ParameterNode ParameterForm<conductor::EventHandler>::print(const conductor::EventHandler& value) {
  return to_node(value.source);
}

Json ParameterForm<conductor::EventHandler>::schema(SchemaWriter&) {
  return {{"type", {"string", "object"}}};
}

}  // namespace soundcheck
