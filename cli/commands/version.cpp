#include "cli/command.hpp"

#include <fmt/format.h>

#include "cli/console.hpp"
#include "cli/process_exit.hpp"
#include "sim/core/json.hpp"

namespace soundcheck::cli {
namespace {

int run_version(const Arguments& arguments, Console& console) {
  if (arguments.has("--json")) {
    const Json json = {{"program", "soundcheck"}, {"version", SOUNDCHECK_VERSION}};
    console.print(json.dump() + "\n");
  } else {
    console.print(fmt::format("soundcheck {}\n", SOUNDCHECK_VERSION));
  }
  return kExitFine;
}

}  // namespace

const Command& version_command() {
  static const Command command{.name = "version",
                               .summary = "print the version of the program",
                               .examples = {{"soundcheck version", "prints one line"}},
                               .options = {{.name = "--json", .help = "print JSON"}},
                               .run = run_version};
  return command;
}

}  // namespace soundcheck::cli
