#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/process_exit.hpp"
#include "cli/scenario_input.hpp"
#include "scenarios/assembly/run.hpp"
#include "scenarios/model/definition_file.hpp"
#include "sim/core/printable.hpp"

namespace soundcheck::cli {
namespace {

struct Finding {
  Diagnostics diagnostics;
  bool usable = false;
};

Finding check(const std::string& file, const Overrides& overrides) {
  if (is_definition_file(file)) {
    auto definitions = load_definitions(file);
    return {std::move(definitions.diagnostics), definitions.value.has_value()};
  }
  auto scenario = load_scenario(file, overrides, reference_catalogue());
  return {std::move(scenario.diagnostics), scenario.value.has_value()};
}

int run_validate(const Arguments& arguments, Console& console) {
  const Overrides overrides = overrides_of(arguments);
  const bool as_json = arguments.has("--json");
  Json all = Json::array();
  bool fine = true;
  for (const std::string& file : arguments.operands) {
    const Finding finding = check(file, overrides);
    fine = fine && finding.usable;
    if (as_json) {
      for (Json& mistake : finding.diagnostics.json()) all.push_back(std::move(mistake));
    } else if (finding.diagnostics.empty()) {
      console.print(fmt::format("{}: no mistakes\n", printable(file)));
    } else {
      say_diagnostics(finding.diagnostics, file, console);
    }
  }
  if (as_json) console.print(all.dump(2) + "\n");
  return fine ? kExitFine : kExitWrongScenario;
}

}  // namespace

const Command& validate_command() {
  static const Command command{
      .name = "validate",
      .summary = "find every mistake in scenarios and workflow definitions",
      .examples = {{"soundcheck validate my-scenario.yaml",
                    "all mistakes at once, each with line, column and what to write instead"},
                   {"soundcheck validate scenarios/*.yaml",
                    "exits with 65 if any of them has a mistake"},
                   {"soundcheck validate order.json",
                    "workflow or task definitions as Conductor takes them"}},
      .about =
          "Mistakes go to standard error in the form that compilers use, which editors and "
          "continuous integration understand: file:line:column: error[E012]: sentence. "
          "`soundcheck explain E012` says more. Warnings point at what has no effect here.",
      .operands = {"FILE", "a scenario, or JSON definitions; - is standard input", 1, 10'000},
      .options = {set_option(),
                  {.name = "--json", .help = "print the mistakes of all files as one JSON array"}},
      .run = run_validate};
  return command;
}

}  // namespace soundcheck::cli
