#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/orchestrator/decider/decider.hpp"
#include "models/orchestrator/engine/in_memory_queues.hpp"
#include "sim/core/random.hpp"

namespace soundcheck::conductor {

// An orchestrator in memory on virtual time: one server around the decider with queues and a store.
// It serves tests, conformance cases and dry runs of a definition; it models no hosts, no network
// and no database. Time stands still unless `advance` moves it.
//
// The store keeps the JSON that the effects asked to be stored, nothing else, so that `crash` can
// lose what a real server would lose.
class InMemoryEngine {
 public:
  using HttpCall = std::function<HttpAnswer(const Json& request)>;

  struct PublishedEvent {
    std::string sink;
    Json payload;
  };
  struct WorkerTask {  // what a worker gets from a poll
    std::string workflow_id, task_id, reference;
    Json input;
  };

  // The referred objects must outlive the engine; `scripts` too.
  InMemoryEngine(Definitions& definitions, ScriptEngine& scripts, Settings settings = {},
                 std::uint64_t seed = 1);

  void on_http(HttpCall call) { http_ = std::move(call); }
  // Asked before each effect is carried out; true lets the server die there (see `crashed`).
  void crash_before(std::function<bool(const std::string& workflow_id, const Effect&)> decide) {
    crash_before_ = std::move(decide);
  }
  // Shown each effect after it was carried out.
  void watch(std::function<void(const Workflow&, const Effect&)> watcher) {
    watcher_ = std::move(watcher);
  }

  Time now() const { return now_; }
  Decider& decider() { return decider_; }
  InMemoryQueues& queues() { return queues_; }
  const std::vector<PublishedEvent>& events() const { return events_; }
  const std::vector<Json>& http_requests() const { return http_requests_; }
  // Workflows that were not started because workflows started each other without end.
  const std::vector<std::string>& refused_starts() const { return refused_starts_; }

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
  std::optional<WorkerTask> poll(const std::string& task_type, const std::string& worker_id);

  // --- time ----------------------------------------------------------------------------------
  // System tasks, due decisions and timers of this instant, until nothing changes any more.
  void run_until_quiet();
  void advance(Duration duration);             // moves the clock, no more
  void sweep(const std::string& workflow_id);  // decision, then repair if it changed nothing
  void sweep_all();                            // all that have not ended
  bool decide_all();  // a decision for each that has not ended; whether one changed something
  // The next instant at which a message becomes visible.
  std::optional<Time> next_due() const { return queues_.next_due(now_); }

  // --- looking ---------------------------------------------------------------------------------
  const Workflow* find(const std::string& workflow_id) const;
  std::vector<std::string> workflow_ids() const;  // in the order of their start

  // --- failures of the server --------------------------------------------------------------------
  bool crashed() const { return crashed_; }
  // Reads everything back from the store, as a new server would; queues survive.
  void recover();

 private:
  struct Frame {  // effects of one operation, and how far they are carried out
    std::string workflow_id;
    Decision decision;
    std::size_t next = 0;
    bool decides = false;  // `again` means another decision
  };
  struct Stored {
    Json record;
    std::map<std::string, Json> tasks;
  };

  Workflow* get(const std::string& workflow_id);
  Result<void> run_operation(const std::string& workflow_id,
                             const std::function<Result<Decision>(Workflow&)>& operation);
  void carry_out(const std::string& workflow_id, Decision decision);
  void begin(const std::string& workflow_id, Decision decision);
  void evaluate(const std::string& workflow_id);
  void carry_out(std::string workflow_id, const Effect& effect);
  void start_requested(const StartRequest& request, bool evaluate);
  void answer_http(const std::string& workflow_id, const CallHttp& call);
  void note_change(const Workflow& workflow, const TaskRow& row);
  std::optional<std::string> workflow_of_task(const std::string& task_id) const;
  bool run_system_tasks(const std::string& queue);
  bool run_decider_queue();

  Definitions& definitions_;
  RandomStream jitter_;
  Decider decider_;
  Limits limits_;
  InMemoryQueues queues_;
  HttpCall http_;
  std::function<bool(const std::string&, const Effect&)> crash_before_;
  std::function<void(const Workflow&, const Effect&)> watcher_;
  Time now_;
  std::map<std::string, Workflow> workflows_;
  std::map<std::string, Stored> store_;
  std::map<std::string, std::string> task_owner_;  // task id -> workflow id
  std::vector<std::string> order_;
  std::vector<PublishedEvent> events_;
  std::vector<Json> http_requests_;
  std::vector<std::string> refused_starts_;
  std::vector<Frame> frames_;
  std::uint64_t changes_ = 0;  // of statuses; what "until nothing changes" means
  std::uint64_t next_workflow_ = 1;
  bool crashed_ = false;
};

}  // namespace soundcheck::conductor
