#include "scenarios/model/fault.hpp"

#include <map>

#include "faults/fault_definition.hpp"

namespace soundcheck {
namespace {

void read_fault(const ParameterNode& node, FaultSpec& fault, ParameterReader& reader) {
  const AnyParameterTable& common = FaultSpec::parameters();
  const auto* name = node.find("kind");
  const FaultDefinition* kind = name == nullptr ? nullptr : find_fault_kind(name->value.text);
  if (kind != nullptr) {
    fault.settings = Settings(*kind->parameters);
    const BoundTable tables[] = {{&common, &fault}, {kind->parameters, fault.settings.object()}};
    return read_together(node, tables, reader);
  }
  if (name != nullptr && name->value.is_text()) {
    std::vector<std::string> names;
    for (const FaultDefinition* const each : fault_kinds()) names.emplace_back(each->name);
    const ParameterReader::Inside inside(reader, "kind");
    reader.report_unknown(MistakeCode::kUnknownName, name->value.position,
                          fmt::format("there is no fault kind '{}'", name->value.text),
                          name->value.text, names, "kinds");
  }
  // Whose fields the others are cannot be told, so only those of every fault are checked.
  ParameterNode known = node;
  std::erase_if(known.entries, [&](const auto& e) { return common.find(e.name) == nullptr; });
  common.read(known, &fault, reader);
}

std::string described(const FaultSpec& fault) {
  const FaultTarget& target = fault.target;
  std::string text = fault.kind;
  for (const auto* part : {&target.service, &target.host, &target.zone, &target.region}) {
    if (*part) text += " " + **part;
  }
  if (target.database) text += fmt::format(" {}.database", *target.database);
  if (target.replica && target.replica->kind != ReplicaRole::Kind::kInvolved)
    text += " " + to_text(*target.replica);
  if (target.from || target.to)
    text += fmt::format(" {} -> {}", target.from.value_or("all"), target.to.value_or("all"));
  if (target.method) text += " " + *target.method;
  if (!fault.when) return text;
  const FaultAim& aim = *fault.when;
  text += fmt::format(" at {}.{}", aim.saga.value_or("any"), aim.step.value_or("any"));
  if (aim.phase) text += " " + to_text(*aim.phase);
  if (aim.service) text += " " + *aim.service;
  if (aim.undo) text += *aim.undo ? " undo" : " forward";
  if (aim.attempt) text += fmt::format(" attempt {}", *aim.attempt);
  return text;
}

}  // namespace

void name_faults(std::vector<FaultSpec>& faults) {
  std::map<std::string, int> alike;
  for (FaultSpec& fault : faults) {
    if (!fault.name.empty()) continue;
    fault.name = described(fault);
    if (const int number = ++alike[fault.name]; number > 1) {
      fault.name += fmt::format(" ({})", number);
    }
  }
}

void ParameterForm<std::vector<FaultSpec>>::read(const ParameterNode& node,
                                                 std::vector<FaultSpec>& into,
                                                 ParameterReader& reader) {
  if (!expect_list(node, phrase(), reader)) return;
  into.clear();
  for (const ParameterNode& item : node.items) {
    const ParameterReader::Inside inside(reader, std::to_string(into.size()));
    FaultSpec& fault = into.emplace_back();
    if (expect_map(item, "a fault", reader)) read_fault(item, fault, reader);
  }
}

ParameterNode ParameterForm<std::vector<FaultSpec>>::print(const std::vector<FaultSpec>& faults) {
  ParameterNode list = ParameterNode::list();
  for (const FaultSpec& fault : faults) {
    ParameterNode node = FaultSpec::parameters().print(&fault);
    if (!fault.settings.empty()) {
      for (auto& entry : fault.settings.table()->print(fault.settings.object()).entries) {
        node.set(entry.name, std::move(entry.value));
      }
    }
    list.items.push_back(std::move(node));
  }
  return list;
}

// Each kind closes the map for itself: the common fields and its own are allowed, no others.
Json ParameterForm<std::vector<FaultSpec>>::schema(SchemaWriter& writer) {
  Json fault = FaultSpec::parameters().schema(writer);
  const Json envelope = fault["properties"];
  fault.erase("additionalProperties");
  Json names = Json::array();
  Json by_kind = Json::array();
  for (const FaultDefinition* const kind : fault_kinds()) {
    names.push_back(kind->name);
    Json own = kind->parameters->schema(writer);
    own.erase("type");
    for (const auto& [field, schema] : envelope.items()) own["properties"].emplace(field, true);
    by_kind.push_back(
        {{"if", {{"properties", {{"kind", {{"const", kind->name}}}}}}}, {"then", std::move(own)}});
  }
  fault["properties"]["kind"]["enum"] = std::move(names);
  fault["allOf"] = std::move(by_kind);
  return {{"type", {"array", "null"}}, {"items", std::move(fault)}};
}

}  // namespace soundcheck
