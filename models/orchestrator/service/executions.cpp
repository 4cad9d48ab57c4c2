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

bool is_sweep_of(const conductor::Effect& effect, const conductor::Workflow& workflow) {
  const auto* const move = std::get_if<conductor::Reschedule>(&effect);
  return move != nullptr && !move->only_if_earlier && move->queue == conductor::kDeciderQueue &&
         move->message == workflow.id;
}

struct StartWaiting {
  std::vector<SlotRef>* waiters;
  void operator()(Runtime&, const ContextRef&, SlotRef slot) const { waiters->push_back(slot); }
  void finish(Nothing) const {}
};

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
    found->second.waiters.erase(found->second.waiters.begin());
    if (env.runtime().completions().complete(next, Nothing{})) return;
  }
  mutexes_.erase(found);
}

Orchestrator::ExecutionRef Orchestrator::execution_of(Env env, conductor::Workflow workflow,
                                                      std::string saga_id, std::string failure_of) {
  auto execution = std::make_shared<Execution>();
  execution->workflow = std::move(workflow);
  execution->saga_id = std::move(saga_id);
  execution->failure_of = std::move(failure_of);
  execution->saga = from_saga_id(execution->saga_id);
  execution->name = env.runtime().intern(execution->workflow.name());
  return execution;
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
  ExecutionRef execution = execution_of(
      env, conductor::workflow_from_json(Json::parse((*stored)->record), rows, shared_.definitions),
      (*stored)->saga_id, (*stored)->failure_of);
  execution->lasting = conductor::lasting_record_text(execution->workflow);
  execution->ended_told = execution->workflow.terminal();
  for (const conductor::TaskRow& row : execution->workflow.rows()) {
    execution->stored_rows[number_of_task(row.id)] = row.status;
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
  const ExecutionRef execution =
      execution_of(env, std::move(started->workflow), std::move(saga_id), std::move(failure_of));
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
  saga.saga = execution.saga;
  saga.workflow = execution.name;
  saga.undo = !execution.failure_of.empty();
  if (row != nullptr) {
    saga.step = env.runtime().intern(row->reference);
    saga.attempt = static_cast<std::uint32_t>(row->retry_count);
  }
  return env.for_saga(saga);
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
  // When both wait, the rows come after the messages, and share their transaction.
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
      // The sweep that ends a decision is pushed below.
      if (decided && is_sweep_of(effect, execution->workflow)) continue;
      const bool messages_wait = !queue.empty();
      const EffectClass effect_class = collect(*execution, effect, env.clock(), rows, queue);
      if (effect_class == EffectClass::kNone) continue;
      // What a decision stores after its messages are marks that the next decision would make
      // again: a server that dies between them loses nothing. Any other row waits for its turn.
      if (effect_class == EffectClass::kRow && (decided || !messages_wait)) continue;
      if (effect_class == EffectClass::kRow) {
        Changes none;
        Result<bool> stored = co_await flush(env, execution, &none, &queue);
        if (!stored) co_return stored;
        continue;
      }
      if (effect_class == EffectClass::kQueue) {
        if (messages_wait || rows.empty()) continue;
        Result<bool> stored = co_await flush_rows(env, execution, &rows);
        if (!stored || !*stored) co_return stored;
        continue;
      }
      Result<bool> stored = co_await flush(env, execution, &rows, &queue);
      if (!stored || !*stored) co_return stored;
      Result<bool> performed = co_await perform(env, execution, effect);
      if (!performed) co_return performed;
    }
    const bool last = !evaluate && !decision.again;
    if (!last && !evaluate && queue.empty()) {  // the rows wait for those of the next step
      decided = true;
      decision = decider_.decide(execution->workflow, env.clock());
      continue;
    }
    // A sweep's message that comes before or after those of tasks, or the last rows, is no crash
    // point of Conductor's: it shares their transaction.
    if (last && decided && !execution->workflow.terminal())
      queue.push_back(next_sweep(*execution, env.clock()));
    Result<bool> stored = co_await flush(env, execution, &rows, &queue);
    if (!stored || !*stored) co_return stored;
    if (last) break;
    if (evaluate)
      env_for(env, *execution, nullptr).failpoint<Failpoint::kOrchestratorAfterResult>();
    decided = true;
    decision = decider_.decide(execution->workflow, env.clock());
  }
  co_return true;
}

QueueWrite Orchestrator::next_sweep(const Execution& execution, Time now) const {
  const auto next = decider_.next_sweep(execution.workflow, now);
  return {next ? QueueWrite::Kind::kPush : QueueWrite::Kind::kRemove, conductor::kDeciderQueue,
          execution.workflow.id, now + next.value_or(Duration())};
}

// Row and queue writes that follow one another become one transaction each.
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
    env.failpoint<Failpoint::kOrchestratorAfterChild>();
  } else if (auto* undo = std::get_if<conductor::StartFailureWorkflow>(&effect)) {
    env_for(env, *execution, nullptr).failpoint<Failpoint::kOrchestratorAfterStatus>();
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
