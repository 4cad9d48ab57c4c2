#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/blueprint/blueprint.hpp"
#include "scenarios/model/scenario.hpp"

namespace soundcheck {

// The users of a scenario, with what it tells the services.
Population population_of(const Scenario& scenario);

// How many users there are who can send a request, each once; nothing: it does not run out.
std::optional<std::int64_t> senders_of(const Scenario& scenario, const std::string& request);

// What the databases take in memory before the run starts, within a third.
std::uint64_t bytes_of_population(const Scenario& scenario);
// What this process can still get: of the machine, of its limits.
std::uint64_t memory_available();
// What is wrong when it does not fit; empty: it fits.
std::string too_large_a_population(const Scenario& scenario, std::uint64_t available);

}  // namespace soundcheck
