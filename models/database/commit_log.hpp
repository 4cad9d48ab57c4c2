#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "models/database/change_set.hpp"
#include "sim/env/context.hpp"

namespace soundcheck {

// A commit that everybody sees and a crash would lose.
struct UnsyncedCommit {
  std::uint64_t request = 0;  // whose acknowledgement waits for it
  SagaContext saga;
  std::unique_ptr<ChangeSet> changes;
  bool held_back = false;  // by a fault: neither it nor what follows is synced
};

// The end of a database server's log: commits that no fsync has covered yet, oldest first. One
// fsync at a time covers all that were there when it began (group commit).
class CommitLog {
 public:
  // For the next transaction to fill in; goes back by spare().
  std::unique_ptr<ChangeSet> take_change_set();
  void spare(std::unique_ptr<ChangeSet> changes) { spare_.push_back(std::move(changes)); }

  void append(UnsyncedCommit commit) { unsynced_.push_back(std::move(commit)); }
  void hold_back_youngest() { unsynced_.back().held_back = true; }
  void let_go(std::uint64_t request);

  // Begins an fsync. False: one is running, or there is nothing to sync.
  bool begin_sync();
  // It has ended: how many commits at the front it has made durable.
  std::size_t end_sync();

  bool empty() const { return unsynced_.empty(); }
  std::size_t size() const { return unsynced_.size(); }
  UnsyncedCommit take_oldest();
  UnsyncedCommit take_youngest();
  // The server has died: no fsync is running any more.
  void abandon_sync() { syncing_ = 0; }

 private:
  std::deque<UnsyncedCommit> unsynced_;
  std::vector<std::unique_ptr<ChangeSet>> spare_;
  std::size_t syncing_ = 0;  // commits that the running fsync covers
};

}  // namespace soundcheck
