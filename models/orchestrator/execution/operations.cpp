// Conductor's API on workflows and tasks.
#include "models/orchestrator/execution/executor.hpp"

namespace soundcheck::orchestrator {

using conductor::Decision;

Task<Result<Executor::Outcome>> Executor::terminate(Env env, std::string workflow_id,
                                                    std::string reason) {
  return operate(env, std::move(workflow_id), [=, this](const ExecutionRef& execution) {
    return decider_.terminate(execution->workflow, reason, env.clock());
  });
}

Task<Result<Executor::Outcome>> Executor::pause(Env env, std::string workflow_id) {
  return operate(env, std::move(workflow_id), [=, this](const ExecutionRef& execution) {
    return decider_.pause(execution->workflow, env.clock());
  });
}

Task<Result<Executor::Outcome>> Executor::resume(Env env, std::string workflow_id) {
  return operate(env, std::move(workflow_id), [=, this](const ExecutionRef& execution) {
    return decider_.resume(execution->workflow, env.clock());
  });
}

Task<Result<Executor::Outcome>> Executor::retry(Env env, std::string workflow_id,
                                                bool in_children) {
  while (in_children) {
    Result<ExecutionRef> looked = co_await look(env, workflow_id);
    if (!looked) co_return std::unexpected(looked.error());
    if (!*looked) co_return Outcome::kMissing;
    const conductor::Workflow& workflow = (*looked)->workflow;
    if (!workflow.terminal()) break;
    if (!conductor::Decider::has_failed_task(workflow)) co_return Outcome::kCarriedOut;
    const std::optional<std::string> child_id = conductor::Decider::child_to_retry(workflow);
    if (!child_id) break;
    Result<ExecutionRef> child = co_await look(env, *child_id);
    if (!child) co_return std::unexpected(child.error());
    if (!*child || !conductor::Decider::has_failed_task((*child)->workflow)) break;
    workflow_id = *child_id;
  }
  Result<Outcome> outcome =
      co_await operate(env, workflow_id, [&](const ExecutionRef& execution) -> Result<Decision> {
        return decider_.retry(execution->workflow, env.clock());
      });
  co_return outcome;
}

Task<Result<Executor::Outcome>> Executor::restart(Env env, std::string workflow_id,
                                                  bool latest_definition) {
  return operate(env, std::move(workflow_id), [=, this](const ExecutionRef& execution) {
    return decider_.restart(execution->workflow, latest_definition, env.clock());
  });
}

Task<Result<Executor::Outcome>> Executor::rerun(Env env, std::string workflow_id,
                                                conductor::Decider::Rerun request) {
  Result<ExecutionRef> looked = co_await look(env, workflow_id);
  if (!looked) co_return std::unexpected(looked.error());
  if (!*looked) co_return Outcome::kMissing;
  std::vector<std::pair<std::string, std::string>> children;  // SUB_WORKFLOW task, child
  const conductor::Workflow& workflow = (*looked)->workflow;
  const bool elsewhere = !request.from_task_id.empty() && !workflow.find_task(request.from_task_id);
  for (const conductor::TaskRow& row : workflow.rows()) {
    const bool child = !row.removed && row.kind == conductor::TaskType::kSubWorkflow &&
                       !row.sub_workflow_id.empty();
    if (elsewhere && workflow.terminal() && child)
      children.emplace_back(row.id, row.sub_workflow_id);
  }
  for (const auto& [task_id, child_id] : children) {
    conductor::Decider::Rerun below = request;
    below.workflow_input.reset();
    below.correlation_id.reset();
    below.parents = conductor::Decider::Parents::kLeft;  // this one is revived here
    Result<Outcome> reran = co_await rerun(env, child_id, below);
    if (!reran || *reran != Outcome::kCarriedOut) continue;
    request.from_task_id = task_id;
    request.in_child = true;
    break;
  }
  Result<Outcome> outcome = co_await operate(
      env, workflow_id,
      [&](const ExecutionRef& execution) -> Result<Decision> {
        return decider_.rerun(execution->workflow, request, env.clock());
      },
      [&](ExecutionRef parent) {
        const std::string task_id = request.in_child ? request.from_task_id : std::string();
        return retry_fallen_children(env, std::move(parent), task_id, &request.children_that_go_on);
      });
  co_return outcome;
}

Task<Result<Executor::Outcome>> Executor::skip(Env env, std::string workflow_id,
                                               std::string reference, Json input, Json output) {
  return operate(env, std::move(workflow_id), [=, this](const ExecutionRef& execution) {
    return decider_.skip(execution->workflow, reference, input, output, env.clock());
  });
}

Task<Result<Executor::Outcome>> Executor::reset_callbacks(Env env, std::string workflow_id) {
  return operate(env, std::move(workflow_id), [=, this](const ExecutionRef& execution) {
    return decider_.reset_callbacks(execution->workflow, env.clock());
  });
}

Task<Result<bool>> Executor::update(Env env, std::string workflow_id,
                                    conductor::TaskResult result) {
  bool waited_for = false;
  Result<Outcome> outcome =
      co_await operate(env, workflow_id, [&](const ExecutionRef& execution) -> Result<Decision> {
        const conductor::Workflow& workflow = execution->workflow;
        const auto row = workflow.find_task(result.task_id);
        waited_for = row && !workflow.row(*row).terminal() && !workflow.terminal();
        return decider_.update_task(execution->workflow, result, env.clock());
      });
  if (!outcome) co_return std::unexpected(outcome.error());
  if (*outcome == Outcome::kLockedElsewhere)
    co_return failure(ErrorCode::kUnavailable, "the workflow is locked by another server");
  co_return waited_for;
}

}  // namespace soundcheck::orchestrator
