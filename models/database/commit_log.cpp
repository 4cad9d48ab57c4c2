#include "models/database/commit_log.hpp"

#include <utility>

namespace soundcheck {

std::unique_ptr<ChangeSet> CommitLog::take_change_set() {
  if (spare_.empty()) return std::make_unique<ChangeSet>();
  auto changes = std::move(spare_.back());
  spare_.pop_back();
  return changes;
}

void CommitLog::let_go(std::uint64_t request) {
  for (UnsyncedCommit& commit : unsynced_) {
    if (commit.request == request) commit.held_back = false;
  }
}

bool CommitLog::begin_sync() {
  if (syncing_ != 0) return false;
  while (syncing_ < unsynced_.size() && !unsynced_[syncing_].held_back) ++syncing_;
  return syncing_ != 0;
}

std::size_t CommitLog::end_sync() {
  return std::exchange(syncing_, 0);
}

UnsyncedCommit CommitLog::take_oldest() {
  UnsyncedCommit commit = std::move(unsynced_.front());
  unsynced_.pop_front();
  return commit;
}

UnsyncedCommit CommitLog::take_youngest() {
  UnsyncedCommit commit = std::move(unsynced_.back());
  unsynced_.pop_back();
  return commit;
}

}  // namespace soundcheck
