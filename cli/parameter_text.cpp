#include "cli/parameter_text.hpp"

#include <fmt/format.h>

#include "cli/layout.hpp"

namespace soundcheck::cli {
namespace {

constexpr int kDeepest = 8;  // a declared step holds steps

std::string one_line(const ParameterNode& node) {
  switch (node.kind()) {
    case ParameterNode::Kind::kText:
      return node.text.empty() ? "" : node.text;
    case ParameterNode::Kind::kList: {
      std::string result;
      for (const ParameterNode& item : node.items) {
        result += (result.empty() ? "" : ", ") + one_line(item);
      }
      return result.empty() ? "" : "[" + result + "]";
    }
    default:
      return "";
  }
}

void add_paths(const AnyParameterTable& table, const std::string& prefix, int depth,
               std::vector<std::string>& paths) {
  for (const Parameter& parameter : table.parameters()) {
    const std::string path = prefix + parameter.name;
    paths.push_back(path);
    const AnyParameterTable* nested = parameter.nested == nullptr ? nullptr : parameter.nested();
    if (nested != nullptr && depth < kDeepest) add_paths(*nested, path + ".", depth + 1, paths);
  }
}

}  // namespace

std::string default_text(const AnyParameterTable& table, const Parameter& parameter) {
  if (parameter.required) return "required";
  const std::shared_ptr<void> defaults = table.make();
  const std::string text = one_line(parameter.print(defaults.get()));
  return text.empty() ? "" : "default " + text;
}

std::string parameters_text(const AnyParameterTable& table) {
  std::vector<Row> rows;
  for (const Parameter& parameter : table.parameters()) {
    const std::string preset = default_text(table, parameter);
    rows.push_back({parameter.name, fmt::format("{}\n({}{}{})", parameter.help, parameter.phrase,
                                                preset.empty() ? "" : "; ", preset)});
  }
  return two_columns(rows);
}

FieldAtPath find_field(const AnyParameterTable& root, std::string_view path) {
  FieldAtPath found;
  const AnyParameterTable* table = &root;
  while (!path.empty() && table != nullptr) {
    const std::size_t end = std::min(path.find('.'), path.size());
    const Parameter* parameter = table->find(path.substr(0, end));
    // A name that a user chose: it stands between a field and those of its table.
    if (parameter == nullptr && found.field == nullptr) return {};
    if (parameter != nullptr) {
      found.path += (found.path.empty() ? "" : ".") + parameter->name;
      found.field = parameter;
      found.owner = table;
      table = parameter->nested == nullptr ? nullptr : parameter->nested();
    } else if (!found.field->phrase.starts_with("by name") &&
               !found.field->phrase.starts_with("a list")) {
      return {};
    }
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return path.empty() ? found : FieldAtPath{};
}

std::vector<std::string> field_paths(const AnyParameterTable& root) {
  std::vector<std::string> paths;
  add_paths(root, "", 0, paths);
  return paths;
}

}  // namespace soundcheck::cli
