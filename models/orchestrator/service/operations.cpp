// What operators ask of a workflow.
#include <fmt/format.h>

#include "models/orchestrator/service/orchestrator.hpp"

namespace soundcheck::orchestrator {
namespace {

Result<OperationDone> answer_of(const Result<Executor::Outcome>& outcome, const std::string& id) {
  if (!outcome) return std::unexpected(outcome.error());
  switch (*outcome) {
    case Executor::Outcome::kCarriedOut:
      return OperationDone{};
    case Executor::Outcome::kMissing:
      return failure(ErrorCode::kNotFound, fmt::format("no workflow {}", id));
    case Executor::Outcome::kLockedElsewhere:
      return failure(ErrorCode::kUnavailable, "the workflow is locked by another server");
  }
  return OperationDone{};
}

}  // namespace

Task<Result<OperationDone>> Orchestrator::terminate_workflow(Env env, TerminateWorkflow request) {
  const std::string id = request.workflow_id;
  Result<Executor::Outcome> outcome = co_await executor_.terminate(env, id, request.reason);
  co_return answer_of(outcome, id);
}

Task<Result<OperationDone>> Orchestrator::pause_workflow(Env env, PauseWorkflow request) {
  const std::string id = request.workflow_id;
  Result<Executor::Outcome> outcome = co_await executor_.pause(env, id);
  co_return answer_of(outcome, id);
}

Task<Result<OperationDone>> Orchestrator::resume_workflow(Env env, ResumeWorkflow request) {
  const std::string id = request.workflow_id;
  Result<Executor::Outcome> outcome = co_await executor_.resume(env, id);
  co_return answer_of(outcome, id);
}

Task<Result<OperationDone>> Orchestrator::retry_workflow(Env env, RetryWorkflow request) {
  const std::string id = request.workflow_id;
  Result<Executor::Outcome> outcome = co_await executor_.retry(env, id, request.in_children);
  co_return answer_of(outcome, id);
}

Task<Result<OperationDone>> Orchestrator::restart_workflow(Env env, RestartWorkflow request) {
  const std::string id = request.workflow_id;
  Result<Executor::Outcome> outcome =
      co_await executor_.restart(env, id, request.latest_definition);
  co_return answer_of(outcome, id);
}

Task<Result<OperationDone>> Orchestrator::rerun_workflow(Env env, RerunWorkflow request) {
  const std::string id = request.workflow_id;
  conductor::Decider::Rerun rerun;
  rerun.from_task_id = request.from_task_id;
  if (!request.task_input.is_null()) rerun.task_input = request.task_input;
  if (!request.workflow_input.is_null()) rerun.workflow_input = request.workflow_input;
  Result<Executor::Outcome> outcome = co_await executor_.rerun(env, id, std::move(rerun));
  co_return answer_of(outcome, id);
}

Task<Result<OperationDone>> Orchestrator::skip_task(Env env, SkipTask request) {
  const std::string id = request.workflow_id;
  Result<Executor::Outcome> outcome =
      co_await executor_.skip(env, id, request.reference, request.task_input, request.task_output);
  co_return answer_of(outcome, id);
}

}  // namespace soundcheck::orchestrator
