#pragma once

#include <cstddef>
#include <expected>
#include <string>

namespace soundcheck::conductor {

// Runs one script in an engine of its own (Duktape) with the parsed `input` as `$`, and returns its
// completion value as JSON text. No clock, no randomness; objects and lists of the input also
// answer Java's get(), size(), containsKey() and isEmpty(), as Conductor's do. A script that needs
// more than `most_bytes` fails; one that never ends never returns.
std::expected<std::string, std::string> run_javascript(const std::string& script,
                                                       const std::string& input,
                                                       std::size_t most_bytes);

}  // namespace soundcheck::conductor
