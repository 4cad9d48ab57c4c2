#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "models/orchestrator/decider/blueprint.hpp"
#include "models/orchestrator/decider/effects.hpp"
#include "models/orchestrator/decider/limits.hpp"
#include "models/orchestrator/decider/script_engine.hpp"
#include "models/orchestrator/decider/task_domains.hpp"
#include "models/orchestrator/decider/workflow.hpp"
#include "models/orchestrator/decider/workflow_scope.hpp"
#include "sim/core/random.hpp"
#include "sim/core/result.hpp"

namespace soundcheck::conductor {

// Properties of a Conductor server (its defaults).
struct Settings {
  Duration workflow_offset = Duration::seconds(30);  // between two sweeps when nothing else is due
  Duration most_postpone = Duration::seconds(3600);  // never longer than this between two sweeps
  Duration task_postpone = Duration::seconds(60);    // a poll that met a limit
  Duration system_callback = Duration::seconds(30);  // a system task that is not done yet
  Duration lock_lease = Duration::seconds(60);       // of a workflow, if its server dies
  Duration lock_wait = Duration::milliseconds(500);  // for a lock; then a sweep comes later
  std::int32_t join_polls_without_delay = 200;
  std::int64_t most_variables_kilobytes = 256;
  Duration active_worker_last_poll = Duration::seconds(10);  // a domain without one is passed over
  Environment environment;
  // Servers that work on one workflow without a lock draw ids here: two rows that they make for one
  // task are two rows, and two failure workflows are two. Null: they follow from the workflow.
  std::shared_ptr<std::int32_t> drawn_ids;
};

// A worker's report, or an API client's that sets a task's status.
struct TaskResult {
  std::string task_id;
  std::string reference;  // instead: of the latest row that waits for someone outside
  TaskStatus status = TaskStatus::kCompleted;  // not SCHEDULED, SKIPPED, COMPLETED_WITH_ERRORS
  Json output = Json::object();
  std::string reason;
  std::string worker_id;
  std::int64_t callback_after_seconds = 0;  // with IN_PROGRESS: anybody may poll it again after
  bool extend_lease = false;                // only says "still working"; everything else is ignored
};

struct ChildSummary {
  std::string id, name;
  std::int32_t version = 1;
  WorkflowStatus status = WorkflowStatus::kRunning;
  std::string reason;
  Json output = Json::object();
};
ChildSummary summary_of(const Workflow& workflow);

// What a poll found when it looked at the task of a message.
struct HandOut {
  enum class Outcome { kHandedOut, kDropped, kPostponed } outcome = Outcome::kDropped;
  Decision decision;
};

struct HttpAnswer {
  bool answered = true;  // false: no response; `text` says why
  std::int32_t status_code = 200;
  std::string reason_phrase;
  Json headers = Json::object();
  Json body;
  std::string text;
  bool good() const { return answered && status_code >= 200 && status_code < 300; }
};

struct Started {
  Workflow workflow;
  Decision decision;
};

// What a sweep may look up outside of the workflow it sweeps.
struct SweepView {
  std::function<bool(const std::string& queue, const std::string& message)> has_message;
  std::function<std::optional<ChildSummary>(const std::string& workflow_id)> child;
};

// Conductor's decider and the operations of its API: pure functions of a workflow value, the time
// and what is registered. They change the workflow in memory and return what must be done outside,
// in the order in which Conductor does it. They know no queue, no database and no network; a
// refusal (Conductor's 4xx) leaves the workflow as it was.
//
// Whoever runs them owns the workflows, holds the lock of the one it works on, and carries out the
// effects. The referred objects must outlive the decider. `jitter` serves backoffJitterMs only;
// without `polls` nobody polls in any domain.
class Decider {
 public:
  Decider(const Definitions& definitions, ScriptEngine& scripts, RandomStream& jitter,
          Settings settings = {}, const PollData* polls = nullptr)
      : definitions_(definitions),
        scripts_(scripts),
        jitter_(jitter),
        settings_(std::move(settings)),
        polls_(polls) {}

  const Settings& settings() const { return settings_; }
  const Definitions& definitions() const { return definitions_; }
  ScriptEngine& scripts() const { return scripts_; }

  // One step of the decision about a workflow; call again while `again`.
  Decision decide(Workflow& workflow, Time now) const;
  // How long after a decision the workflow's message should come out of the decider queue again;
  // nothing while it waits for a human.
  std::optional<Duration> next_sweep(const Workflow& workflow, Time now) const;
  // The next instant at which time alone could change something about the workflow, or how long
  // after a decision it is looked at. Nothing: never.
  static std::optional<Time> next_change(const Workflow& workflow);
  // Puts back what was lost: call it when a sweep's decision changed no row.
  Decision repair(Workflow& workflow, const SweepView& view, Time now) const;

  // --- the life of a workflow (operations.cpp, replay.cpp) ---
  Result<Started> start(const StartRequest& request, bool evaluate, Time now) const;
  Result<Decision> terminate(Workflow& workflow, const std::string& reason, Time now) const;
  // For a workflow that is decided about again and again at one instant: fails, and says which loop
  // it is in.
  Decision fail_endless(Workflow& workflow, Time now) const;
  Result<Decision> pause(Workflow& workflow, Time now) const;
  Result<Decision> resume(Workflow& workflow, Time now) const;
  Result<Decision> skip(Workflow& workflow, const std::string& reference, const Json& input,
                        const Json& output, Time now) const;
  Result<Decision> reset_callbacks(Workflow& workflow, Time now) const;
  Result<Decision> restart(Workflow& workflow, bool latest_definition, Time now) const;
  // Whether the parents of a workflow that goes on are told by ReviveParent, or the caller sees to
  // them.
  enum class Parents { kRevived, kLeft };
  // New rows for the failed, cancelled and timed out tasks; joins and loops go on in place.
  Result<Decision> retry(Workflow& workflow, Time now, Parents parents = Parents::kRevived) const;
  // With resumeSubworkflowTasks the retry happens in the deepest child that has a failed task: go
  // to the child named here as long as there is one and has_failed_task(child); without a failed
  // task at the top nothing happens.
  static std::optional<std::string> child_to_retry(const Workflow& workflow);
  static bool has_failed_task(const Workflow& workflow);
  struct Rerun {
    std::string from_task_id;  // empty: the whole workflow
    std::optional<Json> task_input, workflow_input;
    std::optional<std::string> correlation_id;
    // The task was found in a child, which was rerun: the SUB_WORKFLOW task goes on waiting for it,
    // and so do those of fallen_children that go on.
    bool in_child = false;
    std::set<std::string> children_that_go_on;
    Parents parents = Parents::kRevived;
  };
  Result<Decision> rerun(Workflow& workflow, const Rerun& request, Time now) const;

  // --- between workflows ---
  Decision child_changed(Workflow& parent, const std::string& task_id, const ChildSummary& child,
                         Time now) const;
  // A child was revived: its task goes on, and what fell beside it is repaired. Before that, look
  // at each of fallen_children: one that runs, or that can be retried (and was), goes on.
  Decision revive_parent(Workflow& parent, const std::string& task_id,
                         const std::set<std::string>& children_that_go_on, Time now) const;
  static std::optional<std::size_t> revivable(const Workflow& parent, const std::string& task_id);
  static std::vector<std::string> fallen_children(const Workflow& parent,
                                                  const std::string& but_task_id);
  Decision terminate_child(Workflow& child, const std::string& reason, Time now) const;
  void note_failure_workflow(Workflow& workflow, const std::string& text) const;
  // The id that the failure workflow of this (ended) workflow has, whether or not it was started;
  // and the request that starts it, for a watchdog that finds it missing. Nothing if it has none.
  static std::string failure_workflow_id(const Workflow& workflow);
  std::shared_ptr<const StartRequest> failure_workflow_request(const Workflow& workflow) const;

  // --- workers (task_updates.cpp) ---
  // A message of a worker task was popped: decides whether the worker gets it.
  HandOut hand_out(Workflow& workflow, const std::string& task_id, const std::string& worker_id,
                   Limits& limits, Time now) const;
  // Never fails for a task or workflow that has ended: then the result is dropped.
  Result<Decision> update_task(Workflow& workflow, const TaskResult& result, Time now) const;

  // --- the system task worker (system_task_worker.cpp) ---
  // A message of an asynchronous system task was popped.
  Decision execute_system_task(Workflow& workflow, const std::string& task_id, Limits& limits,
                               Time now) const;
  // A message of an EVENT task was popped: what it says, unless handlers have acted on it before.
  // A server that dies after this and before they act does not act again (EventExecution).
  Decision take_event(Workflow& workflow, const std::string& task_id,
                      std::optional<PublishedEvent>& event) const;
  // The answer to CallHttp, which was sent at `sent`.
  Decision http_answered(Workflow& workflow, const std::string& task_id, const HttpAnswer& answer,
                         Time sent, Time now) const;
  // When Conductor, which polls a JOIN every 50 ms at first and ever more rarely later, would next
  // look at it at or after `now`. Looks that find nothing new may be left out.
  Time next_join_look(const Workflow& workflow, std::size_t row, Time now) const;

 private:
  friend class DecisionStep;

  const Definitions& definitions_;
  ScriptEngine& scripts_;
  RandomStream& jitter_;
  Settings settings_;
  const PollData* polls_;
};

}  // namespace soundcheck::conductor
