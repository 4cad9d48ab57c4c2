// What event handlers do when an EVENT task has published.
#include <fmt/format.h>

#include "models/orchestrator/decider/endless.hpp"
#include "models/orchestrator/decider/java_text.hpp"
#include "models/orchestrator/execution/executor.hpp"
#include "models/orchestrator/execution/saga_text.hpp"
#include "sim/core/fingerprint.hpp"

namespace soundcheck::orchestrator {
namespace {

std::string parameter_text(const Json& parameters, const char* name) {
  const auto found = parameters.find(name);
  return found == parameters.end() || found->is_null() ? std::string()
                                                       : conductor::java_text(*found);
}

Json with_event(Json values, const conductor::PublishedEvent& event) {
  if (!values.is_object()) values = Json::object();
  values["conductor.event.messageId"] = event.message_id;
  values["conductor.event.name"] = event.name;
  return values;
}

// The workflow's id says what started it, and when, so that circles are found (endless.hpp).
std::shared_ptr<const conductor::StartRequest> start_of(const conductor::EventAction& action,
                                                        const conductor::PublishedEvent& event,
                                                        const std::string& handler,
                                                        std::size_t number, Time now) {
  const Json parameters = conductor::resolved(action, event);
  auto request = std::make_shared<conductor::StartRequest>();
  request->name = action.workflow;
  request->version = action.version;
  request->input = with_event(parameters.value("input", Json::object()), event);
  request->task_to_domain = !action.task_to_domain.is_null()
                                ? action.task_to_domain
                                : event.payload.value("taskToDomain", Json::object());
  if (!request->task_to_domain.is_object()) request->task_to_domain = Json::object();
  request->correlation_id = parameter_text(parameters, "correlationId");
  request->workflow_id =
      fmt::format("{}.{}-{}.started-{}", event.message_id, handler, number, now.in_milliseconds());
  return request;
}

// By its id, or by its reference: of a loop's tasks the latest iteration's, and of several attempts
// the first (SimpleActionProcessor.completeTask).
std::optional<std::string> task_of(const conductor::Workflow& workflow, const std::string& task_id,
                                   const std::string& reference) {
  if (!task_id.empty()) return task_id;
  const conductor::TaskRow* chosen = nullptr;
  for (const conductor::TaskRow& row : workflow.rows()) {
    if (row.removed || conductor::without_iteration(row.reference) != reference) continue;
    if (!chosen || row.iteration > chosen->iteration) chosen = &row;
  }
  return chosen ? std::optional(chosen->id) : std::nullopt;
}

conductor::TaskResult result_of(const conductor::EventAction& action, Json parameters,
                                const conductor::PublishedEvent& event) {
  const Json output = parameters.value("output", Json::object());
  parameters.erase("output");
  if (output.is_object()) parameters.update(output);
  conductor::TaskResult result;
  if (action.kind == conductor::EventAction::Kind::kFailTask) {
    result.status = conductor::TaskStatus::kFailed;
    result.reason = parameter_text(parameters, "reasonForIncompletion");
  }
  result.output = with_event(std::move(parameters), event);
  return result;
}

}  // namespace

Task<void> Executor::handle_event(Env env, std::string task_id) {
  std::optional<conductor::PublishedEvent> event;
  Result<Outcome> taken =
      co_await operate(env, workflow_of_task(task_id),
                       [&](const ExecutionRef& execution) -> Result<conductor::Decision> {
                         return decider_.take_event(execution->workflow, task_id, event);
                       });
  if (!taken || *taken == Outcome::kLockedElsewhere) co_return;  // it comes back by redelivery
  if (event) {
    for (const conductor::EventHandler* const handler :
         decider_.definitions().event_handlers(event->name)) {
      if (!conductor::applies(*handler, *event, decider_.scripts())) continue;
      for (std::size_t i = 0; i < handler->actions.size(); ++i)
        co_await act_on_event(env, handler->name, i, &handler->actions[i], *event);
    }
  }
  std::vector<QueueWrite> done;
  done.push_back({QueueWrite::Kind::kRemove, conductor::kEventQueue, task_id, Time()});
  Result<bool> written = co_await host_.write(env, std::move(done));
  (void)written;  // it comes back, and finds that it has been acted on
}

// What fails is noted in Conductor's record of the event, and nothing follows from it.
Task<void> Executor::act_on_event(Env env, std::string handler, std::size_t number,
                                  const conductor::EventAction* action,
                                  conductor::PublishedEvent event) {
  if (action->kind == conductor::EventAction::Kind::kStartWorkflow) {
    auto request = start_of(*action, event, handler, number, env.clock());
    if (conductor::endless_start(request->workflow_id, request->name, event.name, env.clock()))
      co_return;
    const std::string saga_id = to_saga_id(hash_text(request->workflow_id));
    Result<WorkflowStarted> started = co_await start(env, std::move(request), saga_id, "", true);
    (void)started;
    co_return;
  }
  const Json parameters = conductor::resolved(*action, event);
  const std::string task_id = parameter_text(parameters, "taskId");
  const std::string reference = parameter_text(parameters, "taskRefName");
  const std::string workflow_id =
      task_id.empty() ? parameter_text(parameters, "workflowId") : workflow_of_task(task_id);
  conductor::TaskResult result = result_of(*action, parameters, event);
  Result<Outcome> updated = co_await operate(
      env, workflow_id, [&](const ExecutionRef& execution) -> Result<conductor::Decision> {
        const auto task = task_of(execution->workflow, task_id, reference);
        if (!task) return conductor::Decision();
        result.task_id = *task;
        return decider_.update_task(execution->workflow, result, env.clock());
      });
  (void)updated;
}

}  // namespace soundcheck::orchestrator
