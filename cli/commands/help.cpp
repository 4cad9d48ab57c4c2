#include "cli/help.hpp"

#include <fmt/format.h>

#include "cli/console.hpp"
#include "cli/layout.hpp"
#include "cli/process_exit.hpp"
#include "cli/usage_error.hpp"
#include "sim/core/did_you_mean.hpp"

namespace soundcheck::cli {
namespace {

int run_help(const Arguments& arguments, Console& console) {
  if (arguments.operands.empty()) {
    console.print(help_text());
    return kExitFine;
  }
  const std::string& name = arguments.operands.front();
  if (const Command* command = find_command(name)) {
    console.print(help_text(*command));
    return kExitFine;
  }
  const std::string nearest = nearest_name(name, command_names());
  throw UsageError(fmt::format("there is no command '{}'", name),
                   nearest.empty()
                       ? fmt::format("there are {}; for everything else: soundcheck "
                                     "explain {}",
                                     joined_with_or(command_names()), shell_quoted(name))
                       : fmt::format("did you mean '{}'?", nearest));
}

}  // namespace

const Command& help_command() {
  static const Command command{
      .name = "help",
      .summary = "print how to use the program or one of its commands",
      .examples = {{"soundcheck help run", "examples and options of `run`"}},
      .operands = {"COMMAND", "a command; without it: all of them", 0, 1},
      .run = run_help};
  return command;
}

}  // namespace soundcheck::cli
