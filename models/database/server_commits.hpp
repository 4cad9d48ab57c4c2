#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "models/database/commit_log.hpp"
#include "models/database/database_parameters.hpp"
#include "models/database/server_end.hpp"
#include "models/database/statement_queue.hpp"
#include "models/database/store.hpp"
#include "models/database/visible_commits.hpp"
#include "models/transport/transport.hpp"
#include "sim/core/random.hpp"

namespace soundcheck {

// The commits of one database server: from the arrival of COMMIT, over the instant at which the
// transaction becomes visible and the fsync that makes it durable, to its acknowledgement.
class ServerCommits : public ServerEnd {
 public:
  // What commits need of everything else; all of it outlives them.
  struct Surroundings {
    World& world;
    Transport& transport;
    OpenTransactions& transactions;
    StatementQueue& queue;
    Store& store;
    VisibleCommits& visible;
    const DatabaseParameters& parameters;
  };
  ServerCommits(const Surroundings& surroundings, ProcessId server, RandomStream costs);

  void arrived(TransactionId id);
  // The server has died: what no fsync has covered is undone.
  void lose_unsynced();

  std::size_t unsynced() const { return log_.size(); }

 private:
  void commit(TransactionId id);
  void show(TransactionId id, std::unique_ptr<ChangeSet> changes);
  void after_show(TransactionId id);
  void let_go(TransactionId id);
  void start_sync();
  void sync_ended();
  void conclude(TransactionId id);
  void acknowledge(TransactionId id);

  Transport& transport_;
  StatementQueue& queue_;
  Store& store_;
  VisibleCommits& visible_;
  const DatabaseParameters& parameters_;
  RandomStream costs_;
  CommitLog log_;
  std::vector<UnsyncedCommit> synced_;  // by the fsync that has just ended; kept for its memory
  TimerId sync_;
};

}  // namespace soundcheck
