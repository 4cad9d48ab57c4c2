#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "sim/core/json.hpp"
#include "sim/env/rpc.hpp"

// The contract of the orchestrator: what clients, workers and operators say to it. Words and status
// names are Conductor's; durations are in the unit that their name ends with.
namespace soundcheck::orchestrator {

// Starts a workflow, or finds the one that this saga started before: a second start with the same
// saga id answers with the first one's workflow id and changes nothing.
struct WorkflowStarted {
  std::string workflow_id;
  bool existed = false;
  static constexpr auto fields() {
    return std::tuple{field("workflow_id", &WorkflowStarted::workflow_id),
                      field("existed", &WorkflowStarted::existed)};
  }
};
struct StartWorkflow {
  static constexpr RpcName rpc{"orchestrator", "start-workflow", "POST /api/workflow"};
  using Reply = WorkflowStarted;
  std::string name;
  std::int64_t version = 0;  // 0: the latest
  Json input = Json::object();
  std::string correlation_id;
  std::string saga_id;                   // 16 hexadecimal digits
  Json task_to_domain = Json::object();  // name of a task, or * -> domains, with commas between
  static constexpr auto fields() {
    return std::tuple{field("name", &StartWorkflow::name),
                      field("version", &StartWorkflow::version),
                      field("input", &StartWorkflow::input),
                      field("correlation_id", &StartWorkflow::correlation_id),
                      field("saga_id", &StartWorkflow::saga_id),
                      field_unless_empty("taskToDomain", &StartWorkflow::task_to_domain)};
  }
};

// The workflow that a saga runs as (not its compensation), by its own id or by the saga's.
struct WorkflowView {
  bool found = false;
  std::string workflow_id;
  std::string status;  // RUNNING, PAUSED, COMPLETED, FAILED, TIMED_OUT, TERMINATED
  std::string reason;
  Json output = Json::object();
  static constexpr auto fields() {
    return std::tuple{
        field("found", &WorkflowView::found), field("workflow_id", &WorkflowView::workflow_id),
        field("status", &WorkflowView::status), field("reason", &WorkflowView::reason),
        field("output", &WorkflowView::output)};
  }
};
struct GetWorkflow {
  static constexpr RpcName rpc{"orchestrator", "get-workflow", "GET /api/workflow/{id}"};
  using Reply = WorkflowView;
  std::string workflow_id;  // empty: by saga_id
  std::string saga_id;
  static constexpr auto fields() {
    return std::tuple{field("workflow_id", &GetWorkflow::workflow_id),
                      field("saga_id", &GetWorkflow::saga_id)};
  }
};

// One task for a worker. The row it stands for is IN_PROGRESS from now on, and its lease is the
// response timeout.
struct PolledTask {
  std::string task_id;
  std::string task_type;  // name of the task definition
  std::optional<std::string> domain;
  std::string reference;  // taskReferenceName
  std::string workflow_id;
  std::string workflow_name;
  // 16 hexadecimal digits; a compensation has the saga id of what it compensates.
  std::string saga_id;
  bool undo = false;  // of a failure workflow
  std::int64_t retry_count = 0;
  std::int64_t response_timeout_ms = 0;
  Json input = Json::object();
  static constexpr auto fields() {
    return std::tuple{field("task_id", &PolledTask::task_id),
                      field("task_type", &PolledTask::task_type),
                      field_unless_empty("domain", &PolledTask::domain),
                      field("reference", &PolledTask::reference),
                      field("workflow_id", &PolledTask::workflow_id),
                      field("workflow_name", &PolledTask::workflow_name),
                      field("saga_id", &PolledTask::saga_id),
                      field("undo", &PolledTask::undo),
                      field("retry_count", &PolledTask::retry_count),
                      field("response_timeout_ms", &PolledTask::response_timeout_ms),
                      field("input", &PolledTask::input)};
  }
};
struct TaskPoll {
  std::optional<PolledTask> task;  // none: the long poll ended without one
  static constexpr auto fields() { return std::tuple{field("task", &TaskPoll::task)}; }
};
struct PollTask {
  static constexpr RpcName rpc{"orchestrator", "poll-task", "GET /api/tasks/poll/{types}"};
  using Reply = TaskPoll;
  std::vector<std::string> queues;  // names of tasks; in a domain "canary:charge"
  std::string worker_id;            // names the replica, the same for its whole life
  std::int64_t wait_ms = 5'000;     // how long to hold the long poll
  static constexpr auto fields() {
    return std::tuple{field("task_types", &PollTask::queues),
                      field("worker_id", &PollTask::worker_id),
                      field("wait_ms", &PollTask::wait_ms)};
  }
};

// A worker's result. Results for a task or workflow that has ended are dropped without an error, as
// Conductor does; `accepted` says which it was, for traces.
struct TaskUpdated {
  bool accepted = false;
  static constexpr auto fields() { return std::tuple{field("accepted", &TaskUpdated::accepted)}; }
};
struct UpdateTask {
  static constexpr RpcName rpc{"orchestrator", "update-task", "POST /api/tasks"};
  using Reply = TaskUpdated;
  std::string task_id;
  std::string workflow_id;
  std::string worker_id;
  std::string status;  // COMPLETED, FAILED, FAILED_WITH_TERMINAL_ERROR, IN_PROGRESS
  Json output = Json::object();
  std::string reason;
  std::int64_t callback_after_seconds = 0;  // IN_PROGRESS only: back in the queue after that
  static constexpr auto fields() {
    return std::tuple{field("task_id", &UpdateTask::task_id),
                      field("workflow_id", &UpdateTask::workflow_id),
                      field("worker_id", &UpdateTask::worker_id),
                      field("status", &UpdateTask::status),
                      field("output", &UpdateTask::output),
                      field("reason", &UpdateTask::reason),
                      field("callback_after_seconds", &UpdateTask::callback_after_seconds)};
  }
};

// A person or a system outside ends a task that waits for it, HUMAN or WAIT, by its name: nobody
// polled for it. `accepted` is false when no such task waits (any more).
struct SignalTask {
  static constexpr RpcName rpc{"orchestrator", "signal-task",
                               "POST /api/tasks/{id}/{reference}/{status}"};
  using Reply = TaskUpdated;
  std::string workflow_id;  // empty: those of the saga that bear the name
  std::string saga_id;
  std::string workflow;   // the saga's own, a child, a failure workflow
  std::string reference;  // with its iteration, in a loop
  std::string status;     // COMPLETED, FAILED, FAILED_WITH_TERMINAL_ERROR
  Json output = Json::object();
  std::string reason;
  static constexpr auto fields() {
    return std::tuple{
        field("id", &SignalTask::workflow_id),    field("saga_id", &SignalTask::saga_id),
        field("workflow", &SignalTask::workflow), field("reference", &SignalTask::reference),
        field("status", &SignalTask::status),     field("output", &SignalTask::output),
        field("reason", &SignalTask::reason)};
  }
};

// Starts the response timeout of a task in progress anew; the task stays with its worker.
struct LeaseExtended {
  bool accepted = false;
  static constexpr auto fields() { return std::tuple{field("accepted", &LeaseExtended::accepted)}; }
};
struct ExtendLease {
  static constexpr RpcName rpc{"orchestrator", "extend-lease", "POST /api/tasks/{id}/lease"};
  using Reply = LeaseExtended;
  std::string task_id;
  std::string workflow_id;
  std::string worker_id;
  static constexpr auto fields() {
    return std::tuple{field("task_id", &ExtendLease::task_id),
                      field("workflow_id", &ExtendLease::workflow_id),
                      field("worker_id", &ExtendLease::worker_id)};
  }
};

// What an operator asks of a workflow, under the paths of Conductor's API. An operation that the
// workflow's status does not allow is a conflict; an unknown workflow is not found.
struct OperationDone {
  static constexpr auto fields() { return std::tuple{}; }
};

// Ends a workflow at once: TERMINATED, its open tasks CANCELED. As in Conductor its failure
// workflow is not started. One that has ended as COMPLETED is a conflict; any other end is no
// failure.
struct TerminateWorkflow {
  static constexpr RpcName rpc{"orchestrator", "terminate-workflow", "DELETE /api/workflow/{id}"};
  using Reply = OperationDone;
  std::string workflow_id;
  std::string reason;
  static constexpr auto fields() {
    return std::tuple{field("id", &TerminateWorkflow::workflow_id),
                      field("reason", &TerminateWorkflow::reason)};
  }
};

// Nothing new is scheduled until it is resumed; what runs goes on.
struct PauseWorkflow {
  static constexpr RpcName rpc{"orchestrator", "pause-workflow", "PUT /api/workflow/{id}/pause"};
  using Reply = OperationDone;
  std::string workflow_id;
  static constexpr auto fields() { return std::tuple{field("id", &PauseWorkflow::workflow_id)}; }
};
struct ResumeWorkflow {
  static constexpr RpcName rpc{"orchestrator", "resume-workflow", "PUT /api/workflow/{id}/resume"};
  using Reply = OperationDone;
  std::string workflow_id;
  static constexpr auto fields() { return std::tuple{field("id", &ResumeWorkflow::workflow_id)}; }
};

// From the last failed task on; `in_children`: in the deepest child workflow that has a failed
// task.
struct RetryWorkflow {
  static constexpr RpcName rpc{"orchestrator", "retry-workflow", "POST /api/workflow/{id}/retry"};
  using Reply = OperationDone;
  std::string workflow_id;
  bool in_children = false;
  static constexpr auto fields() {
    return std::tuple{field("id", &RetryWorkflow::workflow_id),
                      field("resumeSubworkflowTasks", &RetryWorkflow::in_children)};
  }
};
// From the beginning, under the same id.
struct RestartWorkflow {
  static constexpr RpcName rpc{"orchestrator", "restart-workflow",
                               "POST /api/workflow/{id}/restart"};
  using Reply = OperationDone;
  std::string workflow_id;
  bool latest_definition = false;
  static constexpr auto fields() {
    return std::tuple{field("id", &RestartWorkflow::workflow_id),
                      field("useLatestDefinitions", &RestartWorkflow::latest_definition)};
  }
};
// From any task of it or of a child, or from the beginning without one; inputs that are null stay
// as they were.
struct RerunWorkflow {
  static constexpr RpcName rpc{"orchestrator", "rerun-workflow", "POST /api/workflow/{id}/rerun"};
  using Reply = OperationDone;
  std::string workflow_id;
  std::string from_task_id;
  Json task_input;
  Json workflow_input;
  static constexpr auto fields() {
    return std::tuple{field("id", &RerunWorkflow::workflow_id),
                      field("reRunFromTaskId", &RerunWorkflow::from_task_id),
                      field("taskInput", &RerunWorkflow::task_input),
                      field("workflowInput", &RerunWorkflow::workflow_input)};
  }
};

// A task that is not scheduled yet counts as done, with this output.
struct SkipTask {
  static constexpr RpcName rpc{"orchestrator", "skip-task",
                               "PUT /api/workflow/{id}/skiptask/{reference}"};
  using Reply = OperationDone;
  std::string workflow_id;
  std::string reference;
  Json task_input = Json::object();
  Json task_output = Json::object();
  static constexpr auto fields() {
    return std::tuple{field("id", &SkipTask::workflow_id), field("reference", &SkipTask::reference),
                      field("taskInput", &SkipTask::task_input),
                      field("taskOutput", &SkipTask::task_output)};
  }
};

}  // namespace soundcheck::orchestrator
