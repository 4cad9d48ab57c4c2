#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/process_exit.hpp"
#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"

namespace soundcheck::cli {
namespace {

int run_schema(const Arguments&, Console& console) {
  console.print(scenario_schema(reference_catalogue()).dump(2) + "\n");
  return kExitFine;
}

}  // namespace

const Command& schema_command() {
  static const Command command{
      .name = "schema",
      .summary = "print the JSON Schema of scenario files, for editors",
      .examples = {{"soundcheck schema > soundcheck.schema.json",
                    "an editor with a YAML language server then completes and checks a scenario "
                    "that begins with the line: # yaml-language-server: "
                    "$schema=soundcheck.schema.json"}},
      .run = run_schema};
  return command;
}

}  // namespace soundcheck::cli
