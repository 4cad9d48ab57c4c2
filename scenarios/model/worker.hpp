#pragma once

#include <vector>

#include "models/orchestrator/worker/scripted_work.hpp"

namespace soundcheck {

// By reference ("charge"), by workflow and reference ("order.charge"), or by the task's name: what
// is done the first time, the second time, ...; the last entry repeats.
using ScenarioWorkers = Named<std::vector<orchestrator::ScriptedWork>>;

// The service that plays them.
inline constexpr const char* kWorkersService = "workers";

}  // namespace soundcheck
