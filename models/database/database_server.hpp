#pragma once

#include <cstdint>

#include "models/database/server_commits.hpp"
#include "models/database/server_end.hpp"
#include "models/database/statement_queue.hpp"
#include "models/database/store.hpp"
#include "models/transport/transport.hpp"

namespace soundcheck {

// One database server: its data, and the process that works on transactions as their messages
// arrive.
class DatabaseServer : public ServerEnd {
 public:
  // What all servers share; outlives them.
  struct Shared {
    World& world;
    Transport& transport;
    OpenTransactions& transactions;
    VisibleCommits& visible;
    TableCatalogue& catalogue;
    SqlEnvironment& environment;
  };
  DatabaseServer(const Shared& shared, ProcessId process, const DatabaseParameters& parameters);

  const DatabaseParameters& parameters() const { return parameters_; }
  Store& store() { return store_; }
  const StatementQueue& queue() const { return queue_; }
  const ServerCommits& commits() const { return commits_; }

  // The world has started its process, has killed it.
  void up();
  void down();
  // Its process has read a message of the transaction: the statements or the COMMIT.
  void received(TransactionId id);
  // The client of the transaction has gone.
  void client_went(TransactionId id);

 private:
  static void on_paid(void* self, std::uint64_t packed, Outcome outcome);
  void paid(TransactionId id);
  void executed(TransactionId id);
  void recovered();

  Transport& transport_;
  const DatabaseParameters parameters_;
  Store store_;
  StatementQueue queue_;
  ServerCommits commits_;
  TimerId recovery_;
};

}  // namespace soundcheck
