#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/events/event_stream.hpp"
#include "sim/events/saga_status.hpp"

namespace soundcheck {

inline constexpr std::size_t kSagaStatuses = 6;  // by SagaStatus

// Executions of one workflow definition, as sagas and as compensations; sub-workflows are part of
// their parents.
struct WorkflowExecutions {
  NameId workflow;
  std::uint64_t started = 0;
  std::array<std::uint64_t, kSagaStatuses> ended{};  // those in no final status still run
  Duration longest;                                  // of those that ended

  std::uint64_t ended_as(SagaStatus status) const {
    return ended[static_cast<std::size_t>(status)];
  }
  std::uint64_t running() const;
};

// What scripted workers did about one task of one workflow.
struct TaskWork {
  NameId workflow;
  NameId task;  // its reference; in a loop with the number of the iteration
  std::uint64_t executions = 0;
  std::uint64_t repeated = 0;     // done although it had been done before
  std::uint64_t overlapping = 0;  // begun while another worker was at the same task
  std::uint64_t retry_peak = 0;   // most further attempts that ended in one second
};

// How workflows ended in Conductor's words, and how often scripted workers did the same work. Keeps
// 40 bytes for each task of each saga that scripted workers had in hand.
class WorkflowLog final : public EventListener {
 public:
  explicit WorkflowLog(EventStream& events);
  void on_event(const Event& event) override;

  const std::vector<WorkflowExecutions>& workflows() const { return workflows_; }
  const std::vector<TaskWork>& tasks() const { return tasks_; }

 private:
  struct Work {  // on one task of one saga
    Time last_end;
    bool done = false;
  };
  struct Second {
    std::int64_t number = -1;
    std::uint64_t ended = 0;
  };

  WorkflowExecutions& workflow_of(NameId name);
  std::size_t task_of(NameId workflow, NameId task);
  void worked(Time at, const TaskWorked& worked);

  std::vector<WorkflowExecutions> workflows_;  // as they were first met
  std::vector<TaskWork> tasks_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> task_index_;  // by both names
  std::vector<Second> seconds_;                                  // the latest, by task
  std::map<std::pair<std::uint64_t, std::size_t>, Work> works_;  // by saga and task
};

}  // namespace soundcheck
