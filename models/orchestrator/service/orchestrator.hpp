#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/orchestrator/decider/decider.hpp"
#include "models/orchestrator/service/http_routes.hpp"
#include "models/orchestrator/service/message_board.hpp"
#include "models/orchestrator/service/store.hpp"
#include "models/services/orchestrator/api.hpp"
#include "models/services/orchestrator/operations.hpp"
#include "sim/env/service.hpp"

namespace soundcheck::orchestrator {

// What the replicas of one orchestrator share beside the database: registered definitions, the
// board of queued messages (a notification service), and how the server is set up.
struct Shared {
  conductor::Definitions definitions;
  std::unique_ptr<conductor::ScriptEngine> scripts;
  MessageBoard board;
  HttpRoutes http;  // whom HTTP tasks can call
  conductor::Limits limits;
  // Starts failure workflows, and goes on with workflows, that a server stored and died before it
  // could announce them. Conductor loses both; off by the defect failure_wf_lost.
  bool watchdog = true;
  std::size_t replicas = 1;
  Duration lock_lease = Duration::seconds(60);
  Duration lock_wait = Duration::milliseconds(500);
  Duration redelivery = Duration::seconds(60);  // of messages that were popped and not acknowledged
  Duration watchdog_period = Duration::seconds(30);
};

// One replica of a Conductor server: API, sweeper, system task worker and compensation watchdog
// around the decider. All that must survive is in its database; workflows in memory are a cache of
// it. Each pair of writes that Conductor does not make atomic is two transactions here, with a
// failpoint between them.
class Orchestrator final : public Service {
 public:
  Orchestrator(Shared& shared, std::uint64_t replica_id, RandomStream jitter);

  Task<Result<WorkflowStarted>> start_workflow(Env env, StartWorkflow request);
  Task<Result<WorkflowView>> get_workflow(Env env, GetWorkflow request);
  Task<Result<OperationDone>> terminate_workflow(Env env, TerminateWorkflow request);
  Task<Result<OperationDone>> pause_workflow(Env env, PauseWorkflow request);
  Task<Result<OperationDone>> resume_workflow(Env env, ResumeWorkflow request);
  Task<Result<OperationDone>> retry_workflow(Env env, RetryWorkflow request);
  Task<Result<OperationDone>> restart_workflow(Env env, RestartWorkflow request);
  Task<Result<OperationDone>> rerun_workflow(Env env, RerunWorkflow request);
  Task<Result<OperationDone>> skip_task(Env env, SkipTask request);
  Task<Result<TaskPoll>> poll_task(Env env, PollTask request);
  Task<Result<TaskUpdated>> update_task(Env env, UpdateTask request);
  Task<Result<LeaseExtended>> extend_lease(Env env, ExtendLease request);

  Task<void> background(Env env) override;

 private:
  // A workflow in memory with what is known about it beside Conductor's own record.
  struct Execution {
    conductor::Workflow workflow;
    std::string saga_id;
    std::string failure_of;
    std::uint64_t saga = 0;  // saga_id and the workflow's name, as events and contexts have them
    NameId name;
    // Of each row that was stored, by number: the status that the last event about it told, if any.
    std::map<std::int64_t, std::optional<conductor::TaskStatus>> stored_rows;
    bool ended_told = false;
    std::string lasting;       // part of the record, as it is stored
    std::uint64_t stores = 0;  // rows and records stored since it was loaded
  };
  using ExecutionRef = std::shared_ptr<Execution>;
  static ExecutionRef execution_of(Env env, conductor::Workflow workflow, std::string saga_id,
                                   std::string failure_of);

  // What of an execution is to be stored next.
  struct Changes {
    bool create = false;
    bool record = false;
    std::vector<std::size_t> rows;
    std::vector<std::int64_t> deleted_tasks;
    bool empty() const { return !record && rows.empty() && deleted_tasks.empty(); }
  };

  // A workflow that is locked by the holder of this value; unlocking wakes the next one in this
  // replica.
  struct Mutex {
    bool held = false;
    std::vector<SlotRef> waiters;
  };

  using Operation = std::function<Result<conductor::Decision>(conductor::Workflow&)>;
  Task<Result<OperationDone>> operate(Env env, std::string id, Operation operation);

  Task<bool> lock(Env env, std::string workflow_id);
  void unlock(Env env, const std::string& workflow_id);
  // The workflow from the cache or the database; null if there is none. Only under its lock.
  Task<Result<ExecutionRef>> load(Env env, std::string workflow_id);

  Task<Result<WorkflowStarted>> start(Env env,
                                      std::shared_ptr<const conductor::StartRequest> request,
                                      std::string saga_id, std::string failure_of, bool evaluate);
  // Carries out what an operation of the decider asked for, and decides until nothing is left to
  // do.
  Task<Result<bool>> carry_out(Env env, ExecutionRef execution, conductor::Decision decision);
  Task<Result<bool>> carry_out_steps(Env env, ExecutionRef execution, conductor::Decision decision);
  Task<Result<bool>> apply_result(Env env, std::string workflow_id, conductor::TaskResult result);
  enum class EffectClass : std::uint8_t { kNone, kRow, kQueue, kOther };
  EffectClass collect(const Execution& execution, const conductor::Effect& effect, Time now,
                      Changes& rows, std::vector<QueueWrite>& queue);
  // Rows and messages in one transaction, after the crash point before messages.
  Task<Result<bool>> flush(Env env, ExecutionRef execution, Changes* changes,
                           std::vector<QueueWrite>* messages);
  // False when a workflow that is to be created exists already.
  Task<Result<bool>> flush_rows(Env env, ExecutionRef execution, Changes* changes,
                                std::vector<QueueWrite> messages = {});
  void before_queue(Env env, const Execution& execution,
                    const std::vector<QueueWrite>& writes) const;
  Task<Result<bool>> flush_queue(Env env, std::vector<QueueWrite>* writes);
  void announce(Env env, const std::vector<QueueWrite>& writes);
  // The workflow's own message after a decision.
  QueueWrite next_sweep(const Execution& execution, Time now) const;
  Task<Result<bool>> perform(Env env, ExecutionRef execution, conductor::Effect effect);
  Task<void> tell_parent(Env env, std::string parent_id, std::string parent_task_id,
                         conductor::ChildSummary child);
  Task<void> revive_parent(Env env, std::string parent_id, std::string parent_task_id);
  Task<void> end_child(Env env, std::string child_id, std::string reason);

  static WorkflowRecord record_of(const Execution& execution);
  static RowsWrite written(Execution& execution, const Changes& changes);
  void add_events(Env env, Execution& execution, const Changes& changes, RowsWrite& rows);
  Env env_for(Env env, const Execution& execution, const conductor::TaskRow* row) const;

  // A visible message of these queues, popped from the database; nothing when `deadline` has
  // passed.
  Task<std::optional<MessageBoard::Found>> take(Env env, std::vector<std::string> queues,
                                                Time deadline);
  Task<std::optional<PolledTask>> hand_out(Env env, MessageBoard::Found message,
                                           std::string worker_id);
  Task<Result<bool>> repair(Env env, ExecutionRef execution);
  Task<void> alarm_loop(Env env);
  Task<void> rest(Env env, Time began, Duration period, bool nothing_found);
  Task<void> sweep_loop(Env env);
  Task<void> system_task_loop(Env env);
  Task<void> redelivery_loop(Env env);
  Task<void> watchdog_loop(Env env);
  Task<bool> announce_workflows(Env env);
  Task<void> sweep(Env env, std::string workflow_id);
  Task<void> execute_system_task(Env env, MessageBoard::Found message);
  Task<conductor::HttpAnswer> call_service(Env env, Json request);
  Task<void> execute_http_task(Env env, std::string workflow_id, conductor::CallHttp call);
  Task<void> start_missing_failure_workflow(Env env, std::string workflow_id);

  Shared& shared_;
  std::uint64_t owner_;  // of locks: this replica in this life
  RandomStream jitter_;
  conductor::Decider decider_;
  std::map<std::string, ExecutionRef> cache_;
  std::map<std::string, Mutex> mutexes_;
};

// The orchestrator as a service of the simulation; `jitter` makes the stream of one life of a
// replica. The schema is filled in by whoever assembles the run.
ServiceBlueprint blueprint(std::shared_ptr<Shared> shared, std::function<RandomStream()> jitter);

}  // namespace soundcheck::orchestrator
