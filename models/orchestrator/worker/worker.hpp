#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/orchestrator/worker/api.hpp"

namespace soundcheck::orchestrator {

// How a service replica polls for tasks, as Conductor's clients do: each thread polls for all task
// types of the service, works on what it gets, reports the result, and polls again.
struct WorkerSettings {
  std::uint32_t threads = 8;
  Duration long_poll = Duration::seconds(5);          // how long the server may hold a poll
  Duration poll_margin = Duration::seconds(5);        // more before the client gives a poll up
  Duration pause_after_error = Duration::seconds(1);  // before the next poll
  Duration report_timeout = Duration::seconds(5);
  int report_attempts = 4;  // then the result is lost, and the response timeout decides
};

// One thread; runs until the process dies. `service` and `bindings` outlive it.
Task<void> work(Env env, Service* service, const std::vector<WorkerBinding>* bindings,
                std::string worker_id, WorkerSettings settings);

}  // namespace soundcheck::orchestrator
