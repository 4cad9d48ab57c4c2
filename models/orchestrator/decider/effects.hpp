#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/orchestrator/decider/workflow.hpp"
#include "sim/core/json.hpp"
#include "sim/core/time.hpp"

namespace soundcheck::conductor {

// Name of the queue of workflows to sweep; its message ids are workflow ids.
inline constexpr const char* kDeciderQueue = "_deciderQueue";
// Name of the queue of EVENT tasks that have published to event handlers; its message ids are task
// ids.
inline constexpr const char* kEventQueue = "_eventQueue";

// A workflow to start. Its id is known beforehand: starting the same id again finds the first one.
struct StartRequest {
  std::string name;
  std::optional<std::int32_t> version;          // none: the latest
  std::shared_ptr<const Blueprint> definition;  // given along instead of a registered one
  Json input = Json::object();
  Json task_to_domain = Json::object();
  std::string workflow_id, correlation_id, parent_id, parent_task_id;
};

// What an operation asks the outside world to do: plain values, to be carried out one after the
// other, in this order. A server may die between any two; only stores that follow one another
// belong into one transaction (the rows of a fork must not be torn apart). They are about the
// workflow that the operation was given, unless they name another.

struct CreateWorkflow {};  // the record is stored for the first time
struct StoreWorkflow {};   // the record, without rows
struct StoreTask {
  std::size_t row;
};  // the row as it is now (see Decision)
struct DeleteTask {
  std::string task_id;
};

// A message that becomes visible after `delay`. Pushing one that is there already moves it.
struct Push {
  std::string queue, message;
  Duration delay;
};
struct Remove {
  std::string queue, message;
};
// Moves a message that is there; no effect if it is not.
struct Reschedule {
  std::string queue, message;
  Duration delay;
  bool only_if_earlier = false;
};

// Calls the decider for this workflow now, under its lock.
struct Evaluate {};

// Starts a workflow. `evaluate` runs its first decision at once; else it waits in the decider
// queue.
struct StartWorkflow {
  std::shared_ptr<const StartRequest> request;
  bool evaluate;
};
// The failure workflow of this one; after it, NoteFailureWorkflow puts its id into the output. A
// server that dies between StoreWorkflow with the final status and this never starts it.
struct StartFailureWorkflow {
  std::shared_ptr<const StartRequest> request;
};
// Decider::note_failure_workflow(workflow, text), then the record is stored.
struct NoteFailureWorkflow {
  std::string text;
};
// Tells the parent's SUB_WORKFLOW task: Decider::child_changed(parent, task, summary of this one).
struct CopyToParent {
  std::string parent_id, parent_task_id;
};
// Decider::revive_parent(parent, task): this workflow was retried, rerun or restarted.
struct ReviveParent {
  std::string parent_id, parent_task_id;
};
// Decider::terminate_child(child, reason), if the child exists.
struct TerminateChild {
  std::string child_id, reason;
};

// An HTTP task's call; its answer goes to Decider::http_answered. The row is not stored before.
struct CallHttp {
  std::string task_id;
  Json request;
};
// The workflow has reached this terminal status.
struct Finished {
  WorkflowStatus status;
};

using Effect =
    std::variant<CreateWorkflow, StoreWorkflow, StoreTask, DeleteTask, Push, Remove, Reschedule,
                 Evaluate, StartWorkflow, StartFailureWorkflow, NoteFailureWorkflow, CopyToParent,
                 ReviveParent, TerminateChild, CallHttp, Finished>;

// Whether it writes to the store of executions.
inline bool is_store(const Effect& effect) {
  return std::holds_alternative<CreateWorkflow>(effect) ||
         std::holds_alternative<StoreWorkflow>(effect) ||
         std::holds_alternative<StoreTask>(effect) || std::holds_alternative<DeleteTask>(effect);
}

// What one step of the decider came to. Carry out the effects in order, then, if `again`, call
// decide once more: Conductor's loop, cut where it writes. Rows and record are stored as they are
// when the effect is carried out; within one step that differs from Conductor's own order of writes
// only in what a synchronous system task computed, never in whether successors exist.
struct Decision {
  std::vector<Effect> effects;
  bool again = false;
  // The step failed after these effects, as a server fails with an exception: what it had changed
  // in memory beside them is to be forgotten, and whoever asked for it is told.
  std::optional<std::string> exception;
};

}  // namespace soundcheck::conductor
