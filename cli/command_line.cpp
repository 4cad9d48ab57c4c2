#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/layout.hpp"
#include "cli/usage_error.hpp"
#include "sim/core/did_you_mean.hpp"

// The only file that includes CLI11: it splits the command line (--seed=7, -o DIR, -qo DIR, --).
// What it says about mistakes names neither the word at fault nor the right one, so sentences are
// made here.

namespace soundcheck::cli {
namespace {

std::vector<CommandOption> options_of(const Command& command) {
  std::vector<CommandOption> all = command.options;
  for (const CommandOption& option : common_options()) all.push_back(option);
  return all;
}

// An option as CLI11 fills it in.
struct Bound {
  CommandOption option;
  CLI::Option* parsed = nullptr;
  std::vector<std::string> values;
};

std::string help_hint(const Command& command) {
  return fmt::format("see: soundcheck help {}", command.name);
}

[[noreturn]] void refuse_option(const Command& command, const std::string& word) {
  const std::string typed = word.substr(0, word.find('='));
  std::vector<std::string> known;
  for (const CommandOption& option : options_of(command)) {
    known.emplace_back(option.name);
    if (!option.letter.empty()) known.emplace_back(option.letter);
  }
  const std::string nearest = nearest_name(typed, known);
  throw UsageError(fmt::format("{} has no option {}", command.name, typed),
                   nearest.empty() ? help_hint(command) : fmt::format("did you mean {}?", nearest));
}

void check_operands(const Command& command, const std::vector<std::string>& words) {
  const Operands& takes = command.operands;
  if (words.size() < takes.least) {
    const std::string_view which = takes.name;
    throw UsageError(fmt::format("{} needs a {}", command.name, which),
                     command.examples.empty()
                         ? help_hint(command)
                         : fmt::format("for example: {}", command.examples.front().line));
  }
  if (words.size() <= takes.most) return;
  const std::string& extra = words[takes.most];
  if (takes.most == 0) {
    throw UsageError(
        fmt::format("{} takes nothing but options: '{}' is too much", command.name, extra),
        help_hint(command));
  }
  throw UsageError(
      fmt::format("{} takes one {}: '{}' is one too many", command.name, takes.name, extra),
      help_hint(command));
}

// What is wrong with the number of values of an option, where CLI11 only knows that it is wrong.
void check_values(const Command& command, const Bound& bound) {
  const CommandOption& option = bound.option;
  if (option.value.empty() || bound.parsed->count() == 0) return;
  if (bound.values.size() > 1 && !option.repeatable) {
    throw UsageError(fmt::format("{} is given twice", option.name), help_hint(command));
  }
}

// The option that ended the words without its value, if that is what was wrong.
[[noreturn]] void refuse_missing_value(const Command& command,
                                       const std::vector<std::string>& words,
                                       const CLI::ParseError& error) {
  for (const CommandOption& option : options_of(command)) {
    const bool typed = std::ranges::any_of(words, [&option](const std::string& word) {
      return word == option.name || (!option.letter.empty() && word == option.letter);
    });
    const bool named = std::string_view(error.what()).find(option.name) != std::string_view::npos;
    if (typed && named && !option.value.empty()) {
      throw UsageError(
          fmt::format("{} needs a value: {} {}", option.name, option.name, option.value),
          help_hint(command));
    }
  }
  throw UsageError(error.what(), help_hint(command));
}

}  // namespace

Arguments parse_arguments(const Command& command, std::vector<std::string> words) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<std::string> operands;
  std::vector<Bound> bounds;
  for (const CommandOption& option : options_of(command)) bounds.push_back({option, nullptr, {}});
  for (Bound& bound : bounds) {
    const CommandOption& option = bound.option;
    std::string names(option.name);
    if (!option.letter.empty()) names = fmt::format("{},{}", option.letter, option.name);
    if (option.value.empty()) {
      bound.parsed = app.add_flag(names);
    } else {
      bound.parsed = app.add_option(names, bound.values)->expected(1);
      bound.parsed->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
  }
  app.add_option("operands", operands)->expected(0, 1'000'000);

  const std::vector<std::string> typed = words;
  std::ranges::reverse(words);  // CLI11 takes them from the back
  const bool wants_help = std::ranges::any_of(
      typed, [](const std::string& word) { return word == "-h" || word == "--help"; });
  Arguments arguments;
  if (wants_help) {
    arguments.options["--help"];
    return arguments;
  }
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    refuse_missing_value(command, typed, error);
  }
  for (const std::string& word : app.remaining()) {
    if (word.size() > 1 && word.front() == '-') refuse_option(command, word);
    operands.push_back(word);
  }
  for (const Bound& bound : bounds) {
    check_values(command, bound);
    if (bound.parsed->count() > 0) arguments.options[std::string(bound.option.name)] = bound.values;
  }
  check_operands(command, operands);
  arguments.operands = std::move(operands);
  return arguments;
}

}  // namespace soundcheck::cli
