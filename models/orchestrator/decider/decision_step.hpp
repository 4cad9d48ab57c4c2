#pragma once

// Internal to the decider: what its source files share. Use decider.hpp.

#include <expected>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/orchestrator/decider/decider.hpp"

namespace soundcheck::conductor {

// Why a decision ends early: the workflow must end now (Conductor's TerminateWorkflowException), or
// the decision itself fails, and the workflow stays as it is stored (any other exception).
struct Termination {
  WorkflowStatus status = WorkflowStatus::kFailed;
  std::string reason;
  std::optional<std::size_t> row;
  bool of_decision_only = false;
};

template <class T>
using OrTermination = std::expected<T, Termination>;

std::unexpected<Termination> terminates(std::string reason,
                                        WorkflowStatus status = WorkflowStatus::kFailed,
                                        std::optional<std::size_t> row = std::nullopt);

std::unexpected<Termination> throws(std::string reason);

// Id of the child of a SUB_WORKFLOW task: a function of the attempt, so that a second launch of the
// same attempt finds the first child.
std::string child_workflow_id(const TaskRow& row);
void set_status_from_child(TaskRow& row, const ChildSummary& child);
// Why a workflow ends when this attempt was the last; Conductor writes a missing reason as null.
std::string failed_text(const TaskRow& row, std::string_view status);
std::string missing_definition(const std::string& name, std::optional<std::int32_t> version);
std::string missing_child_definition(const std::string& name);

// One step of work on one workflow: changes the workflow and collects the effects.
class DecisionStep {
 public:
  DecisionStep(const Decider& decider, Workflow& workflow, Time now)
      : decider_(decider), workflow_(workflow), now_(whole_milliseconds_of(now)) {
    decision_.effects.reserve(8);
  }

  Decision run();  // one step of a decision
  Decision take() { return std::move(decision_); }

  Time now() const { return now_; }
  void emit(Effect effect) { decision_.effects.push_back(std::move(effect)); }
  void store(std::size_t row);  // with Conductor's update and end times
  void store_workflow();
  void push(const TaskRow& row);
  void push_decider(const std::string& workflow_id, Duration delay);
  void remove_message(const TaskRow& row);

  std::string new_task_id();
  Json resolve_input(const Node& node, const std::string& task_id) const;
  WorkflowScope scope(std::string task_id) const;

  // Appends the rows that begin `node`: itself, and the first tasks of the branches it opens.
  OrTermination<void> map(const Node& node, std::shared_ptr<const Node> dynamic,
                          std::int32_t retry_count, std::int32_t iteration,
                          std::vector<TaskRow>& rows);
  // Numbers, creates, starts and queues rows that were appended to the workflow.
  bool schedule(const std::vector<std::size_t>& rows);
  void start_system_task(std::size_t row);  // of those that run inside decide

  // --- replay.cpp, children.cpp
  void drop_after(std::int32_t sequence);
  void run_again_from(std::size_t row, const Decider::Rerun& request);
  void go_on_with_child(std::size_t row);
  void repair_siblings(const std::set<std::string>& children_that_go_on);

  void update_output();
  void end(const Termination& termination);  // unsuccessfully, with the failure workflow
  void store_ended_rows(std::optional<std::size_t> but);
  void end_unsuccessfully(const std::string& reason, bool with_failure_workflow);
  void complete();
  void note_failed_tasks();
  void tell_parent();
  void cancel_open_rows();
  void set_sweep();

 private:
  static Time whole_milliseconds_of(Time time);

  // --- decide.cpp
  struct Planned {
    std::string reference;
    std::optional<std::size_t> existing;
    TaskRow row;
  };
  OrTermination<void> check_workflow_timeout();
  void reopen_joins();
  OrTermination<void> decide_tasks();
  OrTermination<void> follow_up(std::size_t row);
  OrTermination<void> plan_first();
  OrTermination<void> plan_successors(std::size_t row);
  void plan(Planned planned, bool replace);
  void drop_already_executed();
  void set_domain(TaskRow& row) const;
  bool executed_before(const std::string& reference) const;
  bool has_row(const std::string& reference, std::int32_t retry_count) const;
  bool is_finished() const;
  OrTermination<void> finish();
  OrTermination<void> carry_out_plan();
  const Node* past_skipped(const Node* node) const;

  // --- replay.cpp, children.cpp
  void restart_row(std::size_t row);
  void run_fallen_again(const std::string& but_reference);
  void resume_iteration(std::size_t loop);
  void forget_child(TaskRow& row);
  void reopen(std::size_t row);

  // --- timeouts.cpp
  OrTermination<void> check_timeouts(std::size_t row);
  OrTermination<void> time_out(std::size_t row, std::string reason);
  OrTermination<std::optional<TaskRow>> retry(std::size_t row);
  Duration retry_delay(const TaskDefinition& definition, std::int32_t retried,
                       std::int32_t& jitter_ms);

  // --- mapping.cpp
  TaskRow new_row(const Node& node, std::shared_ptr<const Node> dynamic, std::int32_t retry_count,
                  std::int32_t iteration);
  bool already_there(const std::string& reference) const;
  OrTermination<void> map_fork(const Node& node, std::int32_t retry_count, std::int32_t iteration,
                               std::vector<TaskRow>& rows);
  OrTermination<void> map_dynamic_fork(const Node& node, std::int32_t iteration,
                                       std::int32_t retry_count, std::vector<TaskRow>& rows);
  OrTermination<void> map_branching(const Node& node, std::int32_t retry_count,
                                    std::int32_t iteration, std::vector<TaskRow>& rows);
  OrTermination<void> map_sub_workflow(const Node& node, TaskRow& row);
  OrTermination<void> map_dynamic(const Node& node, TaskRow& row);
  OrTermination<void> map_wait(TaskRow& row);
  static Json join_input(const Node& node);

  // --- system_tasks.cpp
  OrTermination<bool> execute(std::size_t row);  // whether it changed
  void start_event(TaskRow& row);
  void execute_terminate(TaskRow& row);
  void execute_set_variable(TaskRow& row);
  void execute_inline(TaskRow& row);
  void execute_lambda(TaskRow& row);
  void execute_jq(TaskRow& row);
  bool execute_exclusive_join(std::size_t row);
  bool execute_event(TaskRow& row);

  // --- do_while.cpp
  OrTermination<bool> execute_loop(std::size_t row);
  OrTermination<void> next_iteration(std::size_t row);
  bool iteration_complete(std::size_t row);
  void keep_last_iterations(std::size_t row);
  std::expected<bool, std::string> loop_goes_on(std::size_t row);
  const Json* loop_items(std::size_t row, Json& scratch) const;

  const Decider& decider_;
  Workflow& workflow_;
  Time now_;
  Decision decision_;

  std::vector<Planned> planned_;
  std::unordered_map<std::string, std::size_t> planned_by_reference_;
  std::set<std::size_t> executed_now_;
  std::set<std::string> not_executed_;  // references that run again
  std::vector<std::size_t> updated_;
  std::vector<std::size_t> ended_rows_;  // by this decision itself: timed out, or let pass
};

}  // namespace soundcheck::conductor
