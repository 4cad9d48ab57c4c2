#include "sim/core/parameters.hpp"

#include <algorithm>

namespace soundcheck {
namespace {

const Parameter* find_in(std::span<const BoundTable> tables, std::string_view name, void** object) {
  for (const BoundTable& bound : tables) {
    if (const Parameter* parameter = bound.table->find(name)) {
      *object = bound.object;
      return parameter;
    }
  }
  return nullptr;
}

std::vector<std::string> names_of(std::span<const BoundTable> tables) {
  std::vector<std::string> names;
  for (const BoundTable& bound : tables) {
    for (const Parameter& parameter : bound.table->parameters()) names.push_back(parameter.name);
  }
  return names;
}

}  // namespace

const Parameter* AnyParameterTable::find(std::string_view name) const {
  const auto at = std::ranges::find(parameters_, name, &Parameter::name);
  return at == parameters_.end() ? nullptr : &*at;
}

void read_together(const ParameterNode& node, std::span<const BoundTable> tables,
                   ParameterReader& reader) {
  if (!expect_map(node, tables.back().table->name(), reader)) return;
  for (const auto& entry : node.entries) {
    const ParameterReader::Inside inside(reader, entry.name);
    void* object = nullptr;
    if (const Parameter* parameter = find_in(tables, entry.name, &object)) {
      parameter->read(entry.value, object, reader);
    } else {
      reader.report_unknown(
          MistakeCode::kUnknownField, entry.name_position,
          fmt::format("unknown field '{}' of {}", entry.name, tables.back().table->name()),
          entry.name, names_of(tables), "allowed here");
    }
  }
  for (const BoundTable& bound : tables) {
    for (const Parameter& parameter : bound.table->parameters()) {
      if (!parameter.required || node.find(parameter.name) != nullptr) continue;
      reader.report(MistakeCode::kMissingField, node.position,
                    fmt::format("'{}' of {} is missing: {}", parameter.name, bound.table->name(),
                                parameter.help),
                    {}, fmt::format("expected {}: {}", parameter.name, parameter.phrase));
    }
  }
}

void AnyParameterTable::read(const ParameterNode& node, void* object,
                             ParameterReader& reader) const {
  const BoundTable self{this, object};
  read_together(node, {&self, 1}, reader);
}

ParameterNode AnyParameterTable::print(const void* object) const {
  ParameterNode node = ParameterNode::map();
  for (const Parameter& parameter : parameters_) {
    ParameterNode value = parameter.print(object);
    const bool is_empty = value.is_nothing() || (value.is_text() && value.text.empty());
    if (!is_empty) node.set(parameter.name, std::move(value));
  }
  return node;
}

Json AnyParameterTable::schema(SchemaWriter& writer) const {
  const std::shared_ptr<void> defaults = make();
  Json properties = Json::object();
  Json required = Json::array();
  for (const Parameter& parameter : parameters_) {
    Json property = parameter.schema(writer);
    property["description"] = fmt::format("{} ({})", parameter.help, parameter.phrase);
    const ParameterNode value = parameter.print(defaults.get());
    if (parameter.required) {
      required.push_back(parameter.name);
    } else if (value.is_text()) {
      property["default"] = to_json(value);
    }
    properties[parameter.name] = std::move(property);
  }
  Json schema = {{"type", required.empty() ? Json({"object", "null"}) : Json("object")},
                 {"description", help_},
                 {"properties", std::move(properties)},
                 {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = std::move(required);
  // In a flow map YAML takes `{ cpu: uniform(1ms, 5ms) }` for two entries; the reader joins them
  // again.
  schema["patternProperties"] = {{"^[^(]*\\)$", {{"type", "null"}}}};
  return schema;
}

}  // namespace soundcheck
