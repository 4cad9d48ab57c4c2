// Timeouts of tasks, and the retry that follows a failure.

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "models/orchestrator/decider/decision_step.hpp"

namespace soundcheck::conductor {

namespace {

std::string_view policy_name(TimeoutPolicy policy) {
  switch (policy) {
    case TimeoutPolicy::kAlertOnly:
      return "ALERT_ONLY";
    case TimeoutPolicy::kRetry:
      return "RETRY";
    case TimeoutPolicy::kTimeOutWorkflow:
      break;
  }
  return "TIME_OUT_WF";
}

// Java's int arithmetic: wraps silently, and only a negative result is noticed.
std::int32_t wrapped(std::int32_t a, std::int32_t b) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) * static_cast<std::uint32_t>(b));
}

std::int32_t saved_from_overflow(std::int32_t delay) {
  return delay < 0 ? std::numeric_limits<std::int32_t>::max() : delay;
}

// (int) Math.pow(2, n): saturates.
std::int32_t power_of_two(std::int32_t exponent) {
  return exponent >= 31 ? std::numeric_limits<std::int32_t>::max() : std::int32_t{1} << exponent;
}

}  // namespace

OrTermination<void> DecisionStep::check_timeouts(std::size_t index) {
  const TaskRow& row = workflow_.row(index);
  if (!row.node || row.terminal()) return {};
  const TaskDefinition& definition = row.node->definition;
  const std::string_view policy = policy_name(definition.timeout_policy);
  const Duration start_delay = Duration::seconds(row.start_delay_seconds);
  const Duration second = Duration::seconds(1);
  if (definition.total_timeout_seconds > 0 && row.first_scheduled) {
    const std::int64_t elapsed = (now_ - *row.first_scheduled) / second;
    if (elapsed >= definition.total_timeout_seconds) {
      const auto timed_out =
          time_out(index, fmt::format("Task {}/{} exceeded total timeout of {} seconds (elapsed {} "
                                      "seconds across all attempts "
                                      "including retry delays). Timeout policy: {}",
                                      row.definition_name, row.id, definition.total_timeout_seconds,
                                      elapsed, policy));
      if (!timed_out) return timed_out;
    }
  }
  if (!row.terminal() && definition.timeout_seconds > 0 && row.started) {
    const Duration elapsed = now_ - (*row.started + start_delay);
    if (elapsed >= Duration::seconds(definition.timeout_seconds)) {
      const auto timed_out =
          time_out(index, fmt::format("Task timed out after {} seconds. Timeout configured as {} "
                                      "seconds. Timeout policy configured to {}",
                                      elapsed / second, definition.timeout_seconds, policy));
      if (!timed_out) return timed_out;
    }
  }
  const std::int32_t poll_timeout = definition.poll_timeout_seconds.value_or(0);
  if (row.status == TaskStatus::kScheduled && poll_timeout > 0 && row.scheduled) {
    const Duration elapsed = now_ - (*row.scheduled + start_delay);
    if (elapsed >= Duration::seconds(poll_timeout + row.callback_after_seconds)) {
      const auto timed_out = time_out(
          index, fmt::format("Task poll timed out after {} seconds. Poll timeout configured "
                             "as {} seconds. Timeout policy configured to {}",
                             elapsed / second, poll_timeout, policy));
      if (!timed_out) return timed_out;
    }
  }
  const std::int64_t response = definition.response_timeout_seconds;
  if (row.status == TaskStatus::kInProgress && response > 0 && row.updated &&
      !row.async_complete() &&
      now_ - *row.updated >= Duration::seconds(response + row.callback_after_seconds)) {
    TaskRow& late = workflow_.modify(index);  // whatever the policy says
    late.status = TaskStatus::kTimedOut;
    ended_rows_.push_back(index);
    late.reason =
        fmt::format("responseTimeout: {} exceeded for the taskId: {} with Task Definition: {}",
                    response, late.id, late.definition_name);
  }
  return {};
}

OrTermination<void> DecisionStep::time_out(std::size_t index, std::string reason) {
  const TimeoutPolicy policy = workflow_.row(index).node->definition.timeout_policy;
  if (policy == TimeoutPolicy::kAlertOnly) return {};
  TaskRow& row = workflow_.modify(index);
  row.status = TaskStatus::kTimedOut;
  ended_rows_.push_back(index);
  row.reason = reason;
  if (policy == TimeoutPolicy::kRetry) return {};
  return terminates(std::move(reason), WorkflowStatus::kTimedOut, index);
}

// The next attempt of a row that failed; nothing if it may fail; a termination if it may not.
OrTermination<std::optional<TaskRow>> DecisionStep::retry(std::size_t index) {
  const TaskRow& row = workflow_.row(index);
  const TaskInWorkflow* task = row.node ? row.node->task : nullptr;
  const std::int32_t allowed =
      task ? task->retry_count.value_or(row.node->definition.retry_count) : 0;
  if (!is_retriable(row.status) || properties(row.kind).built_in || allowed <= row.retry_count) {
    if (row.optional() || row.permissive()) return std::nullopt;
    const WorkflowStatus status = row.status == TaskStatus::kCanceled ? WorkflowStatus::kTerminated
                                  : row.status == TaskStatus::kTimedOut ? WorkflowStatus::kTimedOut
                                                                        : WorkflowStatus::kFailed;
    return terminates(failed_text(row, to_text(status)), status, index);
  }
  const TaskDefinition& definition = row.node->definition;
  if (definition.total_timeout_seconds > 0 && row.first_scheduled) {
    const std::int64_t elapsed = (now_ - *row.first_scheduled) / Duration::seconds(1);
    if (elapsed >= definition.total_timeout_seconds) {
      return terminates(
          fmt::format("Task {}/{} exceeded total timeout of {} seconds (elapsed {} seconds across "
                      "all attempts). "
                      "No further retries will be attempted.",
                      row.id, row.definition_name, definition.total_timeout_seconds, elapsed),
          row.status == TaskStatus::kTimedOut ? WorkflowStatus::kTimedOut : WorkflowStatus::kFailed,
          index);
    }
  }
  std::int32_t jitter_ms = 0;
  const std::int64_t delay =
      retry_delay(definition, row.retry_count, jitter_ms) / Duration::seconds(1);
  workflow_.modify(index).retried = true;
  TaskRow next = row;
  next.id = new_task_id();
  next.retried_task_id = row.id;
  next.retried = next.executed = false;
  next.retry_count = row.retry_count + 1;
  next.status = TaskStatus::kScheduled;
  next.start_delay_seconds = next.callback_after_seconds = delay;
  next.callback_jitter_ms = jitter_ms;
  next.poll_count = 0;
  next.sequence = 0;
  next.scheduled = next.started = next.updated = next.ended = std::nullopt;
  next.worker_id.clear();
  next.sub_workflow_id.clear();
  next.output = Json::object();
  next.input.update(resolve_input(*row.node, next.id));
  return next;
}

Duration DecisionStep::retry_delay(const TaskDefinition& definition, std::int32_t retried,
                                   std::int32_t& jitter_ms) {
  std::int32_t delay = definition.retry_delay_seconds;
  switch (definition.retry_logic) {
    case RetryLogic::kFixed:
      break;
    case RetryLogic::kLinearBackoff:
      delay = saved_from_overflow(
          wrapped(wrapped(delay, definition.backoff_scale_factor), retried + 1));
      break;
    case RetryLogic::kExponentialBackoff:
      delay = saved_from_overflow(wrapped(delay, power_of_two(retried)));
      break;
  }
  const std::int32_t cap = definition.max_retry_delay_seconds;
  if (cap > 0 && delay > cap) delay = cap;
  jitter_ms = 0;
  if (definition.backoff_jitter_ms > 0) {
    jitter_ms = static_cast<std::int32_t>(
        decider_.jitter_.below(static_cast<std::uint64_t>(definition.backoff_jitter_ms) + 1));
  }
  return Duration::seconds(delay);
}

}  // namespace soundcheck::conductor
