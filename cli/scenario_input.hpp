#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "scenarios/model/load.hpp"

namespace soundcheck::cli {

class Console;

// Options of every command that reads a scenario.
CommandOption set_option();
CommandOption seed_option();

// The value of --seed, if it was given. Throws UsageError unless it is a whole number from 0 to
// 2^64-1.
std::optional<std::uint64_t> seed_of(const Arguments& arguments);

// The --set options, checked for form. Throws UsageError.
Overrides overrides_of(const Arguments& arguments);

// The scenario that the command line asks for: file, --set and --seed. Empty if it has mistakes.
// Mistakes and warnings were said.
std::optional<Scenario> read_scenario(const Arguments& arguments, Console& console);

// "2 mistakes, 1 warning"
std::string count_of_diagnostics(const Diagnostics& diagnostics);

// Says all diagnostics, and how many there are.
void say_diagnostics(const Diagnostics& diagnostics, const std::string& file, Console& console);

}  // namespace soundcheck::cli
