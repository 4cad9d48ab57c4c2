#pragma once

#include <string>

#include "cli/command.hpp"

namespace soundcheck::cli {

// What `soundcheck help` prints: examples, every command, exit codes.
std::string help_text();
// What `soundcheck help run` prints: examples first.
std::string help_text(const Command& command);

}  // namespace soundcheck::cli
