#include "cli/help.hpp"

#include <fmt/format.h>

#include "cli/layout.hpp"
#include "cli/process_exit.hpp"

namespace soundcheck::cli {
namespace {

std::string synopsis(const Command& command) {
  std::string line = fmt::format("soundcheck {}", command.name);
  const Operands& operands = command.operands;
  if (!operands.name.empty()) {
    const std::string_view dots = operands.most > 1 ? "..." : "";
    line += operands.least == 0 ? fmt::format(" [{}]{}", operands.name, dots)
                                : fmt::format(" {}{}", operands.name, dots);
  }
  if (!command.options.empty()) line += " [options]";
  return line;
}

std::string examples_text(const std::vector<Example>& examples) {
  std::string text = "Examples:\n";
  for (const Example& example : examples) {
    text += fmt::format("  {}\n      {}\n", example.line, wrapped(example.does, 6));
  }
  return text;
}

void add_row(std::vector<Row>& rows, const CommandOption& option) {
  std::string name = option.letter.empty() ? std::string(option.name)
                                           : fmt::format("{}, {}", option.letter, option.name);
  if (!option.value.empty()) name += fmt::format(" {}", option.value);
  rows.push_back({std::move(name), std::string(option.help)});
}

}  // namespace

std::string help_text() {
  std::string text = "soundcheck - rehearse the failures of a microservice architecture\n\n";
  text += examples_text({
      {"soundcheck run scenarios/quickstart.yaml",
       "build, load, break and judge what it describes"},
      {"soundcheck validate my-scenario.yaml",
       "find every mistake in a scenario, without running it"},
      {"soundcheck list faults", "what can be broken"},
      {"soundcheck explain process.crash", "what a fault does, with its parameters"},
  });
  text += "\nCommands:\n";
  std::vector<Row> rows;
  for (const Command* const command : commands()) {
    rows.push_back({std::string(command->name), std::string(command->summary)});
  }
  text += two_columns(rows);
  text += "\n  soundcheck help COMMAND prints a command's examples and options.\n";
  text += "\nExit codes:\n";
  rows.clear();
  for (const ProcessExit& exit : process_exits()) {
    rows.push_back({fmt::format("{:>3}", exit.code), std::string(exit.meaning)});
  }
  return text + two_columns(rows);
}

std::string help_text(const Command& command) {
  std::string text = fmt::format("soundcheck {} - {}\n\n", command.name, command.summary);
  text += examples_text(command.examples);
  text += fmt::format("\nUsage: {}\n", synopsis(command));
  if (!command.about.empty()) text += fmt::format("\n{}\n", wrapped(command.about, 0));
  if (!command.operands.name.empty()) {
    const std::string name(command.operands.name);
    text += fmt::format("\n{}", two_columns({{name, std::string(command.operands.help)}}));
  }
  std::vector<Row> rows;
  for (const CommandOption& option : command.options) add_row(rows, option);
  for (const CommandOption& option : common_options()) add_row(rows, option);
  return text + "\nOptions:\n" + two_columns(rows);
}

}  // namespace soundcheck::cli
