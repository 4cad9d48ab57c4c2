#include "models/orchestrator/service/database_host.hpp"

#include <fmt/format.h>

#include "models/orchestrator/service/http_client.hpp"
#include "models/orchestrator/service/saga_events.hpp"

namespace soundcheck::orchestrator {
namespace {

constexpr Duration kLockRetry = 50_ms;

WorkflowRecord record_of(const Execution& execution, std::string text) {
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
  record.record = std::move(text);
  return record;
}

// Of Conductor's stores: one row for each reference and attempt (taskKey), but that a task which
// runs inside the decision is also changed at once, which creates it. How many are asked for.
std::size_t claim_tasks(const conductor::Workflow& workflow, const Changes& changes,
                        std::vector<TaskText>& tasks) {
  std::size_t claims = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const conductor::TaskRow& row = workflow.row(changes.rows[i]);
    if (!tasks[i].is_new || conductor::is_sync_system(row.kind)) continue;
    tasks[i].key = fmt::format("{}_{}", row.reference, row.retry_count);
    ++claims;
  }
  return claims;
}

}  // namespace

Task<bool> DatabaseHost::lease(Env env, std::string workflow_id) {
  const conductor::Settings& settings = shared_.settings;
  const Time deadline = env.clock() + settings.lock_wait;
  while (!shared_.queues.lock(workflow_id, owner_, env.clock(), settings.lock_lease)) {
    if (env.clock() >= deadline) co_return false;
    co_await env.sleep(kLockRetry);
  }
  co_return true;
}

void DatabaseHost::release(const std::string& workflow_id) {
  shared_.queues.unlock(workflow_id, owner_);
}

Task<Result<std::optional<StoredWorkflow>>> DatabaseHost::read(Env env, std::string workflow_id) {
  Result<std::optional<StoredWorkflow>> stored = co_await env.read(load_workflow, workflow_id);
  co_return stored;
}

Task<Result<std::optional<conductor::ChildSummary>>> DatabaseHost::summary(
    Env env, std::string workflow_id) {
  Result<std::optional<WorkflowRecord>> found = co_await env.read(find_workflow, workflow_id);
  if (!found) co_return std::unexpected(found.error());
  std::optional<conductor::ChildSummary> summary;
  if (*found) {
    const Json record = Json::parse((*found)->record);
    summary.emplace();
    summary->id = workflow_id;
    summary->name = (*found)->name;
    summary->status = conductor::workflow_status_from((*found)->status)
                          .value_or(conductor::WorkflowStatus::kRunning);
    summary->reason = record.value("reasonForIncompletion", std::string());
    summary->output = record.value("output", Json::object());
  }
  co_return summary;
}

Task<Result<bool>> DatabaseHost::write(Env env, ExecutionRef execution, Changes changes,
                                       std::vector<QueueWrite> messages) {
  const conductor::Workflow& workflow = execution->workflow;
  ChangedTexts texts = write_down(*execution, changes);
  const std::size_t rows = texts.statements(changes);
  if (rows == 0) {
    Result<bool> pushed = co_await write(env, std::move(messages));
    co_return pushed;
  }
  RowsWrite rows_write;
  rows_write.workflow_id = workflow.id;
  rows_write.create = changes.create;
  rows_write.erase = changes.erase;
  if (texts.record) rows_write.record = record_of(*execution, std::move(*texts.record));
  const std::size_t claims = shared_.locked ? 0 : claim_tasks(workflow, changes, texts.tasks);
  rows_write.unlocked = !shared_.locked;
  rows_write.tasks = std::move(texts.tasks);
  rows_write.deleted_tasks = changes.deleted_tasks;
  if (changes.create && workflow.parent_id.empty() && execution->failure_of.empty())
    rows_write.plan = plan_of(*workflow.blueprint);
  add_saga_events(env, *execution, changes, rows_write);
  rows_write.messages = messages;
  shared_.queues.note_write(env.runtime().completions(), env.clock());
  Result<bool> stored = co_await env_for(env, *execution, nullptr)
                            .transact_with(writing(rows + claims + messages.size()), store_rows,
                                           std::move(rows_write));
  shared_.queues.note_write(env.runtime().completions(), env.clock());
  if (stored && *stored) announce(env, messages);
  co_return stored;
}

Task<Result<bool>> DatabaseHost::write(Env env, std::vector<QueueWrite> messages) {
  if (messages.empty()) co_return true;
  shared_.queues.note_write(env.runtime().completions(), env.clock());
  Result<bool> stored = co_await env.transact_with(writing(messages.size()), store_queue, messages);
  shared_.queues.note_write(env.runtime().completions(), env.clock());
  if (!stored) co_return std::unexpected(stored.error());
  announce(env, messages);
  co_return true;
}

std::optional<Time> DatabaseHost::visible(const std::string& queue,
                                          const std::string& message) const {
  return shared_.queues.visible(queue, message);
}

void DatabaseHost::child_started(const Execution& parent, const std::string& reference,
                                 const std::string& child_id) {
  if (shared_.child_started)
    shared_.child_started(child_id, parent.workflow.id, parent.workflow.name(), reference);
}

void DatabaseHost::found_nothing(const Env& env, const std::string& queue,
                                 const std::string& message, const std::string& workflow_id,
                                 Time came, std::optional<Time> next_change) {
  const Idling* const idling = env.runtime().idling();
  if (idling != nullptr && idling->undisturbed_since(came))
    shared_.looks.found_nothing(queue, message, workflow_id, came, next_change);
  else
    rouse(env, workflow_id);
}

void DatabaseHost::rouse(const Env& env, const std::string& workflow_id) {
  shared_.looks.rouse(workflow_id, env.clock(), env.runtime().completions());
}

Task<conductor::HttpAnswer> DatabaseHost::call_http(Env env, Json request) {
  return call_service(env, shared_.http, std::move(request));
}

std::vector<std::pair<std::string, std::string>> DatabaseHost::plan_of(
    const conductor::Blueprint& blueprint) const {
  const auto stated = shared_.plans.find(blueprint.definition().name);
  return stated != shared_.plans.end() ? stated->second : saga_plan(blueprint);
}

// Messages that the database has now: the view learns of them, and who waits is told.
void DatabaseHost::announce(const Env& env, const std::vector<QueueWrite>& writes) {
  const Time now = env.clock();
  shared_.queues.apply(writes, now);
  Completions& completions = env.runtime().completions();
  for (const QueueWrite& write : writes) {
    if (write.kind == QueueWrite::Kind::kRemove) continue;
    if (write.visible <= now) {
      shared_.queues.wake(write.queue, completions, now);
    } else {
      shared_.queues.advance_alarms(write.visible, completions);
    }
  }
}

}  // namespace soundcheck::orchestrator
