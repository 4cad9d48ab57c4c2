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

// What a service has to say about its work: that something is missing, or that it cut something
// short that would have gone on for ever, so that the run does not tell what would have come of it.
enum class WarningKind : std::uint8_t { kNote, kEndless };

}  // namespace soundcheck
