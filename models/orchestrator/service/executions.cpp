// Workflows in memory and in the database: locks, loading, and carrying out what the decider wants.
#include <fmt/format.h>

#include <algorithm>

#include "models/orchestrator/decider/workflow_json.hpp"
#include "models/orchestrator/service/orchestrator.hpp"
#include "models/orchestrator/service/saga_text.hpp"
#include "sim/events/saga_status.hpp"

namespace soundcheck::orchestrator {
namespace {

constexpr Duration kLockRetry = 50_ms;

struct StartWaiting {
  std::deque<SlotRef>* waiters;
  void operator()(Runtime&, const ContextRef&, SlotRef slot) const { waiters->push_back(slot); }
  void finish(Nothing) const {}
};

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

Task<bool> Orchestrator::lock(Env env, std::string workflow_id) {
  Mutex& mutex = mutexes_[workflow_id];
  if (mutex.held) {
    co_await CompletionAwaiter<Nothing, StartWaiting>(env.context(),
                                                      {&mutex.waiters});  // handed over by unlock
  }
  mutex.held = true;
  if (shared_.replicas == 1) co_return true;
  const Time deadline = env.clock() + shared_.lock_wait;
  while (!shared_.board.lock(workflow_id, owner_, env.clock(), shared_.lock_lease)) {
    if (env.clock() >= deadline) {
      unlock(env, workflow_id);
      co_return false;
    }
    co_await env.sleep(kLockRetry);
  }
  co_return true;
}

void Orchestrator::unlock(Env env, const std::string& workflow_id) {
  if (shared_.replicas > 1) shared_.board.unlock(workflow_id, owner_);
  const auto found = mutexes_.find(workflow_id);
  while (!found->second.waiters.empty()) {
    const SlotRef next = found->second.waiters.front();
    found->second.waiters.pop_front();
    if (env.runtime().completions().complete(next, Nothing{})) return;
  }
  mutexes_.erase(found);
}

Task<Result<Orchestrator::ExecutionRef>> Orchestrator::load(Env env, std::string workflow_id) {
  // Another replica may have changed it since: only a single one may trust its memory.
  if (shared_.replicas == 1) {
    const auto cached = cache_.find(workflow_id);
    if (cached != cache_.end()) co_return cached->second;
  }
  Result<std::optional<StoredWorkflow>> stored = co_await env.read(load_workflow, workflow_id);
  if (!stored) co_return std::unexpected(stored.error());
  if (!*stored) co_return ExecutionRef();
  std::vector<Json> rows;
  for (const std::string& task : (*stored)->tasks) rows.push_back(Json::parse(task));
  auto execution = std::make_shared<Execution>();
  execution->workflow =
      conductor::workflow_from_json(Json::parse((*stored)->record), rows, shared_.definitions);
  execution->saga_id = (*stored)->saga_id;
  execution->failure_of = (*stored)->failure_of;
  execution->lasting = conductor::lasting_record_text(execution->workflow);
  execution->ended_told = execution->workflow.terminal();
  for (const conductor::TaskRow& row : execution->workflow.rows()) {
    execution->told[row.id] = row.status;
    // The record was not stored again for each row.
    execution->workflow.updated = std::max(execution->workflow.updated, row.updated);
  }
  if (!execution->workflow.terminal()) cache_[workflow_id] = execution;
  co_return execution;
}

Task<Result<WorkflowStarted>> Orchestrator::start(
    Env env, std::shared_ptr<const conductor::StartRequest> request, std::string saga_id,
    std::string failure_of, bool evaluate) {
  Result<conductor::Started> started = decider_.start(*request, evaluate, env.clock());
  if (!started) co_return std::unexpected(started.error());
  auto execution = std::make_shared<Execution>();
  execution->workflow = std::move(started->workflow);
  execution->saga_id = std::move(saga_id);
  execution->failure_of = std::move(failure_of);
  const std::string id = execution->workflow.id;
  const bool locked = co_await lock(env, id);
  if (!locked)
    co_return failure(ErrorCode::kUnavailable, "the workflow is locked by another server");
  Result<WorkflowStarted> answer = WorkflowStarted{id, true};
  if (!cache_.contains(id)) {
    cache_[id] = execution;
    Result<bool> carried = co_await carry_out(env, execution, std::move(started->decision));
    if (!carried)
      answer = std::unexpected(carried.error());
    else
      answer->existed = !*carried;
  }
  unlock(env, id);
  co_return answer;
}

Env Orchestrator::env_for(Env env, const Execution& execution,
                          const conductor::TaskRow* row) const {
  SagaContext saga;
  saga.saga = from_saga_id(execution.saga_id);
  saga.workflow = env.runtime().intern(execution.workflow.name());
  saga.undo = !execution.failure_of.empty();
  if (row != nullptr) {
    saga.step = env.runtime().intern(row->reference);
    saga.attempt = static_cast<std::uint32_t>(row->retry_count);
  }
  return env.for_saga(saga);
}

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
    write.tasks.emplace_back(number_of_task(row.id), conductor::to_stored_text(row));
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
  event.saga = from_saga_id(execution.saga_id);
  const NameId name = runtime.intern(workflow.name());
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
    const auto told = execution.told.find(row.id);
    if (!worth_telling(row.kind) || (told != execution.told.end() && told->second == row.status))
      continue;
    execution.told[row.id] = row.status;
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

Task<Result<bool>> Orchestrator::flush_rows(Env env, ExecutionRef execution, Changes* changes) {
  if (changes->empty()) co_return true;
  RowsWrite write = written(*execution, *changes);
  if (!write.record && write.tasks.empty() && write.deleted_tasks.empty()) {
    *changes = {};
    co_return true;
  }
  add_events(env, *execution, *changes, write);
  *changes = {};
  ++execution->stores;
  const int statements = static_cast<int>(write.tasks.size()) + (write.record ? 1 : 0);
  TransactOptions options;
  options.statements = statements;
  Result<bool> stored = co_await env_for(env, *execution, nullptr)
                            .transact_with(options, store_rows, std::move(write));
  co_return stored;
}

Task<Result<bool>> Orchestrator::flush_queue(Env env, std::vector<QueueWrite>* writes) {
  if (writes->empty()) co_return true;
  std::vector<QueueWrite> batch = std::exchange(*writes, {});
  TransactOptions options;
  options.statements = static_cast<int>(batch.size());
  Result<bool> stored = co_await env.transact_with(options, store_queue, batch);
  if (!stored) co_return std::unexpected(stored.error());
  const Time now = env.clock();
  shared_.board.apply(batch, now);
  Completions& completions = env.runtime().completions();
  for (const QueueWrite& write : batch) {
    if (write.kind == QueueWrite::Kind::kRemove) continue;
    if (write.visible <= now) {
      shared_.board.wake(write.queue, completions, now);
    } else if (write.queue == conductor::kDeciderQueue || is_system_queue(write.queue)) {
      shared_.board.nudge(write.queue, completions);  // the loop sets its alarm anew
    } else {
      env.spawn(wake_when_visible(env, write.queue, write.visible));
    }
  }
  co_return true;
}

Task<void> Orchestrator::wake_when_visible(Env env, std::string queue, Time visible) {
  co_await env.sleep(visible - env.clock());
  shared_.board.wake(queue, env.runtime().completions(), env.clock());
}

Task<Result<bool>> Orchestrator::carry_out(Env env, ExecutionRef execution,
                                           conductor::Decision decision) {
  Result<bool> done = co_await carry_out_steps(env, execution, std::move(decision));
  // What memory holds and what the database holds may differ now: forget it, the database decides.
  if (!done || execution->workflow.terminal() || !*done) cache_.erase(execution->workflow.id);
  co_return done;
}

Task<Result<bool>> Orchestrator::carry_out_steps(Env env, ExecutionRef execution,
                                                 conductor::Decision decision) {
  Changes rows;
  std::vector<QueueWrite> queue;
  bool decided = false;
  for (;;) {
    bool evaluate = false;
    for (conductor::Effect& effect : decision.effects) {
      if (std::holds_alternative<conductor::Evaluate>(effect)) {
        evaluate = true;
        continue;
      }
      const EffectClass effect_class = collect(*execution, effect, env.clock(), rows, queue);
      if (effect_class == EffectClass::kNone) continue;
      if (effect_class == EffectClass::kRow) {
        if (queue.empty()) continue;
        before_queue(env, *execution, queue);
        Result<bool> flushed = co_await flush_queue(env, &queue);
        if (!flushed) co_return flushed;
        continue;
      }
      if (!rows.empty()) {
        Result<bool> stored = co_await flush_rows(env, execution, &rows);
        if (!stored || !*stored) co_return stored;
      }
      if (effect_class == EffectClass::kQueue) continue;
      before_queue(env, *execution, queue);
      Result<bool> flushed = co_await flush_queue(env, &queue);
      if (!flushed) co_return flushed;
      Result<bool> performed = co_await perform(env, execution, effect);
      if (!performed) co_return performed;
    }
    const bool last = !evaluate && !decision.again;
    Result<bool> stored = co_await flush_rows(env, execution, &rows);
    if (!stored || !*stored) co_return stored;
    if (last && decided && !execution->workflow.terminal())
      postpone_sweep(*execution, env.clock(), queue);
    before_queue(env, *execution, queue);
    Result<bool> flushed = co_await flush_queue(env, &queue);
    if (!flushed) co_return flushed;
    if (last) break;
    if (evaluate)
      env_for(env, *execution, nullptr).checkpoint("orchestrator.after-result-before-decide");
    decided = true;
    decision = decider_.decide(execution->workflow, env.clock());
  }
  co_return true;
}

// The workflow's own message: whether it comes before or after the messages of tasks is no crash
// point of Conductor's, so it shares their transaction.
void Orchestrator::postpone_sweep(const Execution& execution, Time now,
                                  std::vector<QueueWrite>& queue) const {
  const auto next = decider_.next_sweep(execution.workflow, now);
  const auto kind = next ? QueueWrite::Kind::kPush : QueueWrite::Kind::kRemove;
  queue.push_back(
      {kind, conductor::kDeciderQueue, execution.workflow.id, now + next.value_or(Duration())});
}

// Row and queue writes that follow one another become one transaction each; a row may not be stored
// after a message that comes later, nor the other way round.
Orchestrator::EffectClass Orchestrator::collect(const Execution& execution,
                                                const conductor::Effect& effect, Time now,
                                                Changes& rows, std::vector<QueueWrite>& queue) {
  using Kind = QueueWrite::Kind;
  if (std::holds_alternative<conductor::CreateWorkflow>(effect)) {
    rows.record = rows.create = true;
    return EffectClass::kRow;
  }
  if (std::holds_alternative<conductor::StoreWorkflow>(effect)) {
    rows.record = true;
    return EffectClass::kRow;
  }
  if (const auto* store = std::get_if<conductor::StoreTask>(&effect)) {
    shared_.limits.note(execution.workflow.row(store->row));
    if (std::ranges::find(rows.rows, store->row) == rows.rows.end())
      rows.rows.push_back(store->row);
    return EffectClass::kRow;
  }
  if (const auto* removal = std::get_if<conductor::DeleteTask>(&effect)) {
    rows.deleted_tasks.push_back(number_of_task(removal->task_id));
    return EffectClass::kRow;
  }
  if (const auto* push = std::get_if<conductor::Push>(&effect)) {
    queue.push_back({Kind::kPush, push->queue, push->message, now + push->delay});
    return EffectClass::kQueue;
  }
  if (const auto* remove = std::get_if<conductor::Remove>(&effect)) {
    // The message of a task that reports its result is gone since it was handed out: the board
    // knows, and the database need not be asked.
    const bool exists = shared_.board.has(remove->queue, remove->message) ||
                        std::ranges::any_of(queue, [&](const QueueWrite& write) {
                          return write.message == remove->message && write.queue == remove->queue;
                        });
    if (!exists) return EffectClass::kNone;
    queue.push_back({Kind::kRemove, remove->queue, remove->message, Time()});
    return EffectClass::kQueue;
  }
  if (const auto* move = std::get_if<conductor::Reschedule>(&effect)) {
    const auto visible = shared_.board.visible(move->queue, move->message);
    if (move->only_if_earlier && visible && *visible <= now + move->delay)
      return EffectClass::kNone;
    queue.push_back({move->only_if_earlier ? Kind::kRescheduleIfEarlier : Kind::kReschedule,
                     move->queue, move->message, now + move->delay});
    return EffectClass::kQueue;
  }
  return EffectClass::kOther;
}

Task<Result<bool>> Orchestrator::perform(Env env, ExecutionRef execution,
                                         conductor::Effect effect) {
  conductor::Workflow& workflow = execution->workflow;
  if (auto* child = std::get_if<conductor::StartWorkflow>(&effect)) {
    const bool own_saga =
        child->request->parent_id.empty();  // START_WORKFLOW starts a saga of its own
    const std::string saga_id =
        own_saga ? to_saga_id(hash_text(child->request->workflow_id)) : execution->saga_id;
    Result<WorkflowStarted> started =
        co_await start(env, child->request, saga_id, "", child->evaluate);
    if (!started) co_return std::unexpected(started.error());
    env.checkpoint("orchestrator.after-child-before-parent");
  } else if (auto* undo = std::get_if<conductor::StartFailureWorkflow>(&effect)) {
    env_for(env, *execution, nullptr)
        .checkpoint("orchestrator.after-status-before-failure-workflow");
    Result<WorkflowStarted> started =
        co_await start(env, undo->request, execution->saga_id, workflow.id, true);
    // Conductor turns a failed start into a text in the output; the watchdog tries again.
    if (!started) decider_.note_failure_workflow(workflow, "Error starting the failure workflow");
  } else if (auto* note = std::get_if<conductor::NoteFailureWorkflow>(&effect)) {
    decider_.note_failure_workflow(workflow, note->text);
    Changes note_taken;
    note_taken.record = true;
    Result<bool> stored = co_await flush_rows(env, execution, &note_taken);
    if (!stored) co_return stored;
  } else if (auto* copy = std::get_if<conductor::CopyToParent>(&effect)) {
    env.spawn(
        tell_parent(env, copy->parent_id, copy->parent_task_id, conductor::summary_of(workflow)));
  } else if (auto* revive = std::get_if<conductor::ReviveParent>(&effect)) {
    env.spawn(revive_parent(env, revive->parent_id, revive->parent_task_id));
  } else if (auto* end = std::get_if<conductor::TerminateChild>(&effect)) {
    env.spawn(end_child(env, end->child_id, end->reason));
  } else if (auto* http = std::get_if<conductor::CallHttp>(&effect)) {
    const auto row = workflow.find_task(http->task_id);
    const Env task_env = env_for(env, *execution, &workflow.row(*row));
    env.spawn(execute_http_task(task_env, workflow.id, std::move(*http)));
  }  // Publish: nobody listens, event handlers are not simulated
  co_return true;
}

}  // namespace soundcheck::orchestrator
