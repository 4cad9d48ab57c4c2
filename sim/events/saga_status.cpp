#include "sim/events/saga_status.hpp"

#include <array>

namespace soundcheck {

std::string_view name_of(SagaStatus status) {
  static constexpr std::array<std::string_view, 6> kNames{"RUNNING", "PAUSED",    "COMPLETED",
                                                          "FAILED",  "TIMED_OUT", "TERMINATED"};
  return kNames[static_cast<std::size_t>(status)];
}

std::string_view name_of(SagaTaskStatus status) {
  static constexpr std::array<std::string_view, 9> kNames{
      "SCHEDULED", "IN_PROGRESS", "COMPLETED", "COMPLETED_WITH_ERRORS",
      "SKIPPED",   "FAILED",      "TIMED_OUT", "FAILED_WITH_TERMINAL_ERROR",
      "CANCELED"};
  return kNames[static_cast<std::size_t>(status)];
}

}  // namespace soundcheck
