#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/orchestrator/decider/task_type.hpp"
#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// Conductor's metadata as its users write it, with its names, units and defaults. Durations are
// whole seconds of 32 bits, as in Conductor, because the retry formula overflows on purpose.
// Values are read by definition_reader.hpp; nothing here knows about a running workflow.

enum class RetryLogic : std::uint8_t { kFixed, kLinearBackoff, kExponentialBackoff };
enum class TimeoutPolicy : std::uint8_t { kAlertOnly, kRetry, kTimeOutWorkflow };

// How tasks of one name are retried, timed out and limited.
struct TaskDefinition {
  std::string name;
  std::int32_t retry_count = 3;
  RetryLogic retry_logic = RetryLogic::kFixed;
  std::int32_t retry_delay_seconds = 60;
  std::int32_t backoff_scale_factor = 1;
  std::int32_t max_retry_delay_seconds = 0;  // 0: no cap
  std::int32_t backoff_jitter_ms = 0;
  std::int64_t timeout_seconds = 0;  // 0: none
  TimeoutPolicy timeout_policy = TimeoutPolicy::kTimeOutWorkflow;
  std::int64_t response_timeout_seconds = 3600;  // 0: none
  std::optional<std::int32_t> poll_timeout_seconds;
  std::int64_t total_timeout_seconds = 0;  // 0: none
  std::optional<std::int32_t> concurrent_exec_limit;
  std::int32_t rate_limit_per_frequency = 0;
  std::int32_t rate_limit_frequency_in_seconds = 0;
  Json input_template = Json::object();
  Json source;  // as it was written; null for Conductor's defaults
};

struct SubWorkflowParameters {
  std::string name;  // may hold an expression
  std::optional<std::int32_t> version;
  Json task_to_domain;
  Json workflow_definition;  // an inline definition, or an expression that yields one
  Json idempotency_key, idempotency_strategy, priority;
};

// One task of a workflow definition, with the tasks inside it.
struct TaskInWorkflow {
  std::string name;
  std::string reference;  // taskReferenceName
  TaskType type = TaskType::kSimple;
  std::string type_text = "SIMPLE";
  Json input_parameters = Json::object();
  std::string dynamic_task_name_param;
  std::string case_value_param, case_expression;
  std::string script_expression;
  std::vector<std::pair<std::string, std::vector<TaskInWorkflow>>> decision_cases;
  std::vector<TaskInWorkflow> default_case;
  std::string dynamic_fork_tasks_param, dynamic_fork_tasks_input_param,
      dynamic_fork_join_tasks_param;
  std::vector<std::vector<TaskInWorkflow>> fork_tasks;
  std::int32_t start_delay = 0;
  std::optional<SubWorkflowParameters> sub_workflow;
  std::vector<std::string> join_on;
  bool join_synchronously = false;  // joinMode SYNC
  std::optional<std::string> sink;
  bool optional = false;
  bool permissive = false;
  std::optional<TaskDefinition> task_definition;
  std::vector<std::string> default_exclusive_join_task;
  bool async_complete = false;
  std::optional<std::string> loop_condition;
  std::vector<TaskInWorkflow> loop_over;
  std::string items;
  std::optional<std::int32_t> retry_count;
  std::optional<std::string> evaluator_type;
  std::string expression;
  Json source;  // as it was written, for the rows of dynamic forks
};

struct WorkflowDefinition {
  std::string name;
  std::int32_t version = 1;
  std::vector<TaskInWorkflow> tasks;
  std::vector<std::string> input_parameters;
  Json output_parameters = Json::object();
  std::string failure_workflow;  // empty: none
  std::optional<std::int32_t> failure_workflow_version;
  bool restartable = true;
  TimeoutPolicy timeout_policy = TimeoutPolicy::kAlertOnly;
  std::int64_t timeout_seconds = 0;  // 0: none
  Json variables = Json::object();
  Json input_template = Json::object();
  bool agent = false;  // of an agent: its JOINs take over states only
  Json source;         // as it was written
};

}  // namespace soundcheck::conductor
