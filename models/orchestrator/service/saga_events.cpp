#include "models/orchestrator/service/saga_events.hpp"

#include "models/orchestrator/execution/saga_text.hpp"
#include "sim/events/saga_status.hpp"

namespace soundcheck::orchestrator {
namespace {

bool worth_telling(conductor::TaskType type) {
  return type == conductor::TaskType::kSimple || type == conductor::TaskType::kHuman ||
         type == conductor::TaskType::kHttp || type == conductor::TaskType::kWait;
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
  Event event;
  event.saga = execution.saga;
  const NameId name = execution.name;
  const std::int64_t compensation = execution.failure_of.empty() ? 0 : 1;
  const bool own = workflow.parent_id.empty();  // a child is a part of its parent's saga
  if (rows.create && own) {
    Event started = event;
    started.kind = EventKind::kSagaStarted;
    started.name = name;
    started.extra = compensation;
    rows.events.push_back(started);
  }
  for (const std::size_t index : changes.rows) {
    const conductor::TaskRow& row = workflow.row(index);
    if (!worth_telling(row.kind)) continue;
    auto& told = execution.stored_rows[number_of_task(row.id)];
    if (told == row.status) continue;
    told = row.status;
    Event step = event;
    step.kind = EventKind::kSagaStep;
    step.name = runtime.intern(row.reference);
    step.other = name;
    step.code = static_cast<std::uint16_t>(row.status);
    step.value = row.retry_count;
    step.extra = compensation;
    rows.events.push_back(step);
    if (row.kind == conductor::TaskType::kHuman &&
        row.status == conductor::TaskStatus::kInProgress) {
      step.kind = EventKind::kSagaNeedsHuman;
      rows.events.push_back(step);
    }
  }
  if (!workflow.terminal()) execution.ended_told = false;  // an operator may have revived it
  if (rows.record && workflow.terminal() && !execution.ended_told && own) {
    execution.ended_told = true;
    Event ended = event;
    ended.kind = EventKind::kSagaEnded;
    ended.name = name;
    if (const auto failed = workflow.find_task(workflow.failed_task_id)) {
      ended.other = runtime.intern(workflow.row(*failed).reference);
    }
    ended.code = static_cast<std::uint16_t>(workflow.status);
    ended.value = (env.clock() - workflow.created).count();
    ended.extra = compensation;
    rows.events.push_back(ended);
  }
}

}  // namespace soundcheck::orchestrator
