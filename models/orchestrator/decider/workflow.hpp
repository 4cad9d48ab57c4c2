#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/orchestrator/decider/blueprint.hpp"
#include "models/orchestrator/decider/status.hpp"
#include "sim/core/json.hpp"
#include "sim/core/time.hpp"

namespace soundcheck::conductor {

// One attempt at one task. A retry is a new row; "task" in the decider's names means a row.
// All times are whole milliseconds, as Conductor's clock has no finer ones.
struct TaskRow {
  std::string id;
  std::string reference;                     // in a loop with its iteration: pay__2
  std::string type;                          // a worker task's name, or a system type
  std::string definition_name;               // taskDefName
  std::shared_ptr<const Node> dynamic_node;  // made by a dynamic fork
  const Node* node = nullptr;                // null for a skipped row only
  TaskType kind = TaskType::kSimple;
  TaskStatus status = TaskStatus::kScheduled;
  std::int32_t sequence = 0;
  std::int32_t retry_count = 0;
  std::int32_t poll_count = 0;
  std::int32_t iteration = 0;   // 0: in no loop
  std::string retried_task_id;  // the row this one is a retry of
  bool retried = false;         // there is a newer attempt
  bool executed = false;        // its successors have been scheduled
  bool removed = false;         // dropped by keepLastN or a rerun
  bool sub_workflow_changed = false;
  bool event_handled = false;  // of an EVENT: handlers have acted on its message
  std::int64_t callback_after_seconds = 0;
  std::int32_t callback_jitter_ms = 0;
  std::int64_t start_delay_seconds = 0;
  std::optional<Time> scheduled, first_scheduled, started, updated, ended, wait_until;
  std::string worker_id, reason, sub_workflow_id;
  std::optional<std::string> domain;  // only workers that poll in it get the task
  Json input = Json::object();
  Json output = Json::object();

  bool terminal() const { return is_terminal(status); }
  bool successful() const { return is_successful(status); }
  bool failed() const { return !removed && terminal() && !successful(); }
  bool optional() const { return node && node->task->optional; }
  bool permissive() const { return node && node->task->permissive; }
  std::string queue() const;    // where its messages wait
  bool async_complete() const;  // stays IN_PROGRESS until somebody reports its end
  Duration callback_after() const;
};

// What sweeps look for in an open row (see Decider::next_sweep).
enum class SweepClass : std::uint8_t { kNone, kDeadline, kWait, kOffset, kWorkflowTimeout };

// One execution: the record and its rows, with an index that is kept up to date row by row, so that
// a decision costs what changed and not what there is. A value; the caller owns it, and stores it
// by the effects of the operations.
class Workflow {
 public:
  std::string id, correlation_id;
  std::shared_ptr<const Blueprint> blueprint;
  WorkflowStatus status = WorkflowStatus::kRunning;
  std::string parent_id, parent_task_id;
  std::string reason, failed_task_id;
  std::set<std::string> failed_references, failed_task_names;
  Json input = Json::object(), output = Json::object(), variables = Json::object();
  Json task_to_domain = Json::object();  // of its worker tasks; see task_domains.hpp
  Time created;
  std::optional<Time> last_retried, updated, ended;
  std::int32_t next_task_number = 1;  // never reused, also not by a restart: late answers must miss
  std::int32_t failures = 0;          // how often it has ended unsuccessfully

  const std::string& name() const { return blueprint->definition().name; }
  std::int32_t version() const { return blueprint->definition().version; }
  bool terminal() const { return is_terminal(status); }

  // Rows in sequence order; those that are `removed` count for nothing.
  const std::vector<TaskRow>& rows() const { return rows_; }
  const TaskRow& row(std::size_t index) const { return rows_[index]; }
  TaskRow& modify(std::size_t index);  // the index learns of it before it is asked again
  std::size_t append(TaskRow row);
  std::size_t insert_first(TaskRow row);
  void remove(std::size_t index);
  void erase_after(std::int32_t sequence);
  void clear_rows();
  void number(std::size_t index,
              std::int32_t sequence);  // gives a new row its place in the sequence

  std::optional<std::size_t> find_task(const std::string& task_id) const;
  // The latest row of a reference ("pay", or in a loop "pay__2").
  std::optional<std::size_t> latest(const std::string& reference) const;
  // The latest row of a reference as expressions name it: of a loop's task, any iteration.
  std::optional<std::size_t> latest_named(const std::string& name) const;
  std::optional<std::size_t> previous_of_reference(std::size_t index) const;

  // --- what the decider asks the index ------------------------------------------------------
  struct Loop {                        // progress of the iteration of one DO_WHILE row
    std::vector<std::size_t> rows;     // of this iteration, in order
    std::vector<std::size_t> changed;  // since the loop was looked at last
    std::size_t open = 0, failed = 0;  // among the latest rows of each reference
  };
  struct Join {  // progress of one open JOIN row
    std::vector<std::string> references;
    std::size_t waiting = 0;  // references without a row that has ended
    std::size_t broken = 0;   // failed, and neither optional nor permissive
  };
  // Rows that may need something now: a deadline has passed, an end has not been followed up, or a
  // system task inside decide still runs. In row order.
  std::vector<std::size_t> candidates(Time now) const;
  std::size_t open_rows() const;
  bool has_unexecuted_rows() const;
  bool waits_for_human() const;
  std::int32_t highest_sequence() const;
  std::optional<std::size_t> terminate_row() const;  // a TERMINATE task that succeeded
  std::vector<std::size_t> unsuccessful_joins() const;
  std::vector<std::size_t> changed_sub_workflows() const;
  const Join& join(std::size_t index) const;
  Loop& loop(std::size_t index);
  void start_iteration(
      std::size_t loop_index);  // after its number went up: forgets the last one's rows
  std::optional<Time> earliest(SweepClass sweep_class) const;  // kDeadline or kWait
  std::size_t count(SweepClass sweep_class) const;             // kOffset or kWorkflowTimeout
  std::optional<Time> next_timeout() const;                    // of a row

  // Rows and index entries looked at since the workflow was made; for tests of scaling.
  std::uint64_t work() const { return work_; }
  void add_work(std::uint64_t amount) const { work_ += amount; }

 private:
  struct Derived {  // what the index holds because of one row
    bool counted = false, open = false, to_process = false, active = false, unexecuted = false;
    bool human = false, unsuccessful_join = false, changed_sub_workflow = false;
    std::optional<Time> deadline;
    SweepClass sweep = SweepClass::kNone;
    Time sweep_at;
    bool latest = false, ended = false, broken = false, failed = false;  // towards joins and loops
  };

  void refresh() const;
  void refresh_row(std::size_t index) const;
  Derived derive(std::size_t index) const;
  void withdraw(std::size_t index, const Derived& derived) const;
  void enter(std::size_t index, const Derived& derived) const;
  Loop* loop_around(std::size_t index) const;
  void link(std::size_t index);
  void open_join(std::size_t index) const;
  void rebuild();

  std::vector<TaskRow> rows_;
  std::vector<std::optional<std::size_t>> previous_;  // row of the same reference before this one
  std::unordered_map<std::string, std::size_t> by_id_, latest_, latest_named_;
  mutable std::optional<std::size_t> terminate_row_;
  std::int32_t highest_sequence_ = 0;

  mutable std::vector<std::size_t> touched_;
  mutable std::vector<Derived> derived_;
  mutable std::set<std::pair<Time, std::size_t>> deadlines_, sweep_deadlines_, waits_;
  mutable std::set<std::size_t> to_process_, active_, unsuccessful_joins_, changed_sub_workflows_;
  mutable std::size_t open_ = 0, unexecuted_ = 0, humans_ = 0;
  mutable std::size_t sweep_offsets_ = 0, sweep_workflow_timeouts_ = 0;
  mutable std::unordered_map<std::size_t, Join> joins_;
  mutable std::unordered_map<std::string, std::vector<std::size_t>>
      joined_by_;  // reference -> JOIN rows
  mutable std::unordered_map<std::size_t, Loop> loops_;
  mutable std::uint64_t work_ = 0;
};

// "pay__2" -> "pay"; a name without an iteration stays as it is.
std::string without_iteration(const std::string& reference);
std::string with_iteration(const std::string& reference, std::int32_t iteration);

}  // namespace soundcheck::conductor
