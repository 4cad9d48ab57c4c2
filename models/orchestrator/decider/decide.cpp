#include <fmt/format.h>

#include <algorithm>

#include "models/orchestrator/decider/calendar.hpp"
#include "models/orchestrator/decider/decision_step.hpp"

namespace soundcheck::conductor {

std::unexpected<Termination> terminates(std::string reason, WorkflowStatus status,
                                        std::optional<std::size_t> row) {
  return std::unexpected(Termination{status, std::move(reason), row});
}

std::unexpected<Termination> throws(std::string reason) {
  return std::unexpected(Termination{.reason = std::move(reason), .of_decision_only = true});
}

Decision Decider::decide(Workflow& workflow, Time now) const {
  return DecisionStep(*this, workflow, now).run();
}

Time DecisionStep::whole_milliseconds_of(Time time) {
  return whole_milliseconds(time);
}

Decision DecisionStep::run() {
  if (workflow_.terminal()) {
    if (workflow_.status != WorkflowStatus::kCompleted) cancel_open_rows();
    return take();
  }
  reopen_joins();
  OrTermination<void> outcome = check_workflow_timeout();
  if (outcome && workflow_.status != WorkflowStatus::kPaused) outcome = decide_tasks();
  if (!outcome && outcome.error().of_decision_only) {
    decision_.again = false;
    decision_.exception = std::move(outcome.error().reason);
    return take();
  }
  if (!outcome) end(outcome.error());
  if (!workflow_.terminal() && !decision_.again) set_sweep();
  return take();
}

OrTermination<void> DecisionStep::check_workflow_timeout() {
  const WorkflowDefinition& definition = workflow_.blueprint->definition();
  if (definition.timeout_seconds <= 0 || definition.timeout_policy == TimeoutPolicy::kAlertOnly)
    return {};
  const Duration elapsed = now_ - workflow_.last_retried.value_or(workflow_.created);
  if (elapsed < Duration::seconds(definition.timeout_seconds)) return {};
  return terminates(
      fmt::format("Workflow timed out after {} seconds. Timeout configured as {} seconds. "
                  "Timeout policy configured to TIME_OUT_WF",
                  elapsed / Duration::seconds(1), definition.timeout_seconds),
      WorkflowStatus::kTimedOut);
}

// After a retry or rerun below a join that had failed, the join must wait again. Not for a branch
// that has failed for good, which ends the workflow, but not while it is paused: the join would
// fail again at once, for ever.
void DecisionStep::reopen_joins() {
  const std::vector<std::size_t> changed = workflow_.changed_sub_workflows();
  if (!changed.empty()) {
    workflow_.modify(changed.front()).sub_workflow_changed = false;
    store(changed.front());
  }
  if (workflow_.open_rows() == 0) return;
  for (const std::size_t join : workflow_.unsuccessful_joins()) {
    const Workflow::Join& progress = workflow_.join(join);
    const auto& references = progress.references;
    const bool active =
        progress.broken == 0 &&
        std::any_of(references.begin(), references.end(), [&](const std::string& reference) {
          const auto joined = workflow_.latest(reference);
          return joined && !workflow_.row(*joined).terminal();
        });
    if (!active && changed.empty()) continue;
    TaskRow& row = workflow_.modify(join);
    row.status = TaskStatus::kInProgress;
    push(row);
    store(join);
  }
}

OrTermination<void> DecisionStep::decide_tasks() {
  if (!workflow_.has_unexecuted_rows()) {
    if (auto planned = plan_first(); !planned) return planned;
  }
  for (const std::size_t row : workflow_.candidates(now_)) {
    if (auto followed = follow_up(row); !followed) return followed;
  }
  drop_already_executed();
  if (workflow_.terminate_row() || (planned_.empty() && is_finished())) return finish();
  return carry_out_plan();
}

// Time-outs, retry and successors of one row.
OrTermination<void> DecisionStep::follow_up(std::size_t index) {
  const TaskRow& row = workflow_.row(index);
  if (!row.terminal() && is_sync_system(row.kind)) {
    plan({row.reference, index, {}}, false);
    not_executed_.insert(row.reference);
  }
  if (auto checked = check_timeouts(index); !checked) return checked;
  if (row.terminal() && !row.successful()) {
    auto again = retry(index);
    if (!again) return std::unexpected(again.error());
    if (*again) {
      not_executed_.insert(row.reference);
      updated_.push_back(index);
      plan({row.reference, std::nullopt, std::move(**again)}, true);
    } else if (!row.permissive() || row.optional()) {
      workflow_.modify(index).status = TaskStatus::kCompletedWithErrors;
      ended_rows_.push_back(index);
    }
  }
  if (row.executed || row.retried || !row.terminal()) return {};
  workflow_.modify(index).executed = true;
  executed_now_.insert(index);
  updated_.push_back(index);
  return plan_successors(index);
}

const Node* DecisionStep::past_skipped(const Node* node) const {
  while (node) {
    const auto row = workflow_.latest(node->reference());
    if (!row || workflow_.row(*row).status != TaskStatus::kSkipped) break;
    node = node->next;
  }
  return node;
}

OrTermination<void> DecisionStep::plan_first() {
  const Node* first = past_skipped(workflow_.blueprint->top_level().front());
  if (!first) return {};
  std::vector<TaskRow> rows;
  if (auto mapped = map(*first, nullptr, 0, 0, rows); !mapped) return mapped;
  for (TaskRow& row : rows) plan({row.reference, std::nullopt, std::move(row)}, true);
  return {};
}

OrTermination<void> DecisionStep::plan_successors(std::size_t index) {
  const TaskRow& row = workflow_.row(index);
  if (!row.node || row.dynamic_node) return {};
  const bool branched = row.kind == TaskType::kSwitch || row.kind == TaskType::kDecision;
  if (branched && row.input.contains("hasChildren")) return {};
  const Node* next = past_skipped(row.node->next);
  if (!next) return {};
  const std::int32_t iteration = row.kind == TaskType::kDoWhile ? 0 : row.iteration;
  if (next->type() == TaskType::kDoWhile && workflow_.latest(next->reference())) return {};
  std::vector<TaskRow> rows;
  if (auto mapped = map(*next, nullptr, 0, iteration, rows); !mapped) return mapped;
  for (TaskRow& successor : rows)
    plan({successor.reference, std::nullopt, std::move(successor)}, false);
  return {};
}

void DecisionStep::plan(Planned planned, bool replace) {
  const auto [it, is_new] = planned_by_reference_.emplace(planned.reference, planned_.size());
  if (is_new) {
    planned_.push_back(std::move(planned));
  } else if (replace) {
    planned_[it->second] = std::move(planned);
  }
}

// Whether a row of this reference had been followed up before this step.
bool DecisionStep::executed_before(const std::string& reference) const {
  for (auto row = workflow_.latest(reference); row; row = workflow_.previous_of_reference(*row)) {
    if (workflow_.row(*row).executed && !executed_now_.contains(*row)) return true;
  }
  return false;
}

void DecisionStep::drop_already_executed() {
  std::erase_if(planned_, [&](const Planned& planned) {
    return !not_executed_.contains(planned.reference) && executed_before(planned.reference);
  });
}

bool DecisionStep::has_row(const std::string& reference, std::int32_t retry_count) const {
  for (auto row = workflow_.latest(reference); row; row = workflow_.previous_of_reference(*row)) {
    if (workflow_.row(*row).retry_count == retry_count) return true;
  }
  return false;
}

// Every top-level task has ended and no row waits for a successor.
bool DecisionStep::is_finished() const {
  if (workflow_.rows().empty() || workflow_.open_rows() > 0) return false;
  for (const Node* node : workflow_.blueprint->top_level()) {
    if (!workflow_.latest(node->reference())) return false;
  }
  workflow_.add_work(workflow_.rows().size());
  return std::none_of(workflow_.rows().begin(), workflow_.rows().end(), [&](const TaskRow& row) {
    if (row.removed || !row.node || row.dynamic_node || row.iteration > 0 ||
        (row.retried && row.executed))
      return false;
    const Node* next = past_skipped(row.node->next);
    return next && !workflow_.latest(next->reference());
  });
}

std::string failed_text(const TaskRow& row, std::string_view status) {
  return fmt::format("Task {} failed with status: {} and reason: '{}'", row.id, status,
                     row.reason.empty() ? "null" : row.reason);
}

OrTermination<void> DecisionStep::finish() {
  std::string failed;
  for (std::size_t i = 0; i < workflow_.rows().size(); ++i) {
    const TaskRow& row = workflow_.row(i);
    if (row.removed || !row.permissive() || row.optional() || !row.terminal() || row.successful())
      continue;
    if (workflow_.latest(row.reference) != i) continue;
    if (!failed.empty()) failed += ". ";
    failed += failed_text(row, to_text(row.status));
  }
  if (!failed.empty()) return terminates(std::move(failed));
  const auto terminate = workflow_.terminate_row();
  if (!terminate) {
    complete();
    return {};
  }
  const TaskRow& row = workflow_.row(*terminate);
  const auto text = [&](const char* name) {
    const auto it = row.input.find(name);
    return it != row.input.end() && it->is_string() ? it->get<std::string>() : std::string();
  };
  const std::string status = text("terminationStatus");
  std::string reason = text("terminationReason");
  if (reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    reason = fmt::format("Workflow is {} by TERMINATE task: {}", status, row.id);
  }
  if (status == "FAILED") return terminates(std::move(reason), WorkflowStatus::kFailed, terminate);
  if (status == "TERMINATED")
    return terminates(std::move(reason), WorkflowStatus::kTerminated, terminate);
  workflow_.reason = std::move(reason);
  complete();
  return {};
}

void DecisionStep::set_domain(TaskRow& row) const {
  if (is_system(row.kind)) return;
  const auto routing = route(workflow_.task_to_domain, row.type, decider_.polls_, now_,
                             decider_.settings_.active_worker_last_poll);
  if (routing) row.domain = routing->domain;
}

OrTermination<void> DecisionStep::carry_out_plan() {
  std::vector<std::size_t> created, all;
  for (Planned& planned : planned_) {
    if (planned.existing) {
      all.push_back(*planned.existing);
    } else if (!has_row(planned.reference, planned.row.retry_count)) {
      set_domain(planned.row);
      created.push_back(workflow_.append(std::move(planned.row)));
      all.push_back(created.back());
    }
  }
  bool changed = schedule(created);
  for (const std::size_t row : all) {
    if (!is_sync_system(workflow_.row(row).kind) || workflow_.row(row).terminal()) continue;
    const OrTermination<bool> executed = execute(row);
    if (!executed) return std::unexpected(executed.error());
    if (!*executed) continue;
    updated_.push_back(row);
    changed = true;
  }
  std::set<std::size_t> stored;
  for (const std::size_t row : updated_) {
    if (stored.insert(row).second) store(row);
  }
  if (changed) {
    decision_.again = true;
  } else if (!updated_.empty() || !created.empty()) {
    store_workflow();
  }
  return {};
}

// Returns whether a system task that runs inside decide was started.
bool DecisionStep::schedule(const std::vector<std::size_t>& rows) {
  std::vector<std::size_t> workers, queued_system_tasks;
  std::int32_t sequence = workflow_.highest_sequence();
  for (const std::size_t index : rows) {
    TaskRow& row = workflow_.modify(index);
    if (row.sequence == 0) workflow_.number(index, ++sequence);
    row.scheduled = now_;
    if (!row.first_scheduled) row.first_scheduled = now_;
    emit(StoreTask{index});
  }
  bool started = false;
  for (const std::size_t index : rows) {
    TaskRow& row = workflow_.modify(index);
    if (!is_system(row.kind)) {
      workers.push_back(index);
      continue;
    }
    if (!row.terminal() && !row.started) row.started = now_;
    if (is_async_system(row.kind)) {
      queued_system_tasks.push_back(index);
      continue;
    }
    start_system_task(index);
    started = true;
    store(index);
  }
  for (const std::size_t index : workers) push(workflow_.row(index));
  for (const std::size_t index : queued_system_tasks) push(workflow_.row(index));
  return started;
}

}  // namespace soundcheck::conductor
