#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/model/definition_form.hpp"
#include "scenarios/model/text_forms.hpp"

namespace soundcheck {

// What a scripted worker reports, in Conductor's words.
enum class WorkStatus { kCompleted, kFailed, kFailedWithTerminalError, kInProgress };

// Signs of life while a worker works on a task.
struct ScenarioHeartbeat {
  Duration every = Duration::seconds(10);
  // Empty: a true extension of the lease. Else an IN_PROGRESS with callbackAfterSeconds, which puts
  // the task back into its queue: after that time anybody may get it.
  std::optional<Duration> callback_after;
  static const ParameterTable<ScenarioHeartbeat>& parameters();
};

// What a scripted worker does when it gets a task: an entry of Conductor's taskRefToMockOutput.
struct ScenarioWork {
  WorkStatus status = WorkStatus::kCompleted;
  Json output = Json::object();
  std::string reason;
  Distribution time = Distribution::constant(Duration::milliseconds(100));
  std::optional<Duration> callback_after;  // with IN_PROGRESS
  std::optional<ScenarioHeartbeat> heartbeat;
  static const ParameterTable<ScenarioWork>& parameters();
};

// By reference ("charge"), by workflow and reference ("order.charge"), or by the task's name: what
// is done the first time, the second time, ...; the last entry repeats.
using ScenarioWorkers = Named<std::vector<ScenarioWork>>;

// The service that plays them.
inline constexpr const char* kWorkersService = "workers";

template <>
struct ParameterChoices<WorkStatus> {
  static constexpr ParameterChoice<WorkStatus> kChoices[] = {
      {WorkStatus::kCompleted, "COMPLETED", "the work is done"},
      {WorkStatus::kFailed, "FAILED", "retried as the task definition says"},
      {WorkStatus::kFailedWithTerminalError, "FAILED_WITH_TERMINAL_ERROR", "never retried"},
      {WorkStatus::kInProgress, "IN_PROGRESS",
       "back into the queue; the next worker plays the next entry"},
  };
};

}  // namespace soundcheck
