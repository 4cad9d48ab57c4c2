#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "models/orchestrator/worker/api.hpp"
#include "models/orchestrator/worker/scripted_work.hpp"

namespace soundcheck::orchestrator {

// What is done with a task the first time, the second time, ...; the last entry repeats.
struct WorkScript {
  std::string workflow;  // empty: of any workflow
  // SUB_WORKFLOW tasks that lead from that workflow to the task, from the outside in (Conductor's
  // nested subWorkflowTestRequest); empty: it is one of that workflow's own.
  std::vector<std::string> through;
  std::string task;    // its reference, or its name
  std::string domain;  // in which it is polled; empty: none
  std::vector<ScriptedWork> entries;
};

// The scripts of a run and how far they have been played: one for all replicas, since a script
// belongs to the scenario and not to the memory of a process. Each time a worker takes up a task of
// one execution of a workflow, the next entry is played; iterations of a loop count on.
class WorkScripts {
 public:
  explicit WorkScripts(std::vector<WorkScript> scripts) : scripts_(std::move(scripts)) {}

  // A child of a SUB_WORKFLOW task has been started.
  void note_child(const std::string& child_id, const std::string& parent_id,
                  const std::string& parent_name, const std::string& reference);

  // Never null for a task of a queue that is polled because of a script; then the script of its
  // workflow and reference (with the way there, before one without), else of its reference, else
  // of its name. Null: nobody wrote one.
  const ScriptedWork* next(std::string_view workflow, const TaskInput& task);

 private:
  // From the outermost workflow to a child.
  struct Way {
    std::string workflow;
    std::vector<std::string> through;
  };
  const WorkScript* find(std::string_view workflow, const TaskInput& task) const;

  std::vector<WorkScript> scripts_;
  std::map<std::string, Way> ways_;  // by id of the child
  // By workflow id, reference, domain.
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> played_;
};

// A worker that does what a script says: it works for a while on no CPU, and reports.
class ScriptedWorker final : public Service {
 public:
  explicit ScriptedWorker(WorkScripts& scripts) : scripts_(scripts) {}
  Task<TaskResult> work_on(Env env, TaskInput task);

 private:
  WorkScripts& scripts_;
};

WorkerBinding scripted_binding(std::string task_type, std::string domain = {});

}  // namespace soundcheck::orchestrator
