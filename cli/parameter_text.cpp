#include "cli/parameter_text.hpp"

#include <fmt/format.h>

#include "cli/layout.hpp"

namespace soundcheck::cli {
namespace {

constexpr int kDeepest = 8;  // a declared step holds steps

bool is_by_name(const Parameter& parameter) {
  return parameter.phrase.starts_with("by name");
}

bool is_list(const Parameter& parameter) {
  return parameter.phrase.starts_with("a list");
}

std::string one_line(const ParameterNode& node) {
  switch (node.kind()) {
    case ParameterNode::Kind::kText:
      return node.text;
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

std::string form_text(const AnyParameterTable& table, const Parameter& parameter) {
  std::string form = parameter.phrase;
  if (parameter.nested != nullptr) {
    form = is_by_name(parameter) ? "by name, each with fields of its own"
           : is_list(parameter)  ? "a list, each with fields of its own"
                                 : "fields of its own";
  }
  const std::string preset = default_text(table, parameter);
  return fmt::format("({}{}{})", form, preset.empty() ? "" : "; ", preset);
}

std::string parameters_text(const AnyParameterTable& table) {
  std::vector<Row> rows;
  for (const Parameter& parameter : table.parameters()) {
    rows.push_back(
        {parameter.name, fmt::format("{}\n{}", parameter.help, form_text(table, parameter))});
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
    } else if (!is_by_name(*found.field) && !is_list(*found.field)) {
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
