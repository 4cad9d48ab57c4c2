#pragma once

#include "sim/core/parameters_form.hpp"

namespace soundcheck {

// Any value: the input of a workflow, the output of a task.
template <>
struct ParameterForm<Json> {
  static std::string phrase() { return "any value"; }
  static void read(const ParameterNode& node, Json& into, ParameterReader&) {
    into = to_json(node);
  }
  static ParameterNode print(const Json& value) { return to_node(value); }
  static Json schema(SchemaWriter&) { return Json::object(); }
};

}  // namespace soundcheck
