// What workers do: poll a task, report on it, extend its lease.

#include <fmt/format.h>

#include "models/orchestrator/decider/decision_step.hpp"

namespace soundcheck::conductor {

HandOut Decider::hand_out(Workflow& workflow, const std::string& task_id,
                          const std::string& worker_id, Limits& limits, Time now) const {
  DecisionStep step(*this, workflow, now);
  const auto index = workflow.find_task(task_id);
  if (!index || workflow.row(*index).terminal()) {
    if (index) step.remove_message(workflow.row(*index));
    return {HandOut::Outcome::kDropped, step.take()};
  }
  if (limits.too_many_in_progress(workflow.row(*index)) ||
      limits.too_fast(workflow.row(*index), step.now())) {
    const TaskRow& row = workflow.row(*index);
    step.emit(Push{row.queue(), row.id, settings_.task_postpone});
    return {HandOut::Outcome::kPostponed, step.take()};
  }
  TaskRow& row = workflow.modify(*index);
  row.status = TaskStatus::kInProgress;
  if (!row.started) row.started = step.now();
  row.callback_after_seconds = 0;
  row.callback_jitter_ms = 0;
  row.worker_id = worker_id;
  ++row.poll_count;
  step.store(*index);
  const std::int64_t response = row.node ? row.node->definition.response_timeout_seconds : 0;
  if (response > 0)
    step.emit(Reschedule{kDeciderQueue, workflow.id, Duration::seconds(response), true});
  step.remove_message(row);  // the acknowledgement
  return {HandOut::Outcome::kHandedOut, step.take()};
}

namespace {

// HUMAN and WAIT, the latest of the reference, while it is open.
std::optional<std::size_t> waiting_task(const Workflow& workflow, const std::string& reference) {
  const auto index = workflow.latest(reference);
  if (!index) return std::nullopt;
  const TaskRow& row = workflow.row(*index);
  const bool waits = row.kind == TaskType::kHuman || row.kind == TaskType::kWait;
  return waits && !row.terminal() ? index : std::nullopt;
}

}  // namespace

Result<Decision> Decider::update_task(Workflow& workflow, const TaskResult& result,
                                      Time now) const {
  const bool by_name = !result.reference.empty();
  const auto index =
      by_name ? waiting_task(workflow, result.reference) : workflow.find_task(result.task_id);
  DecisionStep step(*this, workflow, now);
  if (!index && by_name) return step.take();
  if (!index) return failure(ErrorCode::kNotFound, "No such task found by id: " + result.task_id);
  TaskRow& row = workflow.modify(*index);
  if (result.extend_lease) {
    if (!row.terminal()) {
      row.updated = step.now();
      step.emit(StoreTask{*index});
    }
    return step.take();
  }
  if (row.terminal() || workflow.terminal()) {
    step.remove_message(row);
    return step.take();
  }
  switch (result.status) {
    case TaskStatus::kScheduled:
    case TaskStatus::kSkipped:
    case TaskStatus::kCompletedWithErrors:
    case TaskStatus::kTimedOut:
      return failure(ErrorCode::kInvalid,
                     fmt::format("A worker cannot report {}", to_text(result.status)));
    default:
      break;
  }
  // A worker task that is "in progress" goes back to the queue: any worker may get it then.
  const bool again = result.status == TaskStatus::kInProgress && !is_system(row.kind);
  row.status = again ? TaskStatus::kScheduled : result.status;
  row.reason = result.reason;
  row.worker_id = result.worker_id;
  row.callback_after_seconds = result.callback_after_seconds;
  row.callback_jitter_ms = 0;
  row.output = result.output.is_object() ? result.output : Json::object();
  if (row.terminal()) {
    row.ended = step.now();
    step.remove_message(row);
  } else {
    step.push(row);
  }
  step.store(*index);
  if (row.kind == TaskType::kHuman && row.terminal()) step.push_decider(workflow.id, Duration());
  // The end of a branch is seen by its join, which polls.
  const bool left_to_join =
      row.iteration == 0 && row.node && row.node->evaluated_by_join && row.successful();
  if (!left_to_join) step.emit(Evaluate{});
  return step.take();
}

}  // namespace soundcheck::conductor
