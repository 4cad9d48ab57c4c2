#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/orchestrator/execution/execution.hpp"
#include "sim/core/time.hpp"
#include "sim/env/transaction.hpp"

// What the orchestrator keeps in its database: each function is one transaction.
namespace soundcheck::orchestrator {

struct WorkflowRecord {
  std::string workflow_id;
  std::string name;
  std::string saga_id;
  std::string status;
  std::string parent_id;   // empty: none
  std::string failure_of;  // empty: none
  bool has_failure_workflow = false;
  std::int64_t started_at = 0;           // virtual ms
  std::optional<std::int64_t> ended_at;  // virtual ms
  std::string record;                    // JSON
};

// Rows of one workflow that are stored together.
struct RowsWrite {
  std::string workflow_id;
  bool create = false;
  bool erase = false;  // record and rows
  // Nobody has locked the workflow. Of two who create the same attempt at a task the second one's
  // row is left out, and he is not told, as by Conductor's stores; changing it later creates it.
  bool unlocked = false;
  std::optional<WorkflowRecord> record;
  std::vector<TaskText> tasks;
  std::vector<std::int64_t> deleted_tasks;  // numbers
  std::vector<std::pair<std::string, std::string>>
      plan;                          // step, role; with `create` of a saga's own workflow
  std::vector<Event> events;         // told when the rows are visible
  std::vector<QueueWrite> messages;  // that share the transaction
};

struct QueuedMessage {
  std::string queue;
  std::string message;
  Time visible;
  bool popped = false;
};

// How the server writes: whatever a statement finds, the others follow, so all leave at once.
inline TransactOptions writing(std::size_t statements) {
  TransactOptions options;
  options.statements = static_cast<int>(statements);
  options.at_once = true;
  return options;
}

// Returns false, and stores nothing, when a workflow that is to be created exists already.
bool store_rows(Transaction& transaction, const RowsWrite& write);
// Answers true.
bool store_queue(Transaction& transaction, const std::vector<QueueWrite>& writes);
// Makes a visible message invisible; false when another poller was first or it is gone.
bool pop_message(Transaction& transaction, const std::string& queue, const std::string& message,
                 std::int64_t now_ns);
// Popped messages that were not acknowledged in `age_ns` become visible again. Answers those that
// are popped, and those that are visible at `horizon_ns`.
std::vector<QueuedMessage> redeliver_and_list(Transaction& transaction, std::int64_t now_ns,
                                              std::int64_t age_ns, std::int64_t horizon_ns);

std::optional<StoredWorkflow> load_workflow(Transaction& transaction,
                                            const std::string& workflow_id);
// Id and status of the workflow that a saga runs as; not its compensation, not a child.
std::optional<WorkflowRecord> find_saga(Transaction& transaction, const std::string& saga_id);
std::optional<WorkflowRecord> find_workflow(Transaction& transaction,
                                            const std::string& workflow_id);
// Running without a task and without a message: stored by a server that died before it announced
// them.
// Of a saga, by the name of their definition.
std::vector<std::string> running_workflows(Transaction& transaction, const std::string& saga_id,
                                           const std::string& name);
std::vector<std::string> unannounced_workflows(Transaction& transaction);
// Ended unsuccessfully, with a failure workflow that nobody has started.
std::vector<std::string> missing_failure_workflows(Transaction& transaction);

}  // namespace soundcheck::orchestrator
