// When to look at a workflow again, and what a look that found nothing new puts back.

#include <algorithm>

#include "models/orchestrator/decider/calendar.hpp"
#include "models/orchestrator/decider/decision_step.hpp"

namespace soundcheck::conductor {

// The minimum over the open tasks (Conductor's ExecutorUtils.computePostpone), from the index.
std::optional<Duration> Decider::next_sweep(const Workflow& workflow, Time now) const {
  if (workflow.waits_for_human()) return std::nullopt;
  const Time instant = whole_milliseconds(now);
  const Duration second = Duration::seconds(1);
  std::optional<std::int64_t> seconds;
  const auto candidate = [&](std::int64_t value) {
    value = std::clamp<std::int64_t>(value, 0, settings_.most_postpone / second);
    if (!seconds || value < *seconds) seconds = value;
  };
  if (const auto deadline = workflow.earliest(SweepClass::kDeadline)) {
    const Duration left =
        *deadline - instant;  // whole seconds, rounded up, as elapsed time is rounded down
    candidate((left + second - Duration::nanoseconds(1)) / second);
  }
  if (const auto wait = workflow.earliest(SweepClass::kWait)) candidate((*wait - instant) / second);
  if (workflow.count(SweepClass::kWorkflowTimeout) > 0) {
    candidate(workflow.blueprint->definition().timeout_seconds + 1);
  }
  if (workflow.count(SweepClass::kOffset) > 0) candidate(settings_.workflow_offset / second);
  return seconds ? Duration::seconds(*seconds) : settings_.workflow_offset;
}

std::optional<Time> Decider::next_change(const Workflow& workflow) {
  std::optional<Time> next = workflow.next_timeout();
  const auto candidate = [&next](std::optional<Time> at) {
    if (at && (!next || *at < *next)) next = at;
  };
  candidate(workflow.earliest(SweepClass::kDeadline));
  candidate(workflow.earliest(SweepClass::kWait));
  const WorkflowDefinition& definition = workflow.blueprint->definition();
  if (definition.timeout_seconds > 0 && definition.timeout_policy != TimeoutPolicy::kAlertOnly) {
    candidate(workflow.last_retried.value_or(workflow.created) +
              Duration::seconds(definition.timeout_seconds));
  }
  return next;
}

Decision Decider::repair(Workflow& workflow, const SweepView& view, Time now) const {
  DecisionStep step(*this, workflow, now);
  if (workflow.terminal()) return step.take();
  bool child_copied = false;
  const bool nothing_runs = workflow.open_rows() == 0;
  for (std::size_t i = 0; i < workflow.rows().size() && !nothing_runs; ++i) {
    const TaskRow& row = workflow.row(i);
    if (row.removed || row.terminal()) continue;
    const bool worker_task = !is_system(row.kind) && row.status == TaskStatus::kScheduled;
    const bool system_task = is_async_system(row.kind) &&
                             (!row.async_complete() || row.status == TaskStatus::kScheduled);
    if (worker_task || system_task) {
      if (!view.has_message(row.queue(), row.id)) step.push(row);
    } else if (row.kind == TaskType::kSubWorkflow && row.status == TaskStatus::kInProgress) {
      const std::optional<ChildSummary> child = view.child(row.sub_workflow_id);
      if (!child || !is_terminal(child->status)) continue;
      set_status_from_child(workflow.modify(i), *child);
      step.store(i);
      child_copied = true;
    }
  }
  if (child_copied) step.emit(Evaluate{});
  if (nothing_runs && workflow.status == WorkflowStatus::kRunning) {
    // The last task's end was followed up, but what it led to was lost.
    for (std::size_t i = workflow.rows().size(); i-- > 0;) {
      if (workflow.row(i).removed) continue;
      workflow.modify(i).executed = false;
      step.store(i);
      step.emit(Evaluate{});
      break;
    }
  }
  if (!workflow.parent_id.empty() && !view.has_message(kDeciderQueue, workflow.parent_id)) {
    step.push_decider(workflow.parent_id, settings_.workflow_offset);
  }
  return step.take();
}

}  // namespace soundcheck::conductor
