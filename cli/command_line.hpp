#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace soundcheck::cli {

// Reads the words that follow the name of a command. Throws UsageError with a sentence that names
// the word at fault and the nearest right one. `--help` wins over everything else that is wrong.
Arguments parse_arguments(const Command& command, std::vector<std::string> words);

}  // namespace soundcheck::cli
