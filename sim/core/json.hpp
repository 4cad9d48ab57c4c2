#pragma once

#include <nlohmann/json.hpp>

namespace soundcheck {

// JSON value of the whole project: Conductor documents, RPC bodies, run.json. Objects keep their
// keys sorted, so that what is written does not depend on the order in which it was built.
using Json = nlohmann::json;

}  // namespace soundcheck
