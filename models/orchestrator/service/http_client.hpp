#pragma once

#include "models/orchestrator/decider/decider.hpp"
#include "models/orchestrator/service/http_routes.hpp"
#include "sim/core/json.hpp"
#include "sim/core/task.hpp"
#include "sim/env/env.hpp"

namespace soundcheck::orchestrator {

// The call of an HTTP task into the simulated services, as Conductor's HTTP client makes it:
// `request` is the task's http_request (uri, method, body, readTimeOut in milliseconds). A 503 is
// tried once more. `routes` outlives the call.
Task<conductor::HttpAnswer> call_service(Env env, const HttpRoutes& routes, Json request);

}  // namespace soundcheck::orchestrator
