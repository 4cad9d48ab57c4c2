// What clients and workers can ask.
#include <fmt/format.h>

#include "models/orchestrator/execution/saga_text.hpp"
#include "models/orchestrator/service/orchestrator.hpp"

namespace soundcheck::orchestrator {
namespace {

// A poll that nobody can answer waits without a timer.
struct StartParking {
  QueueView* view;
  const std::vector<std::string>* queues;
  Duration hold;
  void operator()(Runtime& runtime, const ContextRef& context, SlotRef slot) const {
    view->wait(*queues, slot, runtime.completions());
    runtime.idling()->park(context, hold, slot);
  }
  void finish(Nothing) const {}
};

// While polls are parked, those that their workers would send keep their domains active.
class ParkedPolls {
 public:
  ParkedPolls(conductor::PollData& polls, const std::vector<std::string>& queues, Time now,
              Duration hold)
      : polls_(polls), queues_(queues) {
    for (const std::string& queue : queues_) polls_.begin_repeating(queue, now, hold);
  }
  ~ParkedPolls() {
    if (ended_) return;
    for (const std::string& queue : queues_) polls_.abandon_repeating(queue);
  }
  ParkedPolls(const ParkedPolls&) = delete;
  ParkedPolls& operator=(const ParkedPolls&) = delete;
  void end(Time now) {
    for (const std::string& queue : queues_) polls_.end_repeating(queue, now);
    ended_ = true;
  }

 private:
  conductor::PollData& polls_;
  const std::vector<std::string>& queues_;
  bool ended_ = false;
};

PolledTask polled_task(const Execution& execution, std::size_t row) {
  const conductor::TaskRow& task = execution.workflow.row(row);
  PolledTask polled;
  polled.task_id = task.id;
  polled.task_type = task.type;
  polled.domain = task.domain;
  polled.reference = task.reference;
  polled.workflow_id = execution.workflow.id;
  polled.workflow_name = execution.workflow.name();
  polled.saga_id = execution.saga_id;
  polled.undo = !execution.failure_of.empty();
  polled.retry_count = task.retry_count;
  polled.response_timeout_ms =
      task.node != nullptr ? task.node->definition.response_timeout_seconds * 1000 : 0;
  polled.input = task.input;
  return polled;
}

void answered(const Env& env, bool taken) {
  TaskEffects* const effects = env.runtime().task_effects();
  const std::uint32_t execution = env.context()->saga.execution;
  if (effects != nullptr && execution != 0) effects->answered(execution, taken);
}

}  // namespace

Orchestrator::Orchestrator(Shared& shared, std::uint64_t replica_id, RandomStream jitter)
    : shared_(shared),
      jitter_(jitter),
      host_(shared, replica_id),
      executor_(conductor::Decider(shared.definitions, *shared.scripts, jitter_, shared.settings,
                                   &shared.polls),
                shared.limits, host_) {}

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
  start_request->task_to_domain = std::move(request.task_to_domain);
  start_request->workflow_id = saga_id;  // so that a second start of the saga finds the first one
  Result<WorkflowStarted> started =
      co_await executor_.start(env, std::move(start_request), saga_id, "", true);
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
    std::optional<QueueView::Found> message = co_await take(env, request.queues, deadline);
    if (message) {
      std::optional<Executor::HandedOut> handed_out =
          co_await executor_.hand_out(env, message->queue, message->message, request.worker_id);
      if (handed_out) answer.task = polled_task(*handed_out->execution, handed_out->row);
    } else {
      const bool waited_out = env.clock() >= deadline;
      Idling* const idling = env.runtime().idling();
      const bool parks = waited_out && idling != nullptr && idling->may_park(env.context(), hold);
      if (!parks) break;
      ParkedPolls parked(shared_.polls, request.queues, env.clock(), hold);
      co_await CompletionAwaiter<Nothing, StartParking>(env.context(),
                                                        {&shared_.queues, &request.queues, hold});
      parked.end(env.clock());
      deadline = env.clock() + idling->resume(env.context());
    }
  }
  for (const std::string& queue : request.queues) shared_.polls.note(queue, env.clock());
  co_return answer;
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
  const bool is_answer = result.status != conductor::TaskStatus::kInProgress;
  Result<bool> accepted = co_await executor_.update(env, request.workflow_id, std::move(result));
  if (!accepted) co_return std::unexpected(accepted.error());
  if (is_answer) answered(env, *accepted);
  co_return TaskUpdated{*accepted};
}

Task<Result<TaskUpdated>> Orchestrator::signal_task(Env env, SignalTask request) {
  const auto status = conductor::task_status_from(request.status);
  if (!status)
    co_return failure(ErrorCode::kInvalid, fmt::format("no task status '{}'", request.status));
  conductor::TaskResult result;
  result.reference = request.reference;
  result.status = *status;
  result.output = std::move(request.output);
  result.reason = std::move(request.reason);
  std::vector<std::string> workflow_ids{request.workflow_id};
  if (request.workflow_id.empty()) {
    Result<std::vector<std::string>> running =
        co_await env.read(running_workflows, request.saga_id, request.workflow);
    if (!running) co_return std::unexpected(running.error());
    workflow_ids = std::move(*running);
  }
  TaskUpdated updated;
  for (const std::string& workflow_id : workflow_ids) {
    Result<bool> accepted = co_await executor_.update(env, workflow_id, result);
    if (!accepted) co_return std::unexpected(accepted.error());
    updated.accepted = updated.accepted || *accepted;
  }
  co_return updated;
}

Task<Result<LeaseExtended>> Orchestrator::extend_lease(Env env, ExtendLease request) {
  conductor::TaskResult result;
  result.task_id = request.task_id;
  result.status = conductor::TaskStatus::kInProgress;
  result.worker_id = std::move(request.worker_id);
  result.extend_lease = true;
  Result<bool> accepted = co_await executor_.update(env, request.workflow_id, std::move(result));
  if (!accepted) co_return std::unexpected(accepted.error());
  co_return LeaseExtended{*accepted};
}

}  // namespace soundcheck::orchestrator
