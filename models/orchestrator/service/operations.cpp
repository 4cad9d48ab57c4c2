// What operators ask of a workflow.
#include <fmt/format.h>

#include "models/orchestrator/service/orchestrator.hpp"

namespace soundcheck::orchestrator {

Task<Result<OperationDone>> Orchestrator::operate(Env env, std::string id, Operation operation) {
  const bool locked = co_await lock(env, id);
  if (!locked)
    co_return failure(ErrorCode::kUnavailable, "the workflow is locked by another server");
  Result<OperationDone> answer = OperationDone{};
  Result<ExecutionRef> loaded = co_await load(env, id);
  if (!loaded) {
    answer = std::unexpected(loaded.error());
  } else if (!*loaded) {
    answer = failure(ErrorCode::kNotFound, fmt::format("no workflow {}", id));
  } else {
    const ExecutionRef execution = *loaded;
    Result<conductor::Decision> decision = operation(execution->workflow);
    if (!decision) {
      answer = std::unexpected(decision.error());
    } else {
      execution->ended_told = execution->workflow.terminal() && execution->ended_told;
      Result<bool> carried = co_await carry_out(env, execution, std::move(*decision));
      if (!carried) answer = std::unexpected(carried.error());
    }
  }
  unlock(env, id);
  co_return answer;
}

Task<Result<OperationDone>> Orchestrator::terminate_workflow(Env env, TerminateWorkflow request) {
  return operate(env, request.workflow_id, [=, this](conductor::Workflow& workflow) {
    return decider_.terminate(workflow, request.reason, env.clock());
  });
}

Task<Result<OperationDone>> Orchestrator::pause_workflow(Env env, PauseWorkflow request) {
  return operate(env, request.workflow_id, [=, this](conductor::Workflow& workflow) {
    return decider_.pause(workflow, env.clock());
  });
}

Task<Result<OperationDone>> Orchestrator::resume_workflow(Env env, ResumeWorkflow request) {
  return operate(env, request.workflow_id, [=, this](conductor::Workflow& workflow) {
    return decider_.resume(workflow, env.clock());
  });
}

Task<Result<OperationDone>> Orchestrator::retry_workflow(Env env, RetryWorkflow request) {
  return operate(env, request.workflow_id, [=, this](conductor::Workflow& workflow) {
    return decider_.retry(workflow, env.clock());
  });
}

Task<Result<OperationDone>> Orchestrator::restart_workflow(Env env, RestartWorkflow request) {
  return operate(env, request.workflow_id, [=, this](conductor::Workflow& workflow) {
    return decider_.restart(workflow, request.latest_definition, env.clock());
  });
}

Task<Result<OperationDone>> Orchestrator::rerun_workflow(Env env, RerunWorkflow request) {
  conductor::Decider::Rerun rerun;
  rerun.from_task_id = request.from_task_id;
  if (!request.task_input.is_null()) rerun.task_input = request.task_input;
  if (!request.workflow_input.is_null()) rerun.workflow_input = request.workflow_input;
  return operate(env, request.workflow_id, [=, this](conductor::Workflow& workflow) {
    return decider_.rerun(workflow, rerun, env.clock());
  });
}

Task<Result<OperationDone>> Orchestrator::skip_task(Env env, SkipTask request) {
  return operate(env, request.workflow_id, [=, this](conductor::Workflow& workflow) {
    return decider_.skip(workflow, request.reference, request.task_input, request.task_output,
                         env.clock());
  });
}

}  // namespace soundcheck::orchestrator
