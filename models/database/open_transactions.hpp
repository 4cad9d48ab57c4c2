#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/database/store.hpp"
#include "models/transport/connection.hpp"
#include "sim/core/handle_set.hpp"
#include "sim/core/slab.hpp"
#include "sim/env/runtime.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// How far the server is with a transaction.
enum class ServerWork : std::uint8_t {
  kNone,    // not begun, or over
  kSent,    // of one sent at once: on its way, whatever becomes of its client
  kLocks,   // waits for a lock
  kCosts,   // reads and computes
  kOpen,    // statements answered, waits for COMMIT
  kCommit,  // committed or about to be; not acknowledged yet
};

// One transaction, as both ends know it.
struct OpenTransaction {
  bool client_waits = false;
  bool has_connection = false;
  bool commit_sent = false;
  bool failed = false;     // the answer is `error`
  bool silent = false;     // the answer was dropped by a fault
  bool disk_read = false;  // of the costs, the disk's part is paid
  ServerWork work = ServerWork::kNone;
  std::uint32_t next_lock = 0;     // of `locks`: those before it are held
  std::uint32_t client_place = 0;  // among those that its client waits for
  std::uint32_t server_place = 0;  // among those that the server works on
  ConnectionId connection;
  ProcessId client;
  ProcessId server;
  std::uint64_t trace = 0;
  SagaContext saga;
  SlotRef done;
  std::unique_ptr<TransactionBody> body;
  std::vector<LockName> locks;  // ascending, once they have arrived
  bool read_only = false;
  bool at_once = false;
  bool always_commits = false;
  int statements = 0;
  Time started;
  Time waits_since;
  Duration waited;     // for a connection and for locks
  Duration computing;  // of the statements, on a core of speed 1
  TimerId timer;       // the client's patience
  ActivityId activity;
  Error error;
};
using TransactionId = Handle<OpenTransaction>;

// All transactions of a run that are not over: which client waits for them, which server works on
// them. One is forgotten when neither does.
class OpenTransactions {
 public:
  using OfClient = HandleSet<OpenTransaction, &OpenTransaction::client_place>;
  using AtServer = HandleSet<OpenTransaction, &OpenTransaction::server_place>;

  explicit OpenTransactions(std::size_t processes)
      : of_clients_(processes), at_servers_(processes) {}

  // Its client waits for it from now on.
  TransactionId open(OpenTransaction&& transaction);
  // Null when it has been forgotten.
  OpenTransaction* find(TransactionId id) { return transactions_.find(id); }
  OpenTransaction& operator[](TransactionId id) { return transactions_[id]; }
  bool is_at(TransactionId id, ServerWork work) {
    const OpenTransaction* const transaction = transactions_.find(id);
    return transaction != nullptr && transaction->work == work;
  }
  bool empty() const { return transactions_.in_use() == 0; }

  // That a client waits for, that a server works on; in no order.
  const OfClient& of_client(ProcessId client) const { return of_clients_[client.index()]; }
  const AtServer& at_server(ProcessId server) const { return at_servers_[server.index()]; }

  void set_work(TransactionId id, ServerWork work);
  // Its client does not wait any more. Neither this nor set_work() forgets it: that is what
  // forget_if_over() is for, when its fields are of no use any more.
  void stop_waiting(TransactionId id);
  void forget_if_over(TransactionId id);

  // A process has died: it waits for nothing, and works on nothing, any more.
  void client_died(ProcessId client);
  void server_died(ProcessId server);

 private:
  Slab<OpenTransaction> transactions_;
  std::vector<OfClient> of_clients_;  // by process
  std::vector<AtServer> at_servers_;  // by process
};

// The server has heard of it and is not done with it.
constexpr bool is_with_server(ServerWork work) {
  return work != ServerWork::kNone && work != ServerWork::kSent;
}

// What faults and stores are told of a transaction.
FailpointContext failpoint_context(const World& world, const OpenTransaction& transaction);
TransactionCaller caller_of(const World& world, const OpenTransaction& transaction);

}  // namespace soundcheck
