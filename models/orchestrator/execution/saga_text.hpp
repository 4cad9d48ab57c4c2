#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace soundcheck::orchestrator {

// A saga id is 16 lower-case hexadecimal digits in texts, and the number itself in events and
// contexts.
std::string to_saga_id(std::uint64_t saga);
std::uint64_t from_saga_id(std::string_view saga_id);  // other texts are hashed

// Task ids are made by the decider as <workflow id>:<number>.
std::string workflow_of_task(const std::string& task_id);
std::int64_t number_of_task(const std::string& task_id);

}  // namespace soundcheck::orchestrator
