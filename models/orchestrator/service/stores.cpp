// From what changed in memory to transactions, messages and events.
#include <fmt/format.h>

#include <algorithm>

#include "models/orchestrator/decider/workflow_json.hpp"
#include "models/orchestrator/service/orchestrator.hpp"
#include "models/orchestrator/service/saga_text.hpp"
#include "sim/events/saga_status.hpp"

namespace soundcheck::orchestrator {
namespace {

// The steps of a saga with their roles, as its definition states them: `metadata.role` of each
// top-level task, and `metadata.byEvent` of the workflow for steps that are done by an event.
std::vector<std::pair<std::string, std::string>> plan_of(const conductor::Blueprint& blueprint) {
  std::vector<std::pair<std::string, std::string>> plan;
  const Json& source = blueprint.definition().source;
  const auto role_of = [](const Json& task) {
    const auto metadata = task.find("metadata");
    return metadata != task.end() && metadata->is_object() ? metadata->value("role", std::string())
                                                           : std::string();
  };
  for (const Json& task : source.value("tasks", Json::array())) {
    const std::string role = role_of(task);
    if (!role.empty()) plan.emplace_back(task.value("taskReferenceName", std::string()), role);
  }
  const Json metadata = source.value("metadata", Json::object());
  for (const Json& step : metadata.value("byEvent", Json::array())) {
    plan.emplace_back(step.value("step", std::string()), step.value("role", std::string()));
  }
  return plan;
}

bool worth_telling(conductor::TaskType type) {
  return type == conductor::TaskType::kSimple || type == conductor::TaskType::kHuman ||
         type == conductor::TaskType::kHttp || type == conductor::TaskType::kWait;
}

}  // namespace

WorkflowRecord Orchestrator::record_of(const Execution& execution) {
  const conductor::Workflow& workflow = execution.workflow;
  WorkflowRecord record;
  record.workflow_id = workflow.id;
  record.name = workflow.name();
  record.saga_id = execution.saga_id;
  record.status = conductor::to_text(workflow.status);
  record.parent_id = workflow.parent_id;
  record.failure_of = execution.failure_of;
  record.has_failure_workflow = !workflow.blueprint->definition().failure_workflow.empty();
  record.started_at = workflow.created.in_milliseconds();
  if (workflow.terminal() && workflow.ended) record.ended_at = workflow.ended->in_milliseconds();
  record.record = conductor::to_stored_record(execution.lasting, workflow);
  return record;
}

RowsWrite Orchestrator::written(Execution& execution, const Changes& changes) {
  const conductor::Workflow& workflow = execution.workflow;
  RowsWrite write;
  write.workflow_id = workflow.id;
  write.create = changes.create;
  if (changes.record) {
    std::string lasting = conductor::lasting_record_text(workflow);
    if (lasting != execution.lasting || !changes.deleted_tasks.empty()) {
      execution.lasting = std::move(lasting);
      write.record = record_of(execution);
    }
  }
  for (const std::size_t index : changes.rows) {
    const conductor::TaskRow& row = workflow.row(index);
    const std::int64_t number = number_of_task(row.id);
    const bool is_new = execution.stored_rows.try_emplace(number).second;
    write.tasks.push_back({number, conductor::to_stored_text(row), is_new});
  }
  write.deleted_tasks = changes.deleted_tasks;
  if (changes.create && workflow.parent_id.empty() && execution.failure_of.empty())
    write.plan = plan_of(*workflow.blueprint);
  return write;
}

// Tells the ledger what changed, at the instant at which the database shows it.
void Orchestrator::add_events(Env env, Execution& execution, const Changes& changes,
                              RowsWrite& rows) {
  const conductor::Workflow& workflow = execution.workflow;
  Runtime& runtime = env.runtime();
  Event event;
  event.saga = execution.saga;
  const NameId name = execution.name;
  const std::int64_t compensation = execution.failure_of.empty() ? 0 : 1;
  const bool own = workflow.parent_id.empty();  // a child is a part of its parent's saga
  if (rows.create && own) {
    Event started = event;
    started.kind = EventKind::kSagaStarted;
    started.name = name;
    started.extra = compensation;
    rows.events.push_back(started);
  }
  for (const std::size_t index : changes.rows) {
    const conductor::TaskRow& row = workflow.row(index);
    if (!worth_telling(row.kind)) continue;
    auto& told = execution.stored_rows[number_of_task(row.id)];
    if (told == row.status) continue;
    told = row.status;
    Event step = event;
    step.kind = EventKind::kSagaStep;
    step.name = runtime.intern(row.reference);
    step.other = name;
    step.code = static_cast<std::uint16_t>(row.status);
    step.value = row.retry_count;
    step.extra = compensation;
    rows.events.push_back(step);
    if (row.kind == conductor::TaskType::kHuman &&
        row.status == conductor::TaskStatus::kInProgress) {
      step.kind = EventKind::kSagaNeedsHuman;
      rows.events.push_back(step);
    }
  }
  if (rows.record && workflow.terminal() && !execution.ended_told && own) {
    execution.ended_told = true;
    Event ended = event;
    ended.kind = EventKind::kSagaEnded;
    ended.name = name;
    if (const auto failed = workflow.find_task(workflow.failed_task_id)) {
      ended.other = runtime.intern(workflow.row(*failed).reference);
    }
    ended.code = static_cast<std::uint16_t>(workflow.status);
    ended.value = (env.clock() - workflow.created).count();
    ended.extra = compensation;
    rows.events.push_back(ended);
  }
}

Task<Result<bool>> Orchestrator::flush(Env env, ExecutionRef execution, Changes* changes,
                                       std::vector<QueueWrite>* messages) {
  before_queue(env, *execution, *messages);
  return flush_rows(env, execution, changes, std::exchange(*messages, {}));
}

Task<Result<bool>> Orchestrator::flush_rows(Env env, ExecutionRef execution, Changes* changes,
                                            std::vector<QueueWrite> messages) {
  RowsWrite write = written(*execution, *changes);
  const std::size_t rows = write.tasks.size() + write.deleted_tasks.size() + (write.record ? 1 : 0);
  if (rows == 0) {
    *changes = {};
    Result<bool> pushed = co_await flush_queue(env, &messages);
    co_return pushed;
  }
  add_events(env, *execution, *changes, write);
  *changes = {};
  ++execution->stores;
  write.messages = messages;
  shared_.board.stir(env.runtime().completions(), env.clock());
  Result<bool> stored =
      co_await env_for(env, *execution, nullptr)
          .transact_with(writing(rows + messages.size()), store_rows, std::move(write));
  shared_.board.stir(env.runtime().completions(), env.clock());
  if (stored && *stored) announce(env, messages);
  co_return stored;
}

Task<Result<bool>> Orchestrator::flush_queue(Env env, std::vector<QueueWrite>* writes) {
  if (writes->empty()) co_return true;
  std::vector<QueueWrite> batch = std::exchange(*writes, {});
  shared_.board.stir(env.runtime().completions(), env.clock());
  Result<bool> stored = co_await env.transact_with(writing(batch.size()), store_queue, batch);
  shared_.board.stir(env.runtime().completions(), env.clock());
  if (!stored) co_return std::unexpected(stored.error());
  announce(env, batch);
  co_return true;
}

// Messages that the database has now: the board learns of them, and who waits is told.
void Orchestrator::announce(Env env, const std::vector<QueueWrite>& writes) {
  const Time now = env.clock();
  shared_.board.apply(writes, now);
  Completions& completions = env.runtime().completions();
  for (const QueueWrite& write : writes) {
    if (write.kind == QueueWrite::Kind::kRemove) continue;
    if (write.visible <= now) {
      shared_.board.wake(write.queue, completions, now);
    } else {
      shared_.board.advance_alarms(write.visible, completions);
    }
  }
}

}  // namespace soundcheck::orchestrator
