#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "models/orchestrator/api.hpp"
#include "models/orchestrator/decider/decider.hpp"
#include "models/orchestrator/execution/execution.hpp"
#include "models/orchestrator/execution/execution_host.hpp"

namespace soundcheck::orchestrator {

// Carries out what the decider decides: takes a workflow under its lock, decides, stores rows and
// messages in Conductor's order, performs what is left, and decides again until nothing changes.
// The only interpreter of decisions: the simulated server and the tests' server in memory differ in
// their host. Each pair of writes that Conductor does not make atomic is two transactions here,
// with a failpoint between them.
//
// It is the memory of one life of one server. All that must survive is in the host's store;
// workflows in memory are a cache of it.
class Executor {
 public:
  // The limits are those of all servers; they and the host outlive the executor.
  Executor(conductor::Decider decider, conductor::Limits& limits, ExecutionHost& host)
      : decider_(std::move(decider)), limits_(limits), host_(host) {}

  const conductor::Decider& decider() const { return decider_; }

  enum class Outcome : std::uint8_t {
    kCarriedOut,
    kMissing,          // there is no such workflow
    kLockedElsewhere,  // by another server
  };
  // Whether somebody does something with a workflow, or it is looked at by routine.
  enum class Occasion : std::uint8_t { kRequest, kRoutine };
  // What is to be done with a workflow. A refusal leaves it as it was.
  using Operation = std::function<Result<conductor::Decision>(const ExecutionRef&)>;
  using Preparation = std::function<Task<void>(ExecutionRef)>;  // under the same lock
  // Lock, load, decide, carry out, unlock. An error is the refusal, or a failure of the store: then
  // the store knows what was done.
  Task<Result<Outcome>> operate(Env env, std::string workflow_id, Operation operation,
                                Preparation prepare = {}, Occasion occasion = Occasion::kRequest);

  // Starts a workflow, or finds the one that was started before under this id. `evaluate`: with its
  // first decision; else it waits in the decider queue.
  Task<Result<WorkflowStarted>> start(Env env,
                                      std::shared_ptr<const conductor::StartRequest> request,
                                      std::string saga_id, std::string failure_of, bool evaluate);

  // --- messages of the queues -----------------------------------------------------------------
  // A message of the decider queue: a decision, then repairs if it changed nothing.
  Task<void> sweep(Env env, std::string workflow_id);
  // A message of an asynchronous system task.
  Task<void> execute_system_task(Env env, std::string queue, std::string task_id);
  // A message of an EVENT task, for event handlers (events.cpp).
  Task<void> handle_event(Env env, std::string task_id);
  // A message of a worker task; nothing when the worker does not get it.
  struct HandedOut {
    ExecutionRef execution;
    std::size_t row = 0;
  };
  Task<std::optional<HandedOut>> hand_out(Env env, std::string queue, std::string task_id,
                                          std::string worker_id);

  // --- Conductor's API (operations.cpp) -------------------------------------------------------
  Task<Result<Outcome>> terminate(Env env, std::string workflow_id, std::string reason);
  Task<Result<Outcome>> pause(Env env, std::string workflow_id);
  Task<Result<Outcome>> resume(Env env, std::string workflow_id);
  // With `in_children` in the deepest child that has a failed task.
  Task<Result<Outcome>> retry(Env env, std::string workflow_id, bool in_children);
  Task<Result<Outcome>> restart(Env env, std::string workflow_id, bool latest_definition);
  // From a task of it or of a child.
  Task<Result<Outcome>> rerun(Env env, std::string workflow_id, conductor::Decider::Rerun request);
  Task<Result<Outcome>> skip(Env env, std::string workflow_id, std::string reference, Json input,
                             Json output);
  Task<Result<Outcome>> reset_callbacks(Env env, std::string workflow_id);
  // A worker's report. False: it had no effect, as task or workflow has ended or does not exist.
  Task<Result<bool>> update(Env env, std::string workflow_id, conductor::TaskResult result);

  // Starts the failure workflow of a workflow that has ended, unless it has been started.
  Task<void> start_missing_failure_workflow(Env env, std::string workflow_id);

 private:
  // A workflow that is locked by the holder of this value; unlocking wakes the next one here.
  struct Mutex {
    bool held = false;
    std::vector<SlotRef> waiters;
  };
  Task<bool> lock(Env env, std::string workflow_id);
  void unlock(Env env, const std::string& workflow_id);
  // The workflow from memory or the store; null if there is none. Only under its lock.
  Task<Result<ExecutionRef>> load(Env env, std::string workflow_id);
  // The workflow as it is now, to look at without an await.
  Task<Result<ExecutionRef>> look(Env env, std::string workflow_id);

  // --- carry_out.cpp
  Task<Result<bool>> carry_out(Env env, ExecutionRef execution, conductor::Decision decision);
  Task<Result<bool>> carry_out_steps(Env env, ExecutionRef execution, conductor::Decision decision);
  // The next step of a decision. `steps`: how many there were since `since`.
  conductor::Decision decide_again(const Env& env, Execution& execution, Time& since, int& steps);
  enum class EffectClass : std::uint8_t { kNone, kRow, kQueue, kOther };
  EffectClass collect(const Execution& execution, const conductor::Effect& effect, Time now,
                      Changes& changes, std::vector<QueueWrite>& messages);
  // In one transaction, after the failpoint before messages. What is written is taken away.
  Task<Result<bool>> flush(Env env, ExecutionRef execution, Changes* changes,
                           std::vector<QueueWrite>* messages);
  QueueWrite next_sweep(const Execution& execution, Time now) const;
  Task<Result<bool>> perform(Env env, ExecutionRef execution, conductor::Effect effect);
  Task<Result<bool>> start_failure_workflow(Env env, ExecutionRef execution,
                                            std::shared_ptr<const conductor::StartRequest> request);

  // --- events.cpp
  Task<void> act_on_event(Env env, std::string handler, std::size_t number,
                          const conductor::EventAction* action, conductor::PublishedEvent event);

  // --- between workflows: under the lock of a parent that of a child may be taken, never the other
  // way round
  Task<void> tell_parent(Env env, std::string parent_id, std::string parent_task_id,
                         conductor::ChildSummary child);
  Task<void> revive_parent(Env env, std::string parent_id, std::string parent_task_id);
  // Retries the children of tasks that fell beside this one; which of them go on is noted.
  Task<void> retry_fallen_children(Env env, ExecutionRef parent, std::string task_id,
                                   std::set<std::string>* go_on);
  // A child that was found instead of started may have ended before its task knew it.
  Task<void> take_over_child(Env env, std::shared_ptr<const conductor::StartRequest> request);
  Task<void> end_child(Env env, std::string child_id, std::string reason);
  Task<void> execute_http_task(Env env, std::string workflow_id, conductor::CallHttp call);

  Task<void> repair(Env env, ExecutionRef execution);
  void found_nothing(const Env& env, const Execution& execution, const std::string& queue,
                     const std::string& message, std::optional<Time> came);

  conductor::Decider decider_;
  conductor::Limits& limits_;
  ExecutionHost& host_;
  std::map<std::string, ExecutionRef> cache_;  // those that have not ended
  std::map<std::string, Mutex> mutexes_;
};

}  // namespace soundcheck::orchestrator
