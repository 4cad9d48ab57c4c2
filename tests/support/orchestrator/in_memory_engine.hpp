#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/orchestrator/decider/decider.hpp"
#include "models/orchestrator/execution/executor.hpp"
#include "sim/core/random.hpp"
#include "tests/support/orchestrator/in_memory_queues.hpp"
#include "tests/support/orchestrator/in_memory_runtime.hpp"

namespace soundcheck::conductor {

// The orchestrator's executor of decisions in memory on virtual time: one server with queues and a
// store, without hosts, network or database. Time stands still unless `advance` moves it.
//
// The store keeps the texts that a database would keep, nothing else, so that a crash loses what a
// real server would lose.
class InMemoryEngine final : private orchestrator::ExecutionHost {
 public:
  using HttpCall = std::function<HttpAnswer(const Json& request)>;
  using Execution = orchestrator::Execution;
  using ExecutionRef = orchestrator::ExecutionRef;
  using Changes = orchestrator::Changes;
  using QueueWrite = orchestrator::QueueWrite;

  struct WorkerTask {  // what a worker gets from a poll
    std::string workflow_id, task_id, reference;
    Json input;
  };

  // The referred objects must outlive the engine; `scripts` too.
  InMemoryEngine(Definitions& definitions, ScriptEngine& scripts, Settings settings = {},
                 std::uint64_t seed = 1);

  void on_http(HttpCall call) { http_ = std::move(call); }
  // Asked before each transaction; true lets the server die there (see `crashed`).
  using CrashBefore =
      std::function<bool(const Workflow&, const Changes&, const std::vector<QueueWrite>&)>;
  void crash_before(CrashBefore decide) { crash_before_ = std::move(decide); }
  // Shown each transaction that stored something of a workflow.
  void watch(std::function<void(const Workflow&, const Changes&)> watcher) {
    watcher_ = std::move(watcher);
  }

  Time now() const { return runtime_.now(); }
  InMemoryQueues& queues() { return queues_; }

  // --- the API -------------------------------------------------------------------------------
  Result<std::string> start(StartRequest request);  // an empty id is replaced by the next free one
  Result<void> terminate(const std::string& workflow_id, const std::string& reason);
  Result<void> pause(const std::string& workflow_id);
  Result<void> resume(const std::string& workflow_id);
  Result<void> retry(const std::string& workflow_id, bool resume_sub_workflow_tasks);
  Result<void> restart(const std::string& workflow_id, bool latest_definition);
  Result<void> rerun(const std::string& workflow_id, const Decider::Rerun& request);
  Result<void> skip(const std::string& workflow_id, const std::string& reference, const Json& input,
                    const Json& output);
  Result<void> reset_callbacks(const std::string& workflow_id);
  Result<void> update(const std::string& workflow_id, const TaskResult& result);
  std::optional<WorkerTask> poll(const std::string& queue, const std::string& worker_id);

  // --- time ----------------------------------------------------------------------------------
  // System tasks, due decisions and timers of this instant, until nothing changes any more.
  void run_until_quiet();
  void advance(Duration duration) { runtime_.advance(duration); }  // moves the clock, no more
  void sweep(const std::string& workflow_id);
  void sweep_all();   // all that have not ended
  bool decide_all();  // a decision for each that has not ended; whether one changed something
  // The next instant at which a message becomes visible.
  std::optional<Time> next_due() const { return queues_.next_due(now()); }

  // --- looking ---------------------------------------------------------------------------------
  const Workflow* find(const std::string& workflow_id) const;       // until its next operation
  std::vector<std::string> workflow_ids() const { return order_; }  // in the order of their start

  // --- failures of the server --------------------------------------------------------------------
  bool crashed() const { return crashed_; }
  // A new server, which reads everything back from the store; queues survive.
  void recover();

 private:
  using Outcome = orchestrator::Executor::Outcome;
  struct Stored {
    orchestrator::StoredWorkflow workflow;
    WorkflowStatus status = WorkflowStatus::kRunning;
    std::map<std::int64_t, std::string> tasks;
    std::map<std::int64_t, TaskStatus> statuses;
  };

  bool alone() const override { return true; }
  Task<bool> lease(Env, std::string) override { co_return true; }
  void release(const std::string&) override {}
  Task<Result<std::optional<orchestrator::StoredWorkflow>>> read(Env env, std::string id) override;
  Task<Result<std::optional<ChildSummary>>> summary(Env env, std::string id) override;
  Task<Result<bool>> write(Env env, ExecutionRef execution, Changes changes,
                           std::vector<QueueWrite> messages) override;
  Task<Result<bool>> write(Env env, std::vector<QueueWrite> messages) override;
  std::optional<Time> visible(const std::string& queue, const std::string& message) const override {
    return queues_.due(queue, message);
  }
  Task<HttpAnswer> call_http(Env env, Json request) override;

  void start_server();
  void store(Execution& execution, const Changes& changes);
  orchestrator::StoredWorkflow stored_texts(const Stored& stored) const;
  Result<void> finish(std::optional<Result<Outcome>> outcome, const std::string& workflow_id);
  bool run_system_tasks(const std::string& queue);
  bool run_decider_queue();

  Definitions& definitions_;
  ScriptEngine& scripts_;
  Settings settings_;
  RandomStream jitter_;
  testing_support::InMemoryRuntime runtime_;
  Limits limits_;
  PollData polls_;
  std::optional<orchestrator::Executor> server_;
  InMemoryQueues queues_;
  HttpCall http_;
  CrashBefore crash_before_;
  std::function<void(const Workflow&, const Changes&)> watcher_;
  std::map<std::string, Stored> store_;
  std::map<std::string, ExecutionRef> latest_;  // as the server wrote or read it last
  std::vector<std::string> order_;
  std::uint64_t changes_ = 0;  // of statuses; what "until nothing changes" means
  std::uint64_t next_workflow_ = 1;
  bool crashed_ = false;
};

}  // namespace soundcheck::conductor
