#include "models/orchestrator/worker/worker.hpp"

#include "models/orchestrator/api.hpp"
#include "models/orchestrator/execution/saga_text.hpp"

namespace soundcheck::orchestrator {
namespace {

std::string status_text(TaskStatus status) {
  switch (status) {
    case TaskStatus::kCompleted:
      return "COMPLETED";
    case TaskStatus::kFailed:
      return "FAILED";
    case TaskStatus::kFailedWithTerminalError:
      return "FAILED_WITH_TERMINAL_ERROR";
    case TaskStatus::kInProgress:
      return "IN_PROGRESS";
  }
  return "FAILED";
}

std::string queue_of(const WorkerBinding& binding) {
  return binding.domain.empty() ? binding.task_type : binding.domain + ":" + binding.task_type;
}

const WorkerBinding* find_binding(const std::vector<WorkerBinding>& bindings,
                                  const PolledTask& task) {
  for (const WorkerBinding& binding : bindings) {
    if (binding.task_type == task.task_type && binding.domain == task.domain.value_or(""))
      return &binding;
  }
  return nullptr;
}

Env env_of(const Env& env, const PolledTask& task) {
  SagaContext saga;
  saga.saga = from_saga_id(task.saga_id);
  saga.workflow = env.runtime().intern(task.workflow_name);
  saga.step = env.runtime().intern(task.reference);
  saga.attempt = static_cast<std::uint32_t>(task.retry_count);
  saga.undo = task.undo;
  return env.for_saga(saga);
}

// Passes the points that the handler of a request passes, so that faults strike work that was
// polled for as they strike work that was sent. Nothing: the result is lost on its way.
Task<std::optional<TaskResult>> carry_out(const WorkerBinding& binding, Service& service, Env env,
                                          TaskInput input) {
  std::optional<TaskResult> result;
  const auto fail = [&result](const Error& error) {
    result = TaskResult::failed(std::string(name_of(error.code)));
    return AfterFailpoint::kStop;
  };
  const AfterFailpoint start =
      env.failpoint<Failpoint::kRpcHandlerStart>(VerdictHandlers{.failed = fail});
  if (start == AfterFailpoint::kStop) co_return result;
  result = co_await binding.run(service, env, std::move(input));
  Duration delay;
  env.failpoint<Failpoint::kRpcReplyReady>(VerdictHandlers{.delayed =
                                                               [&delay](Duration time) {
                                                                 delay = time;
                                                                 return AfterFailpoint::kGoOn;
                                                               },
                                                           .dropped =
                                                               [&result] {
                                                                 result.reset();
                                                                 return AfterFailpoint::kStop;
                                                               },
                                                           .failed = fail});
  if (delay > Duration()) co_await env.sleep(delay);
  co_return result;
}

Task<void> report(Env env, UpdateTask update, WorkerSettings settings) {
  Duration pause = settings.pause_after_error;
  for (int attempt = 1; attempt <= settings.report_attempts; ++attempt) {
    Result<TaskUpdated> updated = co_await env.call(update, {.timeout = settings.report_timeout});
    if (updated || attempt == settings.report_attempts) co_return;
    co_await env.sleep(pause);
    pause = pause * 2;
  }
}

}  // namespace

Task<void> work(Env env, Service* service, const std::vector<WorkerBinding>* bindings,
                std::string worker_id, WorkerSettings settings) {
  PollTask poll;
  for (const WorkerBinding& binding : *bindings) poll.queues.push_back(queue_of(binding));
  poll.worker_id = worker_id;
  poll.wait_ms = settings.long_poll.in_milliseconds();
  const CallOptions patience{.timeout = settings.long_poll + settings.poll_margin, .repeats = true};
  for (;;) {
    Result<TaskPoll> polled = co_await env.call(poll, patience);
    if (!polled) {
      co_await env.sleep(settings.pause_after_error);
      continue;
    }
    if (!polled->task) continue;
    const PolledTask task = std::move(*polled->task);
    const Env task_env = env_of(env, task);
    TaskInput input;
    input.task_id = task.task_id;
    input.worker_id = worker_id;
    input.task_type = task.task_type;
    input.domain = task.domain.value_or("");
    input.reference = task.reference;
    input.workflow_id = task.workflow_id;
    input.saga_id = task.saga_id;
    input.retry_count = task.retry_count;
    input.input = task.input;
    const WorkerBinding* const binding = find_binding(*bindings, task);
    TaskResult result = TaskResult::terminal("no worker for this task type");
    if (binding != nullptr) {
      std::optional<TaskResult> done =
          co_await carry_out(*binding, *service, task_env, std::move(input));
      if (!done) continue;
      result = std::move(*done);
    }

    UpdateTask update;
    update.task_id = task.task_id;
    update.workflow_id = task.workflow_id;
    update.worker_id = worker_id;
    update.status = status_text(result.status);
    update.output = std::move(result.output);
    update.reason = std::move(result.reason);
    update.callback_after_seconds = result.callback_after.count() / Duration::seconds(1).count();
    co_await report(task_env, std::move(update), settings);
  }
}

}  // namespace soundcheck::orchestrator
