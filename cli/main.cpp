#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <exception>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/command_line.hpp"
#include "cli/console.hpp"
#include "cli/help.hpp"
#include "cli/layout.hpp"
#include "cli/process_exit.hpp"
#include "cli/usage_error.hpp"
#include "sim/core/did_you_mean.hpp"

namespace soundcheck::cli {
namespace {

[[noreturn]] void refuse_command(const std::string& word) {
  if (word.starts_with('-')) {
    throw UsageError(fmt::format("the name of a command comes first, not {}", word),
                     "for example: soundcheck run scenario.yaml --seed 7");
  }
  const std::string nearest = nearest_name(word, command_names());
  throw UsageError(fmt::format("there is no command '{}'", word),
                   nearest.empty() ? fmt::format("there are {}", joined_with_or(command_names()))
                                   : fmt::format("did you mean '{}'?", nearest));
}

void choose_colors(const Arguments& arguments, Console& console) {
  if (!arguments.has("--color")) return;
  const std::string choice = arguments.value_of("--color");
  if (choice == "always") {
    console.set_color(ColorChoice::kAlways);
  } else if (choice == "never") {
    console.set_color(ColorChoice::kNever);
  } else if (choice != "auto") {
    throw UsageError(fmt::format("--color is auto, always or never, not '{}'", choice));
  }
}

int run_words(const std::string& program, const std::vector<std::string>& words, Console& console) {
  const std::string& word = words.front();
  if (word == "-h" || word == "--help") {
    console.print(help_text());
    return kExitFine;
  }
  const Command* command = find_command(word == "--version" ? "version" : word);
  if (command == nullptr) refuse_command(word);
  Arguments arguments = parse_arguments(*command, {words.begin() + 1, words.end()});
  if (arguments.has("--help")) {
    console.print(help_text(*command));
    return kExitFine;
  }
  arguments.program = program;
  choose_colors(arguments, console);
  return command->run(arguments, console);
}

int run_guarded(const std::string& program, const std::vector<std::string>& words,
                Console& console) {
  try {
    return run_words(program, words, console);
  } catch (const UsageError& error) {
    console.complain(error.what(), error.hint);
    return kExitWrongCommandLine;
  } catch (const std::bad_alloc&) {
    console.complain("there is not enough memory");
    return kExitBroken;
  } catch (const std::exception& error) {
    console.complain(fmt::format("the program itself failed: {}", error.what()),
                     "please report it, together with the scenario and the seed");
    return kExitBroken;
  }
}

// The whole program: nothing escapes it.
int run_program(int argc, char** argv) {
  signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is a write that fails, not the end
  Console console;
  const std::string program = argc > 0 ? argv[0] : "soundcheck";
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (words.empty()) words.emplace_back("help");
  const int code = run_guarded(program, words, console);
  if (console.flush()) return code;
  console.complain("what was to be printed could not be written to standard output");
  return kExitCannotWrite;
}

}  // namespace
}  // namespace soundcheck::cli

int main(int argc, char** argv) {
  return soundcheck::cli::run_program(argc, argv);
}
