#include "cli/command.hpp"

#include <algorithm>
#include <array>

namespace soundcheck::cli {

std::string Arguments::value_of(std::string_view option) const {
  const auto at = options.find(option);
  return at == options.end() || at->second.empty() ? "" : at->second.back();
}

std::vector<std::string> Arguments::values_of(std::string_view option) const {
  const auto at = options.find(option);
  return at == options.end() ? std::vector<std::string>() : at->second;
}

std::span<const CommandOption> common_options() {
  static constexpr std::array kOptions{
      CommandOption{.name = "--color",
                    .value = "WHEN",
                    .help = "auto, always or never; auto is on a terminal, unless NO_COLOR is set"},
      CommandOption{.name = "--help", .letter = "-h", .help = "print this help"}};
  return kOptions;
}

std::span<const Command* const> commands() {
  static const std::array kCommands{
#define SOUNDCHECK_COMMAND(function, name) &function##_command(),
#include "cli/commands.def"
#undef SOUNDCHECK_COMMAND
  };
  return kCommands;
}

const Command* find_command(std::string_view name) {
  const auto all = commands();
  const auto at = std::ranges::find(all, name, [](const Command* each) { return each->name; });
  return at == all.end() ? nullptr : *at;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Command* const command : commands()) names.emplace_back(command->name);
  return names;
}

}  // namespace soundcheck::cli
