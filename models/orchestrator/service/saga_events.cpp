#include "models/orchestrator/service/saga_events.hpp"

#include <algorithm>

#include "models/orchestrator/execution/saga_text.hpp"
#include "sim/events/event.hpp"
#include "sim/events/saga_status.hpp"

namespace soundcheck::orchestrator {
namespace {

bool worth_telling(conductor::TaskType type) {
  return type == conductor::TaskType::kSimple || type == conductor::TaskType::kHuman ||
         type == conductor::TaskType::kHttp || type == conductor::TaskType::kWait;
}

// The JOIN for which alone a workflow waits.
const conductor::TaskRow* only_join(const conductor::Workflow& workflow) {
  if (workflow.terminal() || workflow.open_rows() != 1) return nullptr;
  const auto& rows = workflow.rows();
  const auto open = std::find_if(rows.rbegin(), rows.rend(), [](const conductor::TaskRow& row) {
    return !row.removed && !row.terminal();
  });
  const bool joins = open != rows.rend() && open->kind == conductor::TaskType::kJoin;
  return joins ? &*open : nullptr;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> saga_plan(const conductor::Blueprint& blueprint) {
  std::vector<std::pair<std::string, std::string>> plan;
  const Json& source = blueprint.definition().source;
  const auto role_of = [](const Json& task) {
    const auto metadata = task.find("metadata");
    return metadata != task.end() && metadata->is_object() ? metadata->value("role", std::string())
                                                           : std::string();
  };
  for (const Json& task : source.value("tasks", Json::array())) {
    const std::string role = role_of(task);
    if (!role.empty()) plan.emplace_back(task.value("taskReferenceName", std::string()), role);
  }
  const Json metadata = source.value("metadata", Json::object());
  for (const Json& step : metadata.value("byEvent", Json::array())) {
    plan.emplace_back(step.value("step", std::string()), step.value("role", std::string()));
  }
  return plan;
}

void add_saga_events(const Env& env, Execution& execution, const Changes& changes,
                     RowsWrite& rows) {
  const conductor::Workflow& workflow = execution.workflow;
  Runtime& runtime = env.runtime();
  const NameId name = execution.name;
  const bool compensation = !execution.failure_of.empty();
  const bool own = workflow.parent_id.empty();  // a child is a part of its parent's saga
  if (rows.create && own) {
    rows.events.push_back(Event::of(
        SagaStarted{.saga = execution.saga, .workflow = name, .compensation = compensation}));
  }
  bool any_told = false;
  for (const std::size_t index : changes.rows) {
    const conductor::TaskRow& row = workflow.row(index);
    if (!worth_telling(row.kind)) continue;
    auto& told = execution.stored_rows[number_of_task(row.id)];
    if (told == row.status) continue;
    told = row.status;
    any_told = true;
    const SagaStep step{.saga = execution.saga,
                        .step = runtime.intern(row.reference),
                        .workflow = name,
                        .status = static_cast<SagaTaskStatus>(row.status),
                        .attempt = row.retry_count,
                        .compensation = compensation};
    rows.events.push_back(Event::of(step));
    if (row.kind == conductor::TaskType::kHuman &&
        row.status == conductor::TaskStatus::kInProgress) {
      rows.events.push_back(Event::of(SagaNeedsHuman{.saga = step.saga,
                                                     .step = step.step,
                                                     .workflow = step.workflow,
                                                     .status = step.status,
                                                     .attempt = step.attempt,
                                                     .compensation = step.compensation}));
    }
  }
  // Where it is now.
  if (const conductor::TaskRow* const join = any_told ? only_join(workflow) : nullptr) {
    rows.events.push_back(Event::of(SagaStep{.saga = execution.saga,
                                             .step = runtime.intern(join->reference),
                                             .workflow = name,
                                             .status = static_cast<SagaTaskStatus>(join->status),
                                             .attempt = join->retry_count,
                                             .compensation = compensation}));
  }
  if (changes.erase && own) {  // it was told to have started
    rows.events.push_back(Event::of(SagaEnded{.saga = execution.saga,
                                              .workflow = name,
                                              .status = SagaStatus::kFailed,
                                              .took = env.clock() - workflow.created,
                                              .compensation = compensation}));
    return;
  }
  if (!workflow.terminal()) execution.ended_told = false;  // an operator may have revived it
  if (rows.record && workflow.terminal() && !execution.ended_told && own) {
    execution.ended_told = true;
    const auto failed = workflow.find_task(workflow.failed_task_id);
    rows.events.push_back(Event::of(
        SagaEnded{.saga = execution.saga,
                  .workflow = name,
                  .stopped_at = failed ? runtime.intern(workflow.row(*failed).reference) : NameId(),
                  .status = static_cast<SagaStatus>(workflow.status),
                  .took = env.clock() - workflow.created,
                  .compensation = compensation}));
  }
}

}  // namespace soundcheck::orchestrator
