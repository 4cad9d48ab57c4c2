#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace soundcheck::cli {

class Console;

// Something to type, and what it does.
struct Example {
  std::string_view line;
  std::string_view does;
};

// An option of a command. Without `value` it is a switch.
struct CommandOption {
  std::string_view name;         // "--seed"
  std::string_view letter = {};  // "-o"
  std::string_view value = {};   // what the help calls its value: "N"
  std::string_view help;
  bool repeatable = false;
};

// What a command takes besides options.
struct Operands {
  std::string_view name;  // "FILE"; empty: it takes none
  std::string_view help;
  std::size_t least = 0;
  std::size_t most = 0;
};

// What was typed after the name of a command, checked for form only.
struct Arguments {
  std::string program;  // as it was called, for commands that can be typed again
  std::vector<std::string> operands;
  std::map<std::string, std::vector<std::string>, std::less<>> options;  // by name; switches: empty

  bool has(std::string_view option) const { return options.contains(option); }
  // The value of an option that may be given once; empty if it was not.
  std::string value_of(std::string_view option) const;
  std::vector<std::string> values_of(std::string_view option) const;
};

// A verb of the program: a file in commands/, a line in commands.def, a test. `run` answers with
// the exit code; it may throw UsageError.
struct Command {
  std::string_view name;
  std::string_view summary;  // one line
  std::vector<Example> examples;
  std::string_view about = {};  // what else a user should know
  Operands operands = {};
  std::vector<CommandOption> options = {};
  int (*run)(const Arguments& arguments, Console& console);
};

// Options that every command has, besides its own.
std::span<const CommandOption> common_options();

// In alphabetical order.
std::span<const Command* const> commands();
const Command* find_command(std::string_view name);  // nullptr if there is none
std::vector<std::string> command_names();

#define SOUNDCHECK_COMMAND(function, name) const Command& function##_command();
#include "cli/commands.def"
#undef SOUNDCHECK_COMMAND

}  // namespace soundcheck::cli
