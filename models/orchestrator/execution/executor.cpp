// Workflows in memory and in the store: locks, loading, and the one way through an operation.
#include "models/orchestrator/execution/executor.hpp"

#include "models/orchestrator/execution/saga_text.hpp"

namespace soundcheck::orchestrator {
namespace {

struct StartWaiting {
  std::vector<SlotRef>* waiters;
  void operator()(Runtime&, const ContextRef&, SlotRef slot) const { waiters->push_back(slot); }
  void finish(Nothing) const {}
};

constexpr const char* kJoinQueue = "JOIN";

std::vector<QueueWrite> only(QueueWrite write) {
  std::vector<QueueWrite> writes;
  writes.push_back(std::move(write));
  return writes;
}

conductor::Decision decision_of(conductor::Effect effect) {
  conductor::Decision decision;
  decision.effects.push_back(std::move(effect));
  return decision;
}

}  // namespace

Task<bool> Executor::lock(Env env, std::string workflow_id) {
  if (!host_.locks()) co_return true;
  Mutex& mutex = mutexes_[workflow_id];
  if (mutex.held) {
    co_await CompletionAwaiter<Nothing, StartWaiting>(env.context(),
                                                      {&mutex.waiters});  // handed over by unlock
  }
  mutex.held = true;
  if (host_.alone()) co_return true;
  const bool leased = co_await host_.lease(env, workflow_id);
  if (!leased) unlock(env, workflow_id);
  co_return leased;
}

void Executor::unlock(Env env, const std::string& workflow_id) {
  if (!host_.locks()) return;
  if (!host_.alone()) host_.release(workflow_id);
  const auto found = mutexes_.find(workflow_id);
  while (!found->second.waiters.empty()) {
    const SlotRef next = found->second.waiters.front();
    found->second.waiters.erase(found->second.waiters.begin());
    if (env.runtime().completions().complete(next, Nothing{})) return;
  }
  mutexes_.erase(found);
}

Task<Result<ExecutionRef>> Executor::load(Env env, std::string workflow_id) {
  // Another server may have changed it since: only a single one may trust its memory.
  if (host_.alone()) {
    const auto cached = cache_.find(workflow_id);
    if (cached != cache_.end()) co_return cached->second;
  }
  Result<std::optional<StoredWorkflow>> stored = co_await host_.read(env, workflow_id);
  if (!stored) co_return std::unexpected(stored.error());
  if (!*stored) co_return ExecutionRef();
  ExecutionRef execution = read_back(env, **stored, decider_.definitions());
  if (!execution->workflow.terminal() && host_.locks()) cache_[workflow_id] = execution;
  co_return execution;
}

Task<Result<ExecutionRef>> Executor::look(Env env, std::string workflow_id) {
  const bool locked = co_await lock(env, workflow_id);
  if (!locked)
    co_return failure(ErrorCode::kUnavailable, "the workflow is locked by another server");
  Result<ExecutionRef> loaded = co_await load(env, workflow_id);
  unlock(env, workflow_id);
  co_return loaded;
}

Task<Result<Executor::Outcome>> Executor::operate(Env env, std::string workflow_id,
                                                  Operation operation, Preparation prepare,
                                                  Occasion occasion) {
  const bool locked = co_await lock(env, workflow_id);
  if (!locked) co_return Outcome::kLockedElsewhere;
  if (occasion == Occasion::kRequest) host_.rouse(env, workflow_id);
  Result<Outcome> outcome = Outcome::kMissing;
  Result<ExecutionRef> loaded = co_await load(env, workflow_id);
  if (!loaded) {
    outcome = std::unexpected(loaded.error());
  } else if (*loaded) {
    const ExecutionRef execution = *loaded;
    if (prepare) co_await prepare(execution);
    Result<conductor::Decision> decision = operation(execution);
    if (!decision) {
      outcome = std::unexpected(decision.error());
    } else {
      Result<bool> carried = co_await carry_out(env, execution, std::move(*decision));
      if (carried)
        outcome = Outcome::kCarriedOut;
      else
        outcome = std::unexpected(carried.error());
    }
  }
  unlock(env, workflow_id);
  co_return outcome;
}

Task<Result<WorkflowStarted>> Executor::start(
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
    if (carried) {
      answer->existed = !*carried;
    } else {
      answer = std::unexpected(carried.error());
      // As in Conductor, what cannot even be begun is not kept.
      if (carried.error().code == ErrorCode::kInvalid) {
        Changes none_of_it;
        none_of_it.erase = true;
        Result<bool> erased = co_await host_.write(
            env, execution, std::move(none_of_it),
            only({QueueWrite::Kind::kRemove, conductor::kDeciderQueue, id, Time()}));
        (void)erased;
      }
    }
  }
  if (answer && answer->existed) {
    // Whoever started it before may have died before it was put into the queue.
    Result<bool> pushed = co_await host_.write(
        env, only({QueueWrite::Kind::kPush, conductor::kDeciderQueue, id, env.clock()}));
    (void)pushed;
  }
  unlock(env, id);
  co_return answer;
}

// --- messages -----------------------------------------------------------------------------------

Task<void> Executor::sweep(Env env, std::string workflow_id) {
  const std::optional<Time> came = host_.visible(conductor::kDeciderQueue, workflow_id);
  ExecutionRef swept;  // if it has not ended
  std::uint64_t stores = 0, acts = 0;
  Result<Outcome> outcome = co_await operate(
      env, workflow_id,
      [&](const ExecutionRef& execution) -> Result<conductor::Decision> {
        if (execution->workflow.terminal())
          return decision_of(conductor::Remove{conductor::kDeciderQueue, workflow_id});
        swept = execution;
        stores = execution->stores;
        acts = execution->acts;
        return decision_of(conductor::Evaluate{});
      },
      {}, Occasion::kRoutine);
  if (!outcome) co_return;  // the message comes back by redelivery
  if (*outcome == Outcome::kCarriedOut) {
    if (swept && swept->stores == stores && !swept->workflow.terminal()) {
      co_await repair(env, swept);
      if (swept->acts == acts && host_.alone())
        found_nothing(env, *swept, conductor::kDeciderQueue, workflow_id, came);
    }
  } else {
    const auto kind =
        *outcome == Outcome::kMissing ? QueueWrite::Kind::kRemove : QueueWrite::Kind::kPush;
    Result<bool> written =
        co_await host_.write(env, only({kind, conductor::kDeciderQueue, workflow_id,
                                        env.clock() + decider_.settings().lock_wait}));
    (void)written;
  }
}

// A sweep that changed nothing puts back lost messages and looks after children.
Task<void> Executor::repair(Env env, ExecutionRef execution) {
  std::vector<std::string> open_children;
  for (const conductor::TaskRow& row : execution->workflow.rows()) {
    if (!row.terminal() && !row.sub_workflow_id.empty())
      open_children.push_back(row.sub_workflow_id);
  }
  std::map<std::string, conductor::ChildSummary> children;
  for (const std::string& id : open_children) {
    Result<std::optional<conductor::ChildSummary>> child = co_await host_.summary(env, id);
    if (!child) co_return;
    if (*child) children[id] = std::move(**child);
  }
  conductor::SweepView view;
  view.has_message = [this](const std::string& queue, const std::string& message) {
    return host_.visible(queue, message).has_value();
  };
  view.child = [&children](const std::string& id) -> std::optional<conductor::ChildSummary> {
    const auto found = children.find(id);
    if (found == children.end()) return std::nullopt;
    return found->second;
  };
  Result<Outcome> repaired = co_await operate(
      env, execution->workflow.id,
      [&](const ExecutionRef& now) -> Result<conductor::Decision> {
        return decider_.repair(now->workflow, view, env.clock());
      },
      {}, Occasion::kRoutine);
  (void)repaired;
}

void Executor::found_nothing(const Env& env, const Execution& execution, const std::string& queue,
                             const std::string& message, std::optional<Time> came) {
  if (!came || execution.workflow.terminal()) return;
  host_.found_nothing(env, queue, message, execution.workflow.id, *came,
                      conductor::Decider::next_change(execution.workflow));
}

Task<void> Executor::execute_system_task(Env env, std::string queue, std::string task_id) {
  const std::optional<Time> came = host_.visible(queue, task_id);
  ExecutionRef looked_at;
  std::uint64_t acts = 0;
  Result<Outcome> outcome = co_await operate(
      env, workflow_of_task(task_id),
      [&](const ExecutionRef& execution) -> Result<conductor::Decision> {
        if (!execution->workflow.find_task(task_id))
          return decision_of(conductor::Remove{queue, task_id});
        looked_at = execution;
        acts = execution->acts;
        return decider_.execute_system_task(execution->workflow, task_id, limits_, env.clock());
      },
      {}, queue == kJoinQueue ? Occasion::kRoutine : Occasion::kRequest);
  if (outcome && looked_at && looked_at->acts == acts && host_.alone() && queue == kJoinQueue)
    found_nothing(env, *looked_at, queue, task_id, came);
  if (outcome && *outcome == Outcome::kMissing) {
    Result<bool> removed =
        co_await host_.write(env, only({QueueWrite::Kind::kRemove, queue, task_id, Time()}));
    (void)removed;
  }  // when locked elsewhere, the message comes back by redelivery
}

Task<std::optional<Executor::HandedOut>> Executor::hand_out(Env env, std::string queue,
                                                            std::string task_id,
                                                            std::string worker_id) {
  std::optional<HandedOut> handed_out;
  Result<Outcome> outcome =
      co_await operate(env, workflow_of_task(task_id),
                       [&](const ExecutionRef& execution) -> Result<conductor::Decision> {
                         const auto row = execution->workflow.find_task(task_id);
                         env_for(env, *execution, row ? &execution->workflow.row(*row) : nullptr)
                             .failpoint<Failpoint::kOrchestratorAfterPop>();
                         if (!row) return decision_of(conductor::Remove{queue, task_id});
                         conductor::HandOut out = decider_.hand_out(
                             execution->workflow, task_id, worker_id, limits_, env.clock());
                         if (out.outcome == conductor::HandOut::Outcome::kHandedOut)
                           handed_out = HandedOut{execution, *row};
                         return std::move(out.decision);
                       });
  if (outcome && *outcome == Outcome::kMissing) {
    Result<bool> removed =
        co_await host_.write(env, only({QueueWrite::Kind::kRemove, queue, task_id, Time()}));
    (void)removed;
  }
  if (!outcome) handed_out.reset();
  co_return handed_out;
}

Task<void> Executor::start_missing_failure_workflow(Env env, std::string workflow_id) {
  const bool locked = co_await lock(env, workflow_id);  // it may just be being started
  if (!locked) co_return;
  Result<ExecutionRef> loaded = co_await load(env, workflow_id);
  if (loaded && *loaded) {
    const ExecutionRef execution = *loaded;
    auto request = decider_.failure_workflow_request(execution->workflow);
    if (request) {
      Result<bool> started = co_await start_failure_workflow(env, execution, std::move(request));
      (void)started;  // the next round tries again
    }
  }
  unlock(env, workflow_id);
}

// --- between workflows --------------------------------------------------------------------------

// When the parent is locked elsewhere, its sweep finds the child.
Task<void> Executor::tell_parent(Env env, std::string parent_id, std::string parent_task_id,
                                 conductor::ChildSummary child) {
  Result<Outcome> told = co_await operate(
      env, parent_id, [&](const ExecutionRef& parent) -> Result<conductor::Decision> {
        return decider_.child_changed(parent->workflow, parent_task_id, child, env.clock());
      });
  (void)told;
}

Task<void> Executor::revive_parent(Env env, std::string parent_id, std::string parent_task_id) {
  std::set<std::string> go_on;
  Result<Outcome> revived = co_await operate(
      env, parent_id,
      [&](const ExecutionRef& parent) -> Result<conductor::Decision> {
        return decider_.revive_parent(parent->workflow, parent_task_id, go_on, env.clock());
      },
      [&](ExecutionRef parent) {
        return retry_fallen_children(env, std::move(parent), parent_task_id, &go_on);
      });
  (void)revived;
}

// The parent stays ended until all of them have been seen to.
Task<void> Executor::retry_fallen_children(Env env, ExecutionRef parent, std::string task_id,
                                           std::set<std::string>* go_on) {
  if (!conductor::Decider::revivable(parent->workflow, task_id)) co_return;
  for (const std::string& child_id :
       conductor::Decider::fallen_children(parent->workflow, task_id)) {
    bool runs = false;
    Result<Outcome> retried = co_await operate(
        env, child_id, [&](const ExecutionRef& child) -> Result<conductor::Decision> {
          runs = child->workflow.status == conductor::WorkflowStatus::kRunning;
          if (runs) return conductor::Decision();
          return decider_.retry(child->workflow, env.clock(), conductor::Decider::Parents::kLeft);
        });
    if (retried && *retried == Outcome::kCarriedOut) go_on->insert(child_id);
  }
}

Task<void> Executor::take_over_child(Env env,
                                     std::shared_ptr<const conductor::StartRequest> request) {
  Result<std::optional<conductor::ChildSummary>> child =
      co_await host_.summary(env, request->workflow_id);
  if (!child || !*child || !conductor::is_terminal((*child)->status)) co_return;
  co_await tell_parent(env, request->parent_id, request->parent_task_id, std::move(**child));
}

Task<void> Executor::end_child(Env env, std::string child_id, std::string reason) {
  Result<Outcome> ended = co_await operate(
      env, child_id, [&](const ExecutionRef& child) -> Result<conductor::Decision> {
        return decider_.terminate_child(child->workflow, reason, env.clock());
      });
  (void)ended;
}

// The call is made without the workflow's lock, as Conductor's system task workers call: a decision
// may come in between, and end the task. When the workflow is locked elsewhere, the message comes
// back by redelivery, and the call is made again.
Task<void> Executor::execute_http_task(Env env, std::string workflow_id, conductor::CallHttp call) {
  const Time sent = env.clock();
  const conductor::HttpAnswer answer = co_await host_.call_http(env, std::move(call.request));
  bool taken = false;
  Result<Outcome> answered = co_await operate(
      env, workflow_id, [&](const ExecutionRef& execution) -> Result<conductor::Decision> {
        const auto row = execution->workflow.find_task(call.task_id);
        taken = row && !execution->workflow.row(*row).terminal() && answer.good();
        return decider_.http_answered(execution->workflow, call.task_id, answer, sent, env.clock());
      });
  (void)answered;
  TaskEffects* const effects = env.runtime().task_effects();
  const std::uint32_t number = env.context()->saga.execution;
  if (effects != nullptr && number != 0) effects->answered(number, taken);
}

}  // namespace soundcheck::orchestrator
