#include "models/orchestrator/decider/status.hpp"

#include <array>

#include "sim/core/assert.hpp"

namespace soundcheck::conductor {

namespace {

struct TaskStatusRow {
  TaskStatus status;
  std::string_view text;
  bool terminal, successful, retriable;
};

constexpr std::array<TaskStatusRow, 9> kTaskStatuses{{
    {TaskStatus::kScheduled, "SCHEDULED", false, true, true},
    {TaskStatus::kInProgress, "IN_PROGRESS", false, true, true},
    {TaskStatus::kCompleted, "COMPLETED", true, true, true},
    {TaskStatus::kCompletedWithErrors, "COMPLETED_WITH_ERRORS", true, true, true},
    {TaskStatus::kSkipped, "SKIPPED", true, true, false},
    {TaskStatus::kFailed, "FAILED", true, false, true},
    {TaskStatus::kTimedOut, "TIMED_OUT", true, false, true},
    {TaskStatus::kFailedWithTerminalError, "FAILED_WITH_TERMINAL_ERROR", true, false, false},
    {TaskStatus::kCanceled, "CANCELED", true, false, false},
}};

constexpr std::array<std::string_view, 6> kWorkflowStatuses{"RUNNING", "PAUSED",    "COMPLETED",
                                                            "FAILED",  "TIMED_OUT", "TERMINATED"};

const TaskStatusRow& properties(TaskStatus status) {
  const auto& row = kTaskStatuses.at(static_cast<std::size_t>(status));
  SOUNDCHECK_ASSERT(row.status == status, "task status table out of order at {}", row.text);
  return row;
}

}  // namespace

bool is_terminal(TaskStatus status) {
  return properties(status).terminal;
}
bool is_successful(TaskStatus status) {
  return properties(status).successful;
}
bool is_retriable(TaskStatus status) {
  return properties(status).retriable;
}
std::string_view to_text(TaskStatus status) {
  return properties(status).text;
}

std::optional<TaskStatus> task_status_from(std::string_view text) {
  for (const TaskStatusRow& row : kTaskStatuses) {
    if (row.text == text) return row.status;
  }
  return std::nullopt;
}

bool is_terminal(WorkflowStatus status) {
  return status != WorkflowStatus::kRunning && status != WorkflowStatus::kPaused;
}

std::string_view to_text(WorkflowStatus status) {
  return kWorkflowStatuses.at(static_cast<std::size_t>(status));
}

std::optional<WorkflowStatus> workflow_status_from(std::string_view text) {
  for (std::size_t i = 0; i < kWorkflowStatuses.size(); ++i) {
    if (kWorkflowStatuses[i] == text) return static_cast<WorkflowStatus>(i);
  }
  return std::nullopt;
}

}  // namespace soundcheck::conductor
