#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/process_exit.hpp"
#include "cli/scenario_input.hpp"
#include "scenarios/assembly/run.hpp"

namespace soundcheck::cli {
namespace {

int run_validate(const Arguments& arguments, Console& console) {
  const Overrides overrides = overrides_of(arguments);
  const bool as_json = arguments.has("--json");
  Json all = Json::array();
  bool fine = true;
  for (const std::string& file : arguments.operands) {
    const auto scenario = load_scenario(file, overrides, reference_catalogue());
    fine = fine && scenario;
    if (as_json) {
      for (Json& mistake : scenario.diagnostics.json()) all.push_back(std::move(mistake));
    } else if (scenario) {
      console.print(fmt::format("{}: no mistakes\n", file));
    } else {
      say_diagnostics(scenario.diagnostics, file, console);
    }
  }
  if (as_json) console.print(all.dump(2) + "\n");
  return fine ? kExitFine : kExitWrongScenario;
}

}  // namespace

const Command& validate_command() {
  static const Command command{
      .name = "validate",
      .summary = "find every mistake in scenarios, without running them",
      .examples = {{"soundcheck validate my-scenario.yaml",
                    "all mistakes at once, each with line, column and what to write instead"},
                   {"soundcheck validate scenarios/*.yaml",
                    "exits with 65 if any of them has a mistake"}},
      .about =
          "Mistakes go to standard error in the form that compilers use, which editors and "
          "continuous integration understand: file:line:column: error[E012]: sentence. "
          "`soundcheck explain E012` says more.",
      .operands = {"FILE", "a scenario; - is standard input", 1, 10'000},
      .options = {set_option(),
                  {.name = "--json", .help = "print the mistakes of all files as one JSON array"}},
      .run = run_validate};
  return command;
}

}  // namespace soundcheck::cli
