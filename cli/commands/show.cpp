#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/process_exit.hpp"
#include "cli/scenario_input.hpp"

namespace soundcheck::cli {
namespace {

int run_show(const Arguments& arguments, Console& console) {
  const std::optional<Scenario> scenario = read_scenario(arguments, console);
  if (!scenario) return kExitWrongScenario;
  if (arguments.has("--json")) {
    console.print(to_json(Scenario::parameters().print(&*scenario)).dump(2) + "\n");
  } else {
    console.print(show_scenario(*scenario));
  }
  return kExitFine;
}

}  // namespace

const Command& show_command() {
  static const Command command{
      .name = "show",
      .summary = "print a scenario with includes, --set and every default filled in",
      .examples = {{"soundcheck show scenarios/quickstart.yaml",
                    "what ten lines of scenario stand for"},
                   {"soundcheck show scenarios/quickstart.yaml --set seed=9 > mine.yaml",
                    "the result is a scenario itself"}},
      .operands = {"FILE", "a scenario; - is standard input", 1, 1},
      .options = {set_option(), seed_option(), {.name = "--json", .help = "print JSON"}},
      .run = run_show};
  return command;
}

}  // namespace soundcheck::cli
