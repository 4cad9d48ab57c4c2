#include "reports/verdict/invariant_selection.hpp"

#include <fmt/format.h>

namespace soundcheck {

void ParameterForm<InvariantSelection>::read(const ParameterNode& node, InvariantSelection& into,
                                             ParameterReader& reader) {
  if (node.is_list()) {
    into.kind = InvariantSelection::Kind::kSome;
    ParameterForm<std::vector<std::string>>::read(node, into.names, reader);
    return;
  }
  if (!expect_text(node, phrase(), reader)) return;
  into.names.clear();
  if (node.text == "all") {
    into.kind = InvariantSelection::Kind::kAll;
  } else if (node.text == "none") {
    into.kind = InvariantSelection::Kind::kNone;
  } else {
    reader.report(MistakeCode::kUnreadableValue, node.position,
                  fmt::format("'{}' is neither all nor none", node.text),
                  fmt::format("for a single invariant write [{}]", node.text));
  }
}

ParameterNode ParameterForm<InvariantSelection>::print(const InvariantSelection& value) {
  if (value.kind == InvariantSelection::Kind::kSome) {
    return ParameterForm<std::vector<std::string>>::print(value.names);
  }
  return ParameterNode::plain(value.kind == InvariantSelection::Kind::kAll ? "all" : "none");
}

Json ParameterForm<InvariantSelection>::schema(SchemaWriter&) {
  return {{"anyOf",
           {{{"enum", {"all", "none"}}}, {{"type", "array"}, {"items", {{"type", "string"}}}}}}};
}

}  // namespace soundcheck
