#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cli/console.hpp"
#include "scenarios/model/scenario.hpp"

namespace soundcheck::cli {

struct SeedRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  // the last one is run, too
};
// What --seeds says; nothing if it is not there. Throws a UsageError.
std::optional<SeedRange> seeds_of(const Arguments& arguments);

// Runs a scenario with one seed after the other, each in a process of its own. Prints a line for
// each, how many ended how, and `replay(seed)` for those that did not pass. The exit code is that
// of the worst.
int run_seeds(const Scenario& scenario, const SeedRange& seeds, bool as_json, Console& console,
              const std::function<std::string(std::uint64_t seed)>& replay);

}  // namespace soundcheck::cli
