#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "sim/core/time.hpp"

namespace soundcheck::conductor {

// Workflows that start one another without end are stopped here; Conductor goes on until its disk
// is full. Of those that begin at one instant, or as failure workflows of one another:
inline constexpr std::size_t kMostNested = 50;
// Of sub-workflows inside one another, where a recursion may well be meant:
inline constexpr std::size_t kMostChildren = 100;

// Why a workflow of this id and name, which `by` is about to start, would be one too many. Ids of
// workflows that were started by others say by whom.
std::optional<std::string> endless_start(const std::string& workflow_id, const std::string& name,
                                         const std::string& by, Time now);

}  // namespace soundcheck::conductor
