#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace soundcheck::conductor {

// What a task row can be in, with the three properties that decide everything else (Conductor's
// TaskModel.Status).
enum class TaskStatus : std::uint8_t {
  kScheduled,
  kInProgress,
  kCompleted,
  kCompletedWithErrors,
  kSkipped,
  kFailed,
  kTimedOut,
  kFailedWithTerminalError,
  kCanceled,
};

bool is_terminal(TaskStatus status);
// Also true for a task that still runs: it has not failed (yet).
bool is_successful(TaskStatus status);
bool is_retriable(TaskStatus status);
std::string_view to_text(TaskStatus status);  // as Conductor spells it: "IN_PROGRESS"
std::optional<TaskStatus> task_status_from(std::string_view text);

enum class WorkflowStatus : std::uint8_t {
  kRunning,
  kPaused,
  kCompleted,
  kFailed,
  kTimedOut,
  kTerminated
};

bool is_terminal(WorkflowStatus status);
std::string_view to_text(WorkflowStatus status);
std::optional<WorkflowStatus> workflow_status_from(std::string_view text);

}  // namespace soundcheck::conductor
