#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/blueprint/blueprint.hpp"
#include "models/orchestrator/api.hpp"
#include "models/orchestrator/execution/executor.hpp"
#include "models/orchestrator/service/database_host.hpp"
#include "models/orchestrator/service/shared.hpp"

namespace soundcheck::orchestrator {

// One replica of a Conductor server: API, sweeper, system task worker and compensation watchdog
// around the executor of decisions. All that must survive is in its database.
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
  Task<Result<TaskUpdated>> signal_task(Env env, SignalTask request);
  Task<Result<LeaseExtended>> extend_lease(Env env, ExtendLease request);

  Task<void> background(Env env) override;

 private:
  // A visible message of these queues, popped from the database; nothing when `deadline` has
  // passed.
  Task<std::optional<QueueView::Found>> take(Env env, std::vector<std::string> queues,
                                             Time deadline);
  Task<void> alarm_loop(Env env);
  Task<void> rouse_loop(Env env);
  bool quiet_before(const Env& env, Time began, Duration period) const;
  Task<void> rest(Env env, Time began, Duration period, bool nothing_found);
  Task<void> sweep_loop(Env env);
  Task<void> system_task_loop(Env env);
  Task<void> redelivery_loop(Env env);
  Task<void> watchdog_loop(Env env);
  Task<bool> announce_workflows(Env env);

  Shared& shared_;
  RandomStream jitter_;
  DatabaseHost host_;
  Executor executor_;
};

inline constexpr SeededDefect kFailureWorkflowLost{
    "failure_wf_lost", "no watchdog starts compensations that a crash has lost (E2, E3, S5)"};

// The orchestrator as a service of the simulation: what is known of it, and with `create`, which
// needs what its replicas share; `jitter` makes the stream of one life of a replica.
ServiceBlueprint blueprint();
ServiceBlueprint blueprint(std::shared_ptr<Shared> shared, std::function<RandomStream()> jitter);

}  // namespace soundcheck::orchestrator
