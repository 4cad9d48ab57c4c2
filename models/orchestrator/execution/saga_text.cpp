#include "models/orchestrator/execution/saga_text.hpp"

#include <fmt/format.h>

#include <charconv>

#include "sim/core/assert.hpp"
#include "sim/core/fingerprint.hpp"

namespace soundcheck::orchestrator {

std::string to_saga_id(std::uint64_t saga) {
  return fmt::format("{:016x}", saga);
}

std::uint64_t from_saga_id(std::string_view saga_id) {
  std::uint64_t saga = 0;
  const char* const end = saga_id.data() + saga_id.size();
  const auto parsed = std::from_chars(saga_id.data(), end, saga, 16);
  if (saga_id.size() == 16 && parsed.ec == std::errc() && parsed.ptr == end) return saga;
  return hash_text(saga_id);
}

std::string workflow_of_task(const std::string& task_id) {
  return task_id.substr(0, task_id.rfind(':'));
}

std::int64_t number_of_task(const std::string& task_id) {
  std::int64_t number = 0;
  const char* const end = task_id.data() + task_id.size();
  const auto parsed = std::from_chars(task_id.data() + task_id.rfind(':') + 1, end, number);
  SOUNDCHECK_ASSERT(parsed.ec == std::errc() && parsed.ptr == end, "{} is no task's id", task_id);
  return number;
}

}  // namespace soundcheck::orchestrator
