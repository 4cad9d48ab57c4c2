// From a decision's effects to transactions, in Conductor's order, and to what other workflows do.
#include <fmt/format.h>

#include <algorithm>

#include "models/orchestrator/decider/endless.hpp"
#include "models/orchestrator/execution/executor.hpp"
#include "models/orchestrator/execution/saga_text.hpp"
#include "sim/core/fingerprint.hpp"
#include "sim/events/event.hpp"

namespace soundcheck::orchestrator {
namespace {

// A workflow that is decided about this often without time passing has failed. (Conductor's
// decide() calls itself, and ends in an overflow of its stack.)
constexpr int kMostDecisionsAtOnce = 10'000;

bool is_sweep_of(const conductor::Effect& effect, const conductor::Workflow& workflow) {
  const auto* const move = std::get_if<conductor::Reschedule>(&effect);
  return move != nullptr && !move->only_if_earlier && move->queue == conductor::kDeciderQueue &&
         move->message == workflow.id;
}

// A look that has found nothing ends with this: the sweep's own message, or that of a JOIN.
bool puts_back(const conductor::Effect& effect, const Execution& execution) {
  if (is_sweep_of(effect, execution.workflow)) return true;
  const auto* const push = std::get_if<conductor::Push>(&effect);
  if (push == nullptr) return false;
  const auto row = execution.workflow.find_task(push->message);
  return row && execution.workflow.row(*row).kind == conductor::TaskType::kJoin &&
         execution.workflow.row(*row).status == conductor::TaskStatus::kInProgress &&
         execution.stored_rows.contains(number_of_task(push->message));
}

// The books of effects hear of a call that may change something (RFC 9110, 9.2.1).
void note_call(const Env& env, const conductor::Workflow& workflow, const conductor::TaskRow& row,
               const Json& request) {
  static const Json kSafe = {"GET", "HEAD", "OPTIONS", "get", "head", "options"};
  TaskEffects* const effects = env.runtime().task_effects();
  const auto method = request.find("method");
  const bool safe = method != request.end() && std::ranges::find(kSafe, *method) != kSafe.end();
  if (effects == nullptr || safe) return;
  SagaContext& saga = env.context()->saga;
  saga.execution = effects->call_begins(saga, workflow.id, row.definition_name);
}

// Rows are stored, the messages of their tasks are not: here Conductor can lose them.
void pass_failpoints_before(const Env& env, const Execution& execution,
                            const std::vector<QueueWrite>& messages) {
  for (const QueueWrite& message : messages) {
    if (message.kind != QueueWrite::Kind::kPush) continue;
    const auto row = execution.workflow.find_task(message.message);
    if (!row) continue;
    env_for(env, execution, &execution.workflow.row(*row))
        .failpoint<Failpoint::kOrchestratorAfterTaskRow>();
  }
}

}  // namespace

// The answer is false when a workflow that is to be created exists already.
Task<Result<bool>> Executor::carry_out(Env env, ExecutionRef execution,
                                       conductor::Decision decision) {
  Result<bool> done = co_await carry_out_steps(env, execution, std::move(decision));
  // What memory holds and what the store holds may differ now: forget it, the store decides.
  if (!done || execution->workflow.terminal() || !*done) cache_.erase(execution->workflow.id);
  co_return done;
}

Task<Result<bool>> Executor::carry_out_steps(Env env, ExecutionRef execution,
                                             conductor::Decision decision) {
  // When both wait, the rows come after the messages, and share their transaction.
  Changes rows;
  std::vector<QueueWrite> messages;
  bool decided = false;
  Time since = env.clock();
  int steps = 0;
  for (;;) {
    bool evaluate = false;
    for (conductor::Effect& effect : decision.effects) {
      if (std::holds_alternative<conductor::Evaluate>(effect)) {
        evaluate = true;
        continue;
      }
      // The sweep that ends a decision is pushed below.
      if (decided && is_sweep_of(effect, execution->workflow)) continue;
      if (!puts_back(effect, *execution)) {
        ++execution->acts;
        host_.rouse(env, execution->workflow.id);
      }
      const bool messages_wait = !messages.empty();
      const EffectClass effect_class = collect(*execution, effect, env.clock(), rows, messages);
      if (effect_class == EffectClass::kNone) continue;
      // What a decision stores after its messages are marks that the next decision would make
      // again: a server that dies between them loses nothing. Any other row waits for its turn.
      if (effect_class == EffectClass::kRow && (decided || !messages_wait)) continue;
      if (effect_class == EffectClass::kRow) {
        Changes none;
        Result<bool> stored = co_await flush(env, execution, &none, &messages);
        if (!stored) co_return stored;
        continue;
      }
      if (effect_class == EffectClass::kQueue) {
        if (messages_wait || rows.empty()) continue;
        std::vector<QueueWrite> none;
        Result<bool> stored = co_await flush(env, execution, &rows, &none);
        if (!stored || !*stored) co_return stored;
        continue;
      }
      Result<bool> stored = co_await flush(env, execution, &rows, &messages);
      if (!stored || !*stored) co_return stored;
      Result<bool> performed = co_await perform(env, execution, effect);
      if (!performed) co_return performed;
    }
    if (decision.exception) {
      Result<bool> stored = co_await flush(env, execution, &rows, &messages);
      if (!stored) co_return stored;
      co_return failure(ErrorCode::kInvalid, std::move(*decision.exception));
    }
    const bool last = !evaluate && !decision.again;
    if (!last && !evaluate && messages.empty()) {  // the rows wait for those of the next step
      decided = true;
      decision = decide_again(env, *execution, since, steps);
      continue;
    }
    // A sweep's message that comes before or after those of tasks, or the last rows, is no place
    // of Conductor's: it shares their transaction.
    if (last && decided && !execution->workflow.terminal())
      messages.push_back(next_sweep(*execution, env.clock()));
    Result<bool> stored = co_await flush(env, execution, &rows, &messages);
    if (!stored || !*stored) co_return stored;
    if (last) break;
    if (evaluate)
      env_for(env, *execution, nullptr).failpoint<Failpoint::kOrchestratorAfterResult>();
    if (evaluate && !host_.locks()) {  // others have written meanwhile: decide about what is there
      Result<ExecutionRef> fresh = co_await load(env, execution->workflow.id);
      if (!fresh) co_return std::unexpected(fresh.error());
      if (*fresh) execution = *fresh;
    }
    decided = true;
    decision = decide_again(env, *execution, since, steps);
  }
  co_return true;
}

conductor::Decision Executor::decide_again(const Env& env, Execution& execution, Time& since,
                                           int& steps) {
  const Time now = env.clock();
  if (now != since) steps = 0;
  since = now;
  conductor::Workflow& workflow = execution.workflow;
  if (++steps <= kMostDecisionsAtOnce || workflow.terminal()) return decider_.decide(workflow, now);
  conductor::Decision failed = decider_.fail_endless(workflow, now);
  const std::string warning =
      fmt::format("workflow '{}' was stopped: {}", workflow.name(), workflow.reason);
  env.emit(ServiceWarning{.text = env.runtime().intern(warning), .kind = WarningKind::kEndless});
  return failed;
}

// The workflow's own message after a decision.
QueueWrite Executor::next_sweep(const Execution& execution, Time now) const {
  const auto next = decider_.next_sweep(execution.workflow, now);
  return {next ? QueueWrite::Kind::kPush : QueueWrite::Kind::kRemove, conductor::kDeciderQueue,
          execution.workflow.id, now + next.value_or(Duration())};
}

// Row and queue writes that follow one another become one transaction each.
Executor::EffectClass Executor::collect(const Execution& execution, const conductor::Effect& effect,
                                        Time now, Changes& changes,
                                        std::vector<QueueWrite>& messages) {
  using Kind = QueueWrite::Kind;
  if (std::holds_alternative<conductor::CreateWorkflow>(effect)) {
    changes.record = changes.create = true;
    return EffectClass::kRow;
  }
  if (std::holds_alternative<conductor::StoreWorkflow>(effect)) {
    changes.record = true;
    return EffectClass::kRow;
  }
  if (const auto* store = std::get_if<conductor::StoreTask>(&effect)) {
    limits_.note(execution.workflow.row(store->row));
    if (std::ranges::find(changes.rows, store->row) == changes.rows.end())
      changes.rows.push_back(store->row);
    return EffectClass::kRow;
  }
  if (const auto* removal = std::get_if<conductor::DeleteTask>(&effect)) {
    changes.deleted_tasks.push_back(number_of_task(removal->task_id));
    return EffectClass::kRow;
  }
  if (const auto* push = std::get_if<conductor::Push>(&effect)) {
    messages.push_back({Kind::kPush, push->queue, push->message, now + push->delay});
    return EffectClass::kQueue;
  }
  if (const auto* remove = std::get_if<conductor::Remove>(&effect)) {
    // The message of a task that reports its result is gone since it was handed out: the host
    // knows, and the store need not be asked.
    const bool exists = host_.visible(remove->queue, remove->message) ||
                        std::ranges::any_of(messages, [&](const QueueWrite& write) {
                          return write.message == remove->message && write.queue == remove->queue;
                        });
    if (!exists) return EffectClass::kNone;
    messages.push_back({Kind::kRemove, remove->queue, remove->message, Time()});
    return EffectClass::kQueue;
  }
  if (const auto* move = std::get_if<conductor::Reschedule>(&effect)) {
    const auto visible = host_.visible(move->queue, move->message);
    if (move->only_if_earlier && visible && *visible <= now + move->delay)
      return EffectClass::kNone;
    messages.push_back({move->only_if_earlier ? Kind::kRescheduleIfEarlier : Kind::kReschedule,
                        move->queue, move->message, now + move->delay});
    return EffectClass::kQueue;
  }
  return EffectClass::kOther;
}

Task<Result<bool>> Executor::flush(Env env, ExecutionRef execution, Changes* changes,
                                   std::vector<QueueWrite>* messages) {
  pass_failpoints_before(env, *execution, *messages);
  if (changes->empty() && messages->empty()) co_return true;
  Result<bool> stored = co_await host_.write(env, execution, std::exchange(*changes, Changes()),
                                             std::exchange(*messages, std::vector<QueueWrite>()));
  co_return stored;
}

Task<Result<bool>> Executor::perform(Env env, ExecutionRef execution, conductor::Effect effect) {
  conductor::Workflow& workflow = execution->workflow;
  if (auto* child = std::get_if<conductor::StartWorkflow>(&effect)) {
    const bool own_saga =
        child->request->parent_id.empty();  // START_WORKFLOW starts a saga of its own
    const std::string saga_id =
        own_saga ? to_saga_id(hash_text(child->request->workflow_id)) : execution->saga_id;
    if (const auto row = workflow.find_task(child->request->parent_task_id); row && !own_saga)
      host_.child_started(*execution, workflow.row(*row).reference, child->request->workflow_id);
    Result<WorkflowStarted> started =
        co_await start(env, child->request, saga_id, "", child->evaluate);
    // One whose first decision fails is gone again, and nobody has waited for it.
    if (!started && started.error().code != ErrorCode::kInvalid)
      co_return std::unexpected(started.error());
    if (started && started->existed && !own_saga) env.spawn(take_over_child(env, child->request));
    env_for(env, *execution, nullptr).failpoint<Failpoint::kOrchestratorAfterChild>();
  } else if (auto* undo = std::get_if<conductor::StartFailureWorkflow>(&effect)) {
    env_for(env, *execution, nullptr).failpoint<Failpoint::kOrchestratorAfterStatus>();
    Result<bool> started = co_await start_failure_workflow(env, execution, undo->request);
    // Conductor turns a failed start into a text in the output; the watchdog tries again.
    if (!started) decider_.note_failure_workflow(workflow, "Error starting the failure workflow");
  } else if (auto* note = std::get_if<conductor::NoteFailureWorkflow>(&effect)) {
    decider_.note_failure_workflow(workflow, note->text);
    Changes noted;
    noted.record = true;
    std::vector<QueueWrite> none;
    Result<bool> stored = co_await flush(env, execution, &noted, &none);
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
    note_call(task_env, workflow, workflow.row(*row), http->request);
    env.spawn(execute_http_task(task_env, workflow.id, std::move(*http)));
  }
  co_return true;
}

Task<Result<bool>> Executor::start_failure_workflow(
    Env env, ExecutionRef execution, std::shared_ptr<const conductor::StartRequest> request) {
  if (conductor::endless_start(request->workflow_id, request->name, execution->workflow.name(),
                               env.clock()))
    co_return true;  // the watchdog's; whoever ended the workflow has noted why
  Result<WorkflowStarted> started =
      co_await start(env, request, execution->saga_id, execution->workflow.id, true);
  if (!started) co_return std::unexpected(started.error());
  co_return true;
}

}  // namespace soundcheck::orchestrator
