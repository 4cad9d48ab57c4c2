#include <fmt/format.h>

#include <algorithm>

#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/layout.hpp"
#include "cli/parameter_text.hpp"
#include "cli/process_exit.hpp"
#include "cli/reference.hpp"
#include "cli/scenario_input.hpp"
#include "cli/usage_error.hpp"
#include "models/orchestrator/diagram/flow_chart.hpp"
#include "scenarios/assembly/run.hpp"
#include "scenarios/model/definition_file.hpp"
#include "scenarios/model/scenario.hpp"
#include "sim/core/did_you_mean.hpp"

namespace soundcheck::cli {
namespace {

std::string entry_page(const ReferenceTopic& topic, const ReferenceEntry& entry) {
  std::string page = fmt::format("{} ({})\n", entry.name, topic.one);
  if (!entry.help.empty()) page += fmt::format("  {}\n", wrapped(entry.help, 2));
  const std::string more = entry.more ? entry.more() : "";
  return more.empty() ? page : fmt::format("{}\n{}", page, more);
}

std::string field_page(const FieldAtPath& found) {
  const Parameter& field = *found.field;
  std::string page =
      fmt::format("{} (field of a scenario)\n  {}\n  {}\n", found.path, wrapped(field.help, 2),
                  wrapped(form_text(*found.owner, field), 2));
  if (!field.choices.empty()) {
    std::vector<Row> rows;
    for (const NamedHelp& choice : field.choices) rows.push_back({choice.name, choice.help});
    page += "\nIts choices:\n" + two_columns(rows);
  }
  if (field.nested == nullptr) return page;
  return page + "\nIts fields:\n" + parameters_text(*field.nested());
}

// Pages of everything of that name. Names of invariants and errors are found in small letters, too.
std::vector<std::string> pages_of(const std::vector<ReferenceTopic>& topics,
                                  const std::string& name) {
  std::vector<std::string> pages;
  for (const ReferenceTopic& topic : topics) {
    if (topic.name == "fields") continue;  // found with those below them
    for (const ReferenceEntry& entry : topic.entries) {
      if (equals_ignoring_case(entry.name, name)) pages.push_back(entry_page(topic, entry));
    }
  }
  if (const FieldAtPath found = find_field(Scenario::parameters(), name); found.field != nullptr) {
    pages.push_back(field_page(found));
  }
  return pages;
}

[[noreturn]] void refuse_name(const std::vector<ReferenceTopic>& topics, const std::string& name) {
  std::vector<std::string> names = field_paths(Scenario::parameters());
  for (const ReferenceTopic& topic : topics) {
    for (const ReferenceEntry& entry : topic.entries) names.push_back(entry.name);
  }
  const std::string nearest = nearest_name(name, names);
  throw UsageError(
      fmt::format("nothing is called '{}'", name),
      nearest.empty() ? "see: soundcheck list" : fmt::format("did you mean '{}'?", nearest));
}

// Flow charts of the workflows in a file.
int draw_file(const std::string& file, Console& console) {
  const auto definitions = load_definitions(file);
  if (!definitions.diagnostics.empty()) say_diagnostics(definitions.diagnostics, file, console);
  if (!definitions) return kExitWrongScenario;
  if (definitions->workflows.empty()) {
    console.complain(fmt::format("'{}' holds no workflow", file), "there is nothing to draw");
    return kExitWrongScenario;
  }
  for (std::size_t i = 0; i < definitions->workflows.size(); ++i) {
    if (i > 0) console.print("\n");
    console.print(conductor::flow_chart(definitions->workflows[i]));
  }
  return kExitFine;
}

int run_explain(const Arguments& arguments, Console& console) {
  const std::string& name = arguments.operands.front();
  const std::vector<ReferenceTopic> topics = reference_topics(reference_catalogue());
  const std::vector<std::string> pages = pages_of(topics, name);
  if (pages.empty() && is_definition_file(name)) return draw_file(name, console);
  if (pages.empty()) refuse_name(topics, name);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    if (i > 0) console.print("\n");
    console.print(pages[i]);
  }
  return kExitFine;
}

}  // namespace

const Command& explain_command() {
  static const Command command{
      .name = "explain",
      .summary = "explain a fault, an error, an invariant, a field, ...",
      .examples = {{"soundcheck explain network.delay", "a kind of fault, with its parameters"},
                   {"soundcheck explain E012", "an error that `validate` reported"},
                   {"soundcheck explain P1", "an invariant that did not hold"},
                   {"soundcheck explain services.calls.retry", "a field of a scenario"},
                   {"soundcheck explain order.json",
                    "a workflow definition, as a Mermaid flow chart"}},
      .about =
          "Explains whatever has that name: fault kind, phase, invariant, defect, saga, "
          "service, request type, error, exit code or field of a scenario. `soundcheck list` "
          "says what there is. Workflows are drawn as Mermaid flow charts: paste them between "
          "```mermaid and ``` into Markdown.",
      .operands = {"NAME", "a name, the path of a field, or a JSON file with workflows", 1, 1},
      .run = run_explain};
  return command;
}

}  // namespace soundcheck::cli
