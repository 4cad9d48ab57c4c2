#pragma once

#include <expected>
#include <string>

namespace soundcheck::conductor {

// Runs one jq filter (libjq) over `input`, a JSON text, and returns the list of all it yields as
// JSON text. `now`, `env`, `$ENV` and further input are not there, local time is UTC. A filter that
// yields for ever never returns.
std::expected<std::string, std::string> run_jq(const std::string& filter, const std::string& input);

}  // namespace soundcheck::conductor
