// What clients and workers can ask.
#include <fmt/format.h>

#include "models/orchestrator/decider/workflow_json.hpp"
#include "models/orchestrator/service/orchestrator.hpp"
#include "models/orchestrator/service/saga_text.hpp"

namespace soundcheck::orchestrator {
namespace {

// A poll that nobody can answer waits without a timer.
struct StartParking {
  MessageBoard* board;
  const std::vector<std::string>* queues;
  Duration hold;
  void operator()(Runtime& runtime, const ContextRef& context, SlotRef slot) const {
    board->wait(*queues, slot, runtime.completions());
    runtime.park(context, hold, slot);
  }
  void finish(Nothing) const {}
};

}  // namespace

Orchestrator::Orchestrator(Shared& shared, std::uint64_t replica_id, RandomStream jitter)
    : shared_(shared),
      owner_(replica_id),
      jitter_(jitter),
      decider_(shared.definitions, *shared.scripts, jitter_) {}

Task<Result<WorkflowStarted>> Orchestrator::start_workflow(Env env, StartWorkflow request) {
  if (shared_.definitions.workflow(request.name, std::nullopt) == nullptr) {
    co_return failure(ErrorCode::kNotFound, fmt::format("no workflow named {}", request.name));
  }
  std::string saga_id = std::move(request.saga_id);
  if (saga_id.empty()) saga_id = to_saga_id(env.random().bits() | 1);
  auto start_request = std::make_shared<conductor::StartRequest>();
  start_request->name = request.name;
  if (request.version > 0) start_request->version = static_cast<std::int32_t>(request.version);
  start_request->input = std::move(request.input);
  start_request->correlation_id = request.correlation_id.empty() ? saga_id : request.correlation_id;
  start_request->workflow_id = saga_id;  // so that a second start of the saga finds the first one
  Result<WorkflowStarted> started =
      co_await start(env, std::move(start_request), saga_id, "", true);
  co_return started;
}

Task<Result<WorkflowView>> Orchestrator::get_workflow(Env env, GetWorkflow request) {
  Result<std::optional<WorkflowRecord>> found =
      request.workflow_id.empty() ? co_await env.read(find_saga, request.saga_id)
                                  : co_await env.read(find_workflow, request.workflow_id);
  if (!found) co_return std::unexpected(found.error());
  WorkflowView view;
  if (!*found) co_return view;
  const Json record = Json::parse((*found)->record);
  view.found = true;
  view.workflow_id = (*found)->workflow_id;
  view.status = (*found)->status;
  view.reason = record.value("reasonForIncompletion", std::string());
  view.output = record.value("output", Json::object());
  co_return view;
}

Task<Result<TaskPoll>> Orchestrator::poll_task(Env env, PollTask request) {
  const Duration hold = Duration::milliseconds(request.wait_ms);
  Time deadline = env.clock() + hold;
  TaskPoll answer;
  while (!answer.task) {
    std::optional<MessageBoard::Found> message = co_await take(env, request.task_types, deadline);
    if (message) {
      answer.task = co_await hand_out(env, *message, request.worker_id);
    } else {
      const bool waited_out = env.clock() >= deadline;
      if (!waited_out || !env.runtime().may_park(env.context(), hold)) co_return answer;
      co_await CompletionAwaiter<Nothing, StartParking>(
          env.context(), {&shared_.board, &request.task_types, hold});
      deadline = env.clock() + env.runtime().resume(env.context());
    }
  }
  co_return answer;
}

Task<std::optional<PolledTask>> Orchestrator::hand_out(Env env, MessageBoard::Found message,
                                                       std::string worker_id) {
  const std::string workflow_id = workflow_of_task(message.message);
  const bool locked = co_await lock(env, workflow_id);
  if (!locked) co_return std::nullopt;  // the message comes back by redelivery
  std::optional<PolledTask> polled;
  Result<ExecutionRef> loaded = co_await load(env, workflow_id);
  if (loaded && *loaded) {
    const ExecutionRef execution = *loaded;
    const auto row = execution->workflow.find_task(message.message);
    env_for(env, *execution, row ? &execution->workflow.row(*row) : nullptr)
        .failpoint<Failpoint::kOrchestratorAfterPop>();
    conductor::HandOut out = decider_.hand_out(execution->workflow, message.message, worker_id,
                                               shared_.limits, env.clock());
    Result<bool> carried = co_await carry_out(env, execution, std::move(out.decision));
    if (carried && out.outcome == conductor::HandOut::Outcome::kHandedOut) {
      const auto index = execution->workflow.find_task(message.message);
      const conductor::TaskRow& task = execution->workflow.row(*index);
      polled.emplace();
      polled->task_id = task.id;
      polled->task_type = task.type;
      polled->reference = task.reference;
      polled->workflow_id = workflow_id;
      polled->workflow_name = execution->workflow.name();
      polled->saga_id = execution->saga_id;
      polled->undo = !execution->failure_of.empty();
      polled->retry_count = task.retry_count;
      polled->response_timeout_ms =
          task.node != nullptr ? task.node->definition.response_timeout_seconds * 1000 : 0;
      polled->input = task.input;
    }
  } else if (loaded) {
    // A message of a workflow that the database does not have: nothing to work on.
    std::vector<QueueWrite> gone{
        {QueueWrite::Kind::kRemove, message.queue, message.message, Time()}};
    Result<bool> removed = co_await flush_queue(env, &gone);
    (void)removed;
  }
  unlock(env, workflow_id);
  co_return polled;
}

Task<Result<TaskUpdated>> Orchestrator::update_task(Env env, UpdateTask request) {
  const auto status = conductor::task_status_from(request.status);
  if (!status)
    co_return failure(ErrorCode::kInvalid, fmt::format("no task status '{}'", request.status));
  conductor::TaskResult result;
  result.task_id = request.task_id;
  result.status = *status;
  result.output = std::move(request.output);
  result.reason = std::move(request.reason);
  result.worker_id = std::move(request.worker_id);
  result.callback_after_seconds = request.callback_after_seconds;
  Result<bool> accepted = co_await apply_result(env, request.workflow_id, std::move(result));
  if (!accepted) co_return std::unexpected(accepted.error());
  co_return TaskUpdated{*accepted};
}

Task<Result<LeaseExtended>> Orchestrator::extend_lease(Env env, ExtendLease request) {
  conductor::TaskResult result;
  result.task_id = request.task_id;
  result.status = conductor::TaskStatus::kInProgress;
  result.worker_id = std::move(request.worker_id);
  result.extend_lease = true;
  Result<bool> accepted = co_await apply_result(env, request.workflow_id, std::move(result));
  if (!accepted) co_return std::unexpected(accepted.error());
  co_return LeaseExtended{*accepted};
}

Task<Result<bool>> Orchestrator::apply_result(Env env, std::string workflow_id,
                                              conductor::TaskResult result) {
  const bool locked = co_await lock(env, workflow_id);
  if (!locked)
    co_return failure(ErrorCode::kUnavailable, "the workflow is locked by another server");
  Result<bool> outcome = false;
  Result<ExecutionRef> loaded = co_await load(env, workflow_id);
  if (!loaded) {
    outcome = std::unexpected(loaded.error());
  } else if (*loaded) {
    const ExecutionRef execution = *loaded;
    Result<conductor::Decision> decision =
        decider_.update_task(execution->workflow, result, env.clock());
    if (!decision) {
      outcome = std::unexpected(decision.error());
    } else {
      const bool effective = !decision->effects.empty();
      outcome = co_await carry_out(env, execution, std::move(*decision));
      if (outcome) outcome = effective;
    }
  }
  unlock(env, workflow_id);
  co_return outcome;
}

}  // namespace soundcheck::orchestrator
