#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "sim/core/json.hpp"
#include "sim/env/rpc.hpp"

// What an operator asks of a workflow, under the paths of Conductor's API. An operation that the
// workflow's status does not allow is a conflict; an unknown workflow is not found.
namespace soundcheck::orchestrator {

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
