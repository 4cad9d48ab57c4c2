#include "scenarios/model/reference.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "faults/fault_definition.hpp"
#include "scenarios/document/yaml.hpp"
#include "scenarios/model/scenario.hpp"

namespace soundcheck {
namespace {

// "default 2", "required", or nothing for what is itself a table or left out by default.
std::string default_of(const Parameter& parameter, const void* defaults) {
  if (parameter.required) return "required";
  const ParameterNode value = parameter.print(defaults);
  const bool is_simple =
      (value.is_text() && !value.text.empty()) || (value.is_list() && !value.items.empty());
  if (!is_simple) return "";
  std::string text = to_yaml(value);
  while (text.ends_with('\n')) text.pop_back();
  return text.find('\n') == std::string::npos ? "default " + text : "";
}

void write_rows(const AnyParameterTable& table, const std::string& prefix, std::string& page) {
  const std::shared_ptr<void> defaults = table.make();
  for (const Parameter& parameter : table.parameters()) {
    page += fmt::format("| `{}{}` | {} | {} | {} |\n", prefix, parameter.name, parameter.phrase,
                        default_of(parameter, defaults.get()), parameter.help);
    if (parameter.nested != nullptr) {
      const bool by_name = parameter.phrase.starts_with("by name: ");
      const bool in_list = parameter.phrase.starts_with("a list: ");
      write_rows(*parameter.nested(),
                 prefix + parameter.name +
                     (by_name   ? ".NAME."
                      : in_list ? "[]."
                                : "."),
                 page);
    }
  }
}

constexpr std::string_view kTableHead =
    "| field | value | default | meaning |\n|---|---|---|---|\n";

}  // namespace

std::string scenario_reference() {
  std::string page = "# The scenario file\n\n";
  page +=
      "Generated from the tables that check it. `NAME` is a name of your "
      "choice, ";
  page += "`[]` an element of a list.\n\n";
  page += kTableHead;
  page +=
      "| `include` | a list of files | | merged below this file: maps field by field, the rest as "
      "a whole |\n";
  write_rows(Scenario::parameters(), "", page);
  page += "\n## Mistakes\n\n| code | what | explanation |\n|---|---|---|\n";
  for (const MistakeExplanation& mistake : mistake_explanations()) {
    std::string explanation(mistake.explanation);
    for (std::size_t at = 0; (at = explanation.find('|', at)) != std::string::npos; at += 2) {
      explanation.insert(at, "\\");
    }
    page += fmt::format("| {} | {} | {} |\n", to_text(mistake.code), mistake.title, explanation);
  }
  return page;
}

std::string fault_reference() {
  std::string page = "# Faults\n\nGenerated from the tables that check them.\n\n";
  page += "Every fault has these fields, and those of its kind:\n\n";
  page += kTableHead;
  write_rows(FaultSpec::parameters(), "", page);
  for (const FaultDefinition* const kind : fault_kinds()) {
    page += fmt::format("\n## {}\n\n{}\n\nTarget: {}.\n", kind->name, kind->help(),
                        fmt::join(target_fields_of(kind->reach), ", "));
    if (kind->parameters->parameters().empty()) continue;
    page += "\n";
    page += kTableHead;
    write_rows(*kind->parameters, "", page);
  }
  return page;
}

}  // namespace soundcheck
