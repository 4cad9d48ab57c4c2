#pragma once

#include <span>

#include "models/database/change_set.hpp"
#include "models/database/observer_database.hpp"
#include "models/database/open_transactions.hpp"
#include "models/database/sql_environment.hpp"
#include "sim/env/task_effects.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// What the world learns of commits, whichever server they were made at, at the instant at which
// they become visible: each has its number among all commits of the run, is an event, and is shown
// to the checkers.
class VisibleCommits {
 public:
  VisibleCommits(World& world, const TableCatalogue& catalogue, SqlEnvironment& environment,
                 ObserverDatabase& observer)
      : world_(world), catalogue_(catalogue), environment_(environment), observer_(observer) {}

  // Is told of transactions on behalf of tasks.
  void set_task_effects(TaskEffects& effects) { task_effects_ = &effects; }

  // `told` are the events that the transaction itself wants to be told.
  void show(const ChangeSet& changes, const OpenTransaction& by, std::span<const Event> told);
  // A commit of what no server keeps.
  void show_fact(const ChangeSet& changes, const SagaContext& saga);
  // A crash has undone a commit, the youngest first.
  void take_back(const ChangeSet& changes, ProcessId database, const SagaContext& saga);

 private:
  Commit next_commit(ProcessId database, const SagaContext& saga);
  Commit tell(const ChangeSet& changes, ProcessId database, const SagaContext& saga);

  World& world_;
  const TableCatalogue& catalogue_;
  SqlEnvironment& environment_;
  ObserverDatabase& observer_;
  TaskEffects* task_effects_ = nullptr;
};

}  // namespace soundcheck
