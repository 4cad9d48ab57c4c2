#pragma once

#include <optional>
#include <string>

#include "models/orchestrator/worker/api.hpp"
#include "sim/core/distribution.hpp"
#include "sim/core/parameters.hpp"

namespace soundcheck {

template <>
struct ParameterChoices<TaskStatus> {
  static constexpr ParameterChoice<TaskStatus> kChoices[] = {
      {TaskStatus::kCompleted, "COMPLETED", "the work is done"},
      {TaskStatus::kFailed, "FAILED", "retried as the task definition says"},
      {TaskStatus::kFailedWithTerminalError, "FAILED_WITH_TERMINAL_ERROR", "never retried"},
      {TaskStatus::kInProgress, "IN_PROGRESS",
       "back into the queue; the next worker plays the next entry"},
  };
};

namespace orchestrator {

// Signs of life while a worker works on a task.
struct Heartbeat {
  Duration every = Duration::seconds(10);
  // Empty: a true extension of the lease. Else an IN_PROGRESS with callbackAfterSeconds, which puts
  // the task back into its queue: after that time anybody may get it.
  std::optional<Duration> callback_after;
  static const ParameterTable<Heartbeat>& parameters();
};

// What a scripted worker does with a task that it got: an entry of Conductor's taskRefToMockOutput.
struct ScriptedWork {
  TaskStatus status = TaskStatus::kCompleted;
  Json output = Json::object();
  std::string reason;
  Distribution time = Distribution::constant(Duration::milliseconds(100));  // before it reports
  Probability chance = Probability::always();  // of a person: that it is ever done
  std::optional<Duration> callback_after;      // with kInProgress
  std::optional<Heartbeat> heartbeat;
  std::string domain;  // its worker polls in; empty: none

  TaskResult result() const;
  static const ParameterTable<ScriptedWork>& parameters();
};

}  // namespace orchestrator
}  // namespace soundcheck
