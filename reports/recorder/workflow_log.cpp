#include "reports/recorder/workflow_log.hpp"

#include <algorithm>
#include <numeric>

namespace soundcheck {

std::uint64_t WorkflowExecutions::running() const {
  return started - std::accumulate(ended.begin(), ended.end(), std::uint64_t{0});
}

WorkflowLog::WorkflowLog(EventStream& events) {
  events.listen(*this, {EventKind::kSagaStarted, EventKind::kSagaEnded, EventKind::kTaskWorked});
}

void WorkflowLog::on_event(const Event& event) {
  switch (event.kind) {
    case EventKind::kSagaStarted:
      ++workflow_of(event.as<SagaStarted>().workflow).started;
      break;
    case EventKind::kSagaEnded: {
      const auto ended = event.as<SagaEnded>();
      WorkflowExecutions& workflow = workflow_of(ended.workflow);
      ++workflow.ended[std::min(static_cast<std::size_t>(ended.status), kSagaStatuses - 1)];
      workflow.longest = std::max(workflow.longest, ended.took);
      break;
    }
    case EventKind::kTaskWorked:
      worked(event.at, event.as<TaskWorked>());
      break;
    default:
      break;
  }
}

WorkflowExecutions& WorkflowLog::workflow_of(NameId name) {
  const auto found = std::ranges::find(workflows_, name, &WorkflowExecutions::workflow);
  if (found != workflows_.end()) return *found;
  return workflows_.emplace_back(WorkflowExecutions{.workflow = name});
}

std::size_t WorkflowLog::task_of(NameId workflow, NameId task) {
  const auto [entry, is_new] =
      task_index_.try_emplace({workflow.index(), task.index()}, tasks_.size());
  if (is_new) {
    tasks_.push_back({.workflow = workflow, .task = task});
    seconds_.emplace_back();
  }
  return entry->second;
}

// Events come in the order in which works end, so an earlier one overlaps if it ended after this
// one began.
void WorkflowLog::worked(Time at, const TaskWorked& worked) {
  const std::size_t index = task_of(worked.workflow, worked.step);
  TaskWork& task = tasks_[index];
  ++task.executions;
  if (worked.attempt > 0) {
    Second& second = seconds_[index];
    const std::int64_t number = at.count() / Duration::seconds(1).count();
    if (second.number != number) second = {number, 0};
    task.retry_peak = std::max(task.retry_peak, ++second.ended);
  }

  const auto [entry, is_first] = works_.try_emplace({worked.saga, index});
  Work& work = entry->second;
  if (!is_first && at - worked.worked < work.last_end) ++task.overlapping;
  work.last_end = at;
  if (worked.status != TaskStatus::kCompleted) return;
  if (work.done) ++task.repeated;
  work.done = true;
}

}  // namespace soundcheck
