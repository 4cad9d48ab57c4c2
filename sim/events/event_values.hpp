#pragma once

#include <cstdint>

namespace soundcheck {

// Enumerations that events carry and that the layers above give their meaning to. Values are part
// of the digest format: append only.

// Whether a request did what it was asked. Unknown: the caller cannot tell (a timeout, a reset
// after sending).
enum class RequestOutcome : std::uint8_t { kOk, kFailed, kUnknown };

// Why a process is down: its own death, or that of its host.
enum class DownCause : std::uint8_t { kCrash, kHostDown };

// A worker's answer to Conductor. FAILED is retried as the task definition says,
// FAILED_WITH_TERMINAL_ERROR never.
enum class TaskStatus : std::uint8_t { kCompleted, kFailed, kFailedWithTerminalError, kInProgress };

}  // namespace soundcheck
