#include "scenarios/model/reference.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

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

// The table at a path of names: "services.calls.retry".
const AnyParameterTable* table_at(std::string_view path) {
  const AnyParameterTable* table = &Scenario::parameters();
  while (table != nullptr && !path.empty()) {
    const auto dot = path.find('.');
    const Parameter* parameter = table->find(path.substr(0, dot));
    table = parameter != nullptr && parameter->nested != nullptr ? parameter->nested() : nullptr;
    path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
  }
  return table;
}

void collect_paths(const AnyParameterTable& table, const std::string& prefix,
                   std::vector<std::string>& paths) {
  for (const Parameter& parameter : table.parameters()) {
    if (parameter.nested == nullptr) continue;
    paths.push_back(prefix + parameter.name);
    collect_paths(*parameter.nested(), prefix + parameter.name + ".", paths);
  }
}

std::string explain_fault(const std::string& name, const FaultKind& kind) {
  std::string text =
      fmt::format("{}: {}\n", name, kind.help.empty() ? kind.parameters->help() : kind.help);
  if (!kind.targets.empty()) text += fmt::format("  target: {}", fmt::join(kind.targets, ", "));
  if (!kind.required_targets.empty()) {
    text += fmt::format(" (required: {})", fmt::join(kind.required_targets, ", "));
  }
  if (!kind.targets.empty()) text += "\n";
  text += kind.length == FaultLength::kMoment
              ? "  strikes at a moment\n"
              : "  lasts for as long as 'for' says, or to the end of the load\n";
  return text + explain_parameters(*kind.parameters);
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

std::string one_line(std::string_view what, std::string_view name, std::string_view help) {
  return fmt::format("{} ({}){}{}\n", name, what, help.empty() ? "" : ": ", help);
}

}  // namespace

std::string explain_parameters(const AnyParameterTable& table) {
  const std::shared_ptr<void> defaults = table.make();
  std::size_t width = 0;
  for (const Parameter& parameter : table.parameters())
    width = std::max(width, parameter.name.size());
  std::string text;
  for (const Parameter& parameter : table.parameters()) {
    const std::string value = default_of(parameter, defaults.get());
    text += fmt::format("  {:<{}}  {} [{}{}{}]\n", parameter.name, width, parameter.help,
                        parameter.phrase, value.empty() ? "" : "; ", value);
  }
  return text;
}

std::string explain(std::string_view subject, const Catalogue& catalogue) {
  for (const MistakeExplanation& mistake : mistake_explanations()) {
    if (to_text(mistake.code) != subject) continue;
    return fmt::format("{}: {}\n\n{}\n", subject, mistake.title, mistake.explanation);
  }
  if (const FaultKind* kind = catalogue.faults.find(subject)) {
    return explain_fault(std::string(subject), *kind);
  }
  if (const CatalogueSaga* saga = catalogue.sagas.find(subject)) {
    return one_line("saga", subject, saga->help) +
           fmt::format("  steps: {}\n", fmt::join(saga->steps, ", "));
  }
  const std::pair<std::string_view, const Named<std::string>*> groups[] = {
      {"request type", &catalogue.request_types},
      {"phase", &catalogue.phases},
      {"defect", &catalogue.defects},
      {"invariant", &catalogue.invariants}};
  for (const auto& [what, names] : groups) {
    if (const std::string* help = names->find(subject)) return one_line(what, subject, *help);
  }
  for (const auto& [name, architecture] : catalogue.architectures) {
    if (name == subject) return one_line("architecture", subject, architecture.help);
    if (const CatalogueService* service = architecture.services.find(subject)) {
      return one_line("service", subject, service->help) +
             fmt::format("  endpoints: {}\n", fmt::join(service->defaults.endpoints.names(), ", "));
    }
  }
  if (const AnyParameterTable* table = subject.empty() ? nullptr : table_at(subject)) {
    return fmt::format("{}: {}\n", subject, table->help()) + explain_parameters(*table);
  }
  return "";
}

std::vector<std::string> explainable_names(const Catalogue& catalogue) {
  std::vector<std::string> names;
  const auto add = [&](const std::vector<std::string>& more) {
    names.insert(names.end(), more.begin(), more.end());
  };
  for (const MistakeExplanation& mistake : mistake_explanations())
    names.push_back(to_text(mistake.code));
  add(catalogue.faults.names());
  add(catalogue.sagas.names());
  add(catalogue.request_types.names());
  add(catalogue.phases.names());
  add(catalogue.defects.names());
  add(catalogue.invariants.names());
  for (const auto& [name, architecture] : catalogue.architectures) {
    names.push_back(name);
    add(architecture.services.names());
  }
  collect_paths(Scenario::parameters(), "", names);
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

std::string scenario_reference() {
  std::string page = "# The scenario file\n\n";
  page +=
      "Generated from the tables that check it (`soundcheck reference`). `NAME` is a name of your "
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

std::string fault_reference(const Catalogue& catalogue) {
  std::string page =
      "# Faults\n\nGenerated from the tables that check them (`soundcheck reference`).\n\n";
  page += "Every fault has these fields, and those of its kind:\n\n";
  page += kTableHead;
  write_rows(ScenarioFault::parameters(), "", page);
  for (const auto& [name, kind] : catalogue.faults) {
    page += fmt::format(
        "\n## {}\n\n{}\n\nTarget: {}.\n", name,
        kind.help.empty() ? kind.parameters->help() : kind.help,
        kind.targets.empty() ? "none" : fmt::format("{}", fmt::join(kind.targets, ", ")));
    if (kind.parameters->parameters().empty()) continue;
    page += "\n";
    page += kTableHead;
    write_rows(*kind.parameters, "", page);
  }
  return page;
}

}  // namespace soundcheck
