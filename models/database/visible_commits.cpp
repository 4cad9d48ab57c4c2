#include "models/database/visible_commits.hpp"

namespace soundcheck {

void VisibleCommits::show(const ChangeSet& changes, const OpenTransaction& by,
                          std::span<const Event> told) {
  const Commit commit = tell(changes, by.server, by.saga);
  for (Event event : told) {
    event.stamp(world_.now(), by.client);
    world_.events().emit(event);
  }
  observer_.on_commit(commit, changes, ObserverDatabase::Direction::kDone);
  if (by.saga.execution != 0 && task_effects_ != nullptr)
    task_effects_->committed(by.saga.execution);
}

void VisibleCommits::show_fact(const ChangeSet& changes, const SagaContext& saga) {
  const Commit commit = tell(changes, ProcessId(), saga);
  observer_.on_commit(commit, changes, ObserverDatabase::Direction::kDone);
}

void VisibleCommits::take_back(const ChangeSet& changes, ProcessId database,
                               const SagaContext& saga) {
  observer_.on_commit(next_commit(database, saga), changes, ObserverDatabase::Direction::kUndone);
}

Commit VisibleCommits::next_commit(ProcessId database, const SagaContext& saga) {
  return {.at = world_.now(),
          .sequence = environment_.take_commit_number(),
          .database = database,
          .saga = saga,
          .changes = {}};
}

Commit VisibleCommits::tell(const ChangeSet& changes, ProcessId database, const SagaContext& saga) {
  const Commit commit = next_commit(database, saga);
  const Fingerprint digest = changes.digest(catalogue_);
  world_.emit(Committed{.database = database,
                        .saga = saga.saga,
                        .sequence = commit.sequence,
                        .rows_low = digest.low(),
                        .rows_high = digest.high()});
  return commit;
}

}  // namespace soundcheck
