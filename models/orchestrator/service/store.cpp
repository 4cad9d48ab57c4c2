#include "models/orchestrator/service/store.hpp"

namespace soundcheck::orchestrator {
namespace {

std::optional<std::string> or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

bool store_record(Transaction& transaction, const WorkflowRecord& record, bool create) {
  static constexpr Sql kInsert{
      "INSERT INTO orchestrator.workflows (workflow_id, name, saga_id, status, parent_id, "
      "failure_of, has_failure_wf, "
      "started_at, ended_at, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
      "ON CONFLICT (workflow_id) DO NOTHING"};
  static constexpr Sql kUpdate{
      "UPDATE orchestrator.workflows SET status = ?2, ended_at = ?3, record = ?4, "
      "owes_failure_wf = CASE WHEN ?2 IN ('FAILED', 'TIMED_OUT') AND has_failure_wf = 1 AND "
      "NOT EXISTS (SELECT 1 FROM orchestrator.workflows f WHERE f.failure_of = ?1) "
      "THEN 1 ELSE 0 END WHERE workflow_id = ?1"};
  static constexpr Sql kOwesNothing{
      "UPDATE orchestrator.workflows SET owes_failure_wf = 0 WHERE workflow_id = ?1"};
  if (create) {
    if (!record.failure_of.empty()) transaction.execute(kOwesNothing, record.failure_of);
    return transaction.execute(kInsert, record.workflow_id, record.name, record.saga_id,
                               record.status, or_null(record.parent_id), or_null(record.failure_of),
                               record.has_failure_workflow, record.started_at, record.ended_at,
                               record.record) == 1;
  }
  transaction.execute(kUpdate, record.workflow_id, record.status, record.ended_at, record.record);
  return true;
}

// Without a lock two servers may both end a workflow, which ends once.
bool has_ended(Transaction& transaction, const std::string& workflow_id) {
  static constexpr Sql kEnded{
      "SELECT 1 FROM orchestrator.workflows WHERE workflow_id = ?1 "
      "AND status NOT IN ('RUNNING', 'PAUSED')"};
  return transaction.one(kEnded, workflow_id).has_value();
}

WorkflowRecord read_record(const SqlRow& row) {
  WorkflowRecord record;
  record.workflow_id = row.text(0);
  record.name = row.text(1);
  record.saga_id = row.text(2);
  record.status = row.text(3);
  record.record = row.text(4);
  return record;
}

}  // namespace

bool store_rows(Transaction& transaction, const RowsWrite& write) {
  static constexpr Sql kClaim{
      "INSERT INTO orchestrator.scheduled (workflow_id, task_key, number) VALUES (?1, ?2, ?3) "
      "ON CONFLICT (workflow_id, task_key) DO NOTHING"};
  static constexpr Sql kFree{
      "DELETE FROM orchestrator.scheduled WHERE workflow_id = ?1 AND number = ?2"};
  static constexpr Sql kFreeAll{"DELETE FROM orchestrator.scheduled WHERE workflow_id = ?1"};
  static constexpr Sql kTask{
      "INSERT INTO orchestrator.tasks (workflow_id, number, task) VALUES (?1, ?2, ?3) "
      "ON CONFLICT (workflow_id, number) DO UPDATE SET task = ?3"};
  static constexpr Sql kChange{
      "UPDATE orchestrator.tasks SET task = ?3 WHERE workflow_id = ?1 AND number = ?2"};
  static constexpr Sql kDelete{
      "DELETE FROM orchestrator.tasks WHERE workflow_id = ?1 AND number = ?2"};
  static constexpr Sql kStep{
      "INSERT INTO orchestrator.steps (saga_id, step, role) VALUES (?1, ?2, ?3) ON CONFLICT "
      "(saga_id, step) DO NOTHING"};
  static constexpr Sql kEraseTasks{"DELETE FROM orchestrator.tasks WHERE workflow_id = ?1"};
  static constexpr Sql kErase{"DELETE FROM orchestrator.workflows WHERE workflow_id = ?1"};
  if (write.erase) {
    transaction.execute(kEraseTasks, write.workflow_id);
    transaction.execute(kErase, write.workflow_id);
    if (write.unlocked) transaction.execute(kFreeAll, write.workflow_id);
  }
  const bool ended_before = write.unlocked && has_ended(transaction, write.workflow_id);
  if (write.record && !store_record(transaction, *write.record, write.create)) return false;
  for (const TaskText& task : write.tasks) {
    if (!task.key.empty() &&
        transaction.execute(kClaim, write.workflow_id, task.key, task.number) == 0)
      continue;
    // A database that lost what it had acknowledged may lack the row after all.
    if (task.is_new || transaction.execute(kChange, write.workflow_id, task.number, task.json) == 0)
      transaction.execute(kTask, write.workflow_id, task.number, task.json);
  }
  for (const std::int64_t number : write.deleted_tasks) {
    transaction.execute(kDelete, write.workflow_id, number);
    if (write.unlocked) transaction.execute(kFree, write.workflow_id, number);
  }
  for (const auto& [step, role] : write.plan)
    transaction.execute(kStep, write.record->saga_id, step, role);
  for (const Event& event : write.events) {
    if (!ended_before || event.kind != EventKind::kSagaEnded) transaction.emit(event);
  }
  return store_queue(transaction, write.messages);
}

bool store_queue(Transaction& transaction, const std::vector<QueueWrite>& writes) {
  static constexpr Sql kPush{
      "INSERT INTO orchestrator.queue (queue, message, visible_at, popped) VALUES (?1, ?2, ?3, 0) "
      "ON CONFLICT (queue, message) DO UPDATE SET visible_at = ?3, popped = 0"};
  static constexpr Sql kRemove{"DELETE FROM orchestrator.queue WHERE queue = ?1 AND message = ?2"};
  static constexpr Sql kReschedule{
      "UPDATE orchestrator.queue SET visible_at = ?3, popped = 0 WHERE queue = ?1 AND message = "
      "?2"};
  static constexpr Sql kEarlier{
      "UPDATE orchestrator.queue SET visible_at = ?3, popped = 0 "
      "WHERE queue = ?1 AND message = ?2 AND visible_at > ?3"};
  for (const QueueWrite& write : writes) {
    switch (write.kind) {
      case QueueWrite::Kind::kPush:
        transaction.execute(kPush, write.queue, write.message, write.visible.count());
        break;
      case QueueWrite::Kind::kRemove:
        transaction.execute(kRemove, write.queue, write.message);
        break;
      case QueueWrite::Kind::kReschedule:
        transaction.execute(kReschedule, write.queue, write.message, write.visible.count());
        break;
      case QueueWrite::Kind::kRescheduleIfEarlier:
        transaction.execute(kEarlier, write.queue, write.message, write.visible.count());
        break;
    }
  }
  return true;
}

bool pop_message(Transaction& transaction, const std::string& queue, const std::string& message,
                 const std::int64_t now_ns) {
  // visible_at of a popped message is the time of the pop: what the redelivery counts from.
  static constexpr Sql kPop{
      "UPDATE orchestrator.queue SET popped = 1, visible_at = ?3 "
      "WHERE queue = ?1 AND message = ?2 AND popped = 0 AND visible_at <= ?3"};
  return transaction.execute(kPop, queue, message, now_ns) == 1;
}

std::vector<QueuedMessage> redeliver_and_list(Transaction& transaction, const std::int64_t now_ns,
                                              const std::int64_t age_ns,
                                              const std::int64_t horizon_ns) {
  static constexpr Sql kRedeliver{
      "UPDATE orchestrator.queue SET popped = 0 WHERE popped = 1 AND visible_at <= ?1"};
  static constexpr Sql kList{
      "SELECT queue, message, visible_at, popped FROM orchestrator.queue "
      "WHERE visible_at <= ?1 OR popped = 1 ORDER BY visible_at, queue, message"};
  transaction.execute(kRedeliver, now_ns - age_ns);
  std::vector<QueuedMessage> messages;
  for (const SqlRow& row : transaction.query(kList, horizon_ns)) {
    messages.push_back(
        {row.text(0), row.text(1), Time::from_nanoseconds(row.integer(2)), row.integer(3) != 0});
  }
  return messages;
}

std::optional<StoredWorkflow> load_workflow(Transaction& transaction,
                                            const std::string& workflow_id) {
  static constexpr Sql kRecord{
      "SELECT saga_id, failure_of, record FROM orchestrator.workflows WHERE workflow_id "
      "= ?1"};
  static constexpr Sql kTasks{
      "SELECT task FROM orchestrator.tasks WHERE workflow_id = ?1 ORDER BY number"};
  const auto record = transaction.one(kRecord, workflow_id);
  if (!record) return std::nullopt;
  StoredWorkflow stored;
  stored.saga_id = record->text(0);
  stored.failure_of = record->text(1);
  stored.record = record->text(2);
  for (const SqlRow& row : transaction.query(kTasks, workflow_id))
    stored.tasks.push_back(row.text(0));
  return stored;
}

std::optional<WorkflowRecord> find_saga(Transaction& transaction, const std::string& saga_id) {
  static constexpr Sql kFind{
      "SELECT workflow_id, name, saga_id, status, record FROM orchestrator.workflows "
      "WHERE saga_id = ?1 AND parent_id IS NULL AND failure_of IS NULL"};
  const auto row = transaction.one(kFind, saga_id);
  if (!row) return std::nullopt;
  return read_record(*row);
}

std::optional<WorkflowRecord> find_workflow(Transaction& transaction,
                                            const std::string& workflow_id) {
  static constexpr Sql kFind{
      "SELECT workflow_id, name, saga_id, status, record FROM orchestrator.workflows WHERE "
      "workflow_id = ?1"};
  const auto row = transaction.one(kFind, workflow_id);
  if (!row) return std::nullopt;
  return read_record(*row);
}

std::vector<std::string> running_workflows(Transaction& transaction, const std::string& saga_id,
                                           const std::string& name) {
  static constexpr Sql kRunning{
      "SELECT workflow_id FROM orchestrator.workflows "
      "WHERE saga_id = ?1 AND name = ?2 AND status = 'RUNNING' ORDER BY workflow_id"};
  std::vector<std::string> ids;
  for (const SqlRow& row : transaction.query(kRunning, saga_id, name)) ids.push_back(row.text(0));
  return ids;
}

std::vector<std::string> unannounced_workflows(Transaction& transaction) {
  static constexpr Sql kUnannounced{
      "SELECT w.workflow_id FROM orchestrator.workflows w WHERE w.status = 'RUNNING' "
      "AND NOT EXISTS (SELECT 1 FROM orchestrator.tasks t WHERE t.workflow_id = w.workflow_id) "
      "AND NOT EXISTS (SELECT 1 FROM orchestrator.queue q WHERE q.queue = '_deciderQueue' "
      "AND q.message = w.workflow_id) ORDER BY w.workflow_id"};
  std::vector<std::string> ids;
  for (const SqlRow& row : transaction.query(kUnannounced)) ids.push_back(row.text(0));
  return ids;
}

std::vector<std::string> missing_failure_workflows(Transaction& transaction) {
  static constexpr Sql kMissing{
      "SELECT workflow_id FROM orchestrator.workflows WHERE owes_failure_wf = 1 "
      "ORDER BY workflow_id"};
  std::vector<std::string> ids;
  for (const SqlRow& row : transaction.query(kMissing)) ids.push_back(row.text(0));
  return ids;
}

}  // namespace soundcheck::orchestrator
