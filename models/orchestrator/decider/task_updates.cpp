// What workers do: poll a task, report on it, extend its lease.

#include <fmt/format.h>

#include "models/orchestrator/decider/pass.hpp"

namespace soundcheck::conductor {

HandOut Decider::hand_out(Workflow& workflow, const std::string& task_id,
                          const std::string& worker_id, Limits& limits, Time now) const {
  Pass pass(*this, workflow, now);
  const auto index = workflow.find_task(task_id);
  if (!index || workflow.row(*index).terminal()) {
    if (index) pass.remove_message(workflow.row(*index));
    return {HandOut::Outcome::kDropped, pass.take()};
  }
  if (limits.too_many_in_progress(workflow.row(*index)) ||
      limits.too_fast(workflow.row(*index), pass.now())) {
    const TaskRow& row = workflow.row(*index);
    pass.emit(Push{row.type, row.id, settings_.task_postpone});
    return {HandOut::Outcome::kPostponed, pass.take()};
  }
  TaskRow& row = workflow.modify(*index);
  row.status = TaskStatus::kInProgress;
  if (!row.started) row.started = pass.now();
  row.callback_after_seconds = 0;
  row.callback_jitter_ms = 0;
  row.worker_id = worker_id;
  ++row.poll_count;
  pass.store(*index);
  const std::int64_t response = row.node ? row.node->definition.response_timeout_seconds : 0;
  if (response > 0)
    pass.emit(Reschedule{kDeciderQueue, workflow.id, Duration::seconds(response), true});
  pass.remove_message(row);  // the acknowledgement
  return {HandOut::Outcome::kHandedOut, pass.take()};
}

Result<Decision> Decider::update_task(Workflow& workflow, const TaskResult& result,
                                      Time now) const {
  const auto index = workflow.find_task(result.task_id);
  if (!index) return failure(ErrorCode::kNotFound, "No such task found by id: " + result.task_id);
  Pass pass(*this, workflow, now);
  TaskRow& row = workflow.modify(*index);
  if (result.extend_lease) {
    if (!row.terminal()) {
      row.updated = pass.now();
      pass.emit(StoreTask{*index});
    }
    return pass.take();
  }
  if (row.terminal() || workflow.terminal()) {
    pass.remove_message(row);
    return pass.take();
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
    row.ended = pass.now();
    pass.remove_message(row);
  } else {
    pass.push(row);
  }
  pass.store(*index);
  if (row.kind == TaskType::kHuman && row.terminal()) pass.push_decider(workflow.id, Duration());
  // The end of a branch is seen by its join, which polls.
  const bool left_to_join =
      row.iteration == 0 && row.node && row.node->evaluated_by_join && row.successful();
  if (!left_to_join) pass.emit(Evaluate{});
  return pass.take();
}

}  // namespace soundcheck::conductor
