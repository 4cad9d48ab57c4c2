#pragma once

#include <cstdint>
#include <string_view>

namespace soundcheck {

// Conductor's workflow and task statuses, as saga events carry them.
enum class SagaStatus : std::uint16_t {
  kRunning,
  kPaused,
  kCompleted,
  kFailed,
  kTimedOut,
  kTerminated
};
enum class SagaTaskStatus : std::uint16_t {
  kScheduled,
  kInProgress,
  kCompleted,
  kCompletedWithErrors,
  kSkipped,
  kFailed,
  kTimedOut,
  kFailedWithTerminalError,
  kCanceled
};

std::string_view name_of(SagaStatus status);      // "TIMED_OUT"
std::string_view name_of(SagaTaskStatus status);  // "COMPLETED_WITH_ERRORS"

}  // namespace soundcheck
