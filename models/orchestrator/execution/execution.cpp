#include "models/orchestrator/execution/execution.hpp"

#include <algorithm>

#include "models/orchestrator/decider/workflow_json.hpp"
#include "models/orchestrator/execution/saga_text.hpp"

namespace soundcheck::orchestrator {

ExecutionRef execution_of(const Env& env, conductor::Workflow workflow, std::string saga_id,
                          std::string failure_of) {
  auto execution = std::make_shared<Execution>();
  execution->workflow = std::move(workflow);
  execution->saga_id = std::move(saga_id);
  execution->failure_of = std::move(failure_of);
  execution->saga = from_saga_id(execution->saga_id);
  execution->name = env.runtime().intern(execution->workflow.name());
  return execution;
}

Env env_for(const Env& env, const Execution& execution, const conductor::TaskRow* row) {
  SagaContext saga;
  saga.saga = execution.saga;
  saga.workflow = execution.name;
  saga.undo = !execution.failure_of.empty();
  if (row != nullptr) {
    saga.step = env.runtime().intern(row->reference);
    saga.attempt = static_cast<std::uint32_t>(row->retry_count);
  }
  return env.for_saga(saga);
}

ChangedTexts write_down(Execution& execution, const Changes& changes) {
  const conductor::Workflow& workflow = execution.workflow;
  ChangedTexts texts;
  if (changes.record) {
    std::string lasting = conductor::lasting_record_text(workflow);
    if (lasting != execution.lasting || !changes.deleted_tasks.empty()) {
      execution.lasting = std::move(lasting);
      texts.record = conductor::to_stored_record(execution.lasting, workflow);
    }
  }
  for (const std::size_t index : changes.rows) {
    const conductor::TaskRow& row = workflow.row(index);
    const std::int64_t number = number_of_task(row.id);
    const bool is_new = execution.stored_rows.try_emplace(number).second;
    texts.tasks.push_back({number, conductor::to_stored_text(row), is_new});
  }
  if (texts.statements(changes) > 0) ++execution.stores;
  return texts;
}

ExecutionRef read_back(const Env& env, const StoredWorkflow& stored,
                       const conductor::Definitions& definitions) {
  std::vector<Json> rows;
  for (const std::string& task : stored.tasks) rows.push_back(Json::parse(task));
  ExecutionRef execution = execution_of(
      env, conductor::workflow_from_json(Json::parse(stored.record), rows, definitions),
      stored.saga_id, stored.failure_of);
  execution->lasting = conductor::lasting_record_text(execution->workflow);
  execution->ended_told = execution->workflow.terminal();
  for (const conductor::TaskRow& row : execution->workflow.rows()) {
    execution->stored_rows[number_of_task(row.id)] = row.status;
    // The record was not stored again for each row.
    execution->workflow.updated = std::max(execution->workflow.updated, row.updated);
  }
  return execution;
}

}  // namespace soundcheck::orchestrator
