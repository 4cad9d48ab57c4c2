#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "sim/core/json.hpp"
#include "sim/core/task.hpp"
#include "sim/core/time.hpp"
#include "sim/env/env.hpp"
#include "sim/env/service.hpp"
#include "sim/events/event_values.hpp"

// The contract of workers: what the logic of a service sees of a task of a workflow, and what it
// answers. How it gets there and back is in worker.hpp.
namespace soundcheck {

struct TaskInput {
  std::string task_id;
  std::string worker_id;
  std::string task_type;
  std::string domain;     // in which it was polled; empty: none
  std::string reference;  // taskReferenceName
  std::string workflow_id;
  std::string saga_id;  // 16 hexadecimal digits
  std::int64_t retry_count = 0;
  Json input;
};

struct TaskResult {
  TaskStatus status = TaskStatus::kCompleted;
  Json output = Json::object();
  std::string reason;
  Duration callback_after;  // with kInProgress: back in the queue after that, in whole seconds

  static TaskResult completed(Json output = Json::object()) {
    return {TaskStatus::kCompleted, std::move(output), {}, {}};
  }
  static TaskResult failed(std::string reason) {
    return {TaskStatus::kFailed, Json::object(), std::move(reason), {}};
  }
  static TaskResult terminal(std::string reason) {
    return {TaskStatus::kFailedWithTerminalError, Json::object(), std::move(reason), {}};
  }
};

// How the framework runs the work of a service on the tasks of one type.
struct WorkerBinding {
  std::string task_type;
  Task<TaskResult> (*run)(Service& service, Env env, TaskInput input) = nullptr;
  std::string domain = {};  // empty: tasks that have none
};

}  // namespace soundcheck
