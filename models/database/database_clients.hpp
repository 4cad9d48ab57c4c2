#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "models/database/database_parameters.hpp"
#include "models/database/open_transactions.hpp"
#include "models/transport/transport.hpp"
#include "sim/core/usage_meter.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// The clients' ends of all transactions: each client process' pool of connections to its server,
// the messages that it sends, and how long it is patient.
class DatabaseClients {
 public:
  // All of it outlives the clients.
  DatabaseClients(World& world, Transport& transport, OpenTransactions& transactions);

  // Where the transactions of a service's processes go. `parameters` outlive the clients.
  void connect(ServiceId client, ProcessId server, const DatabaseParameters& parameters);

  // Completes `done` with a TransactionOutcome.
  void transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                const TransactOptions& options, SlotRef done);

  // The world has started a process that is no database server, has killed it.
  void up(ProcessId process) { pools_[process.index()] = std::make_unique<Pool>(); }
  void down(ProcessId process);
  // The transaction's connection can be used, is broken.
  void connected(TransactionId id) { send_statements(id); }
  void broken(TransactionId id, Broken how) { fail(id, to_text(how)); }
  // Its client has read the answer to its statements or to its COMMIT.
  void answered(TransactionId id);
  // A message on its behalf will never arrive, or has died with its server.
  void message_lost(TransactionId id);

  // Connections of a process' pool.
  const UsageMeter& pool_use(ProcessId client) const { return pool_use_[client.index()]; }

 private:
  struct Server {
    ProcessId process;
    const DatabaseParameters* parameters = nullptr;  // null: the service has no database
  };
  // Connections of one incarnation of a client.
  struct Pool {
    std::uint32_t in_use = 0;
    std::deque<TransactionId> waiting;  // for a connection
  };

  // Timers and posts carry the transaction's id; what comes too late for it is dropped, what comes
  // to a paused client is held.
  template <auto kFunction>
  static void call(void* self, std::uint64_t packed) {
    auto& clients = *static_cast<DatabaseClients*>(self);
    const auto id = TransactionId::unpack(packed);
    const OpenTransaction* const transaction = clients.transactions_.find(id);
    if (transaction == nullptr) return;
    const Callback again{&DatabaseClients::call<kFunction>, self, packed};
    if (!clients.world_.holds(transaction->client, again)) (clients.*kFunction)(id);
  }

  Pool& pool_of(const OpenTransaction& transaction) { return *pools_[transaction.client.index()]; }
  const DatabaseParameters& parameters_of(const OpenTransaction& transaction) const {
    return *server_of(transaction.client).parameters;
  }
  const Server& server_of(ProcessId client) const {
    return servers_[world_.process(client).service.index()];
  }
  void be_patient(TransactionId id, Duration patience);
  void use_connection(TransactionId id);
  void leave_client(TransactionId id);
  void send_statements(TransactionId id);
  void give_up(TransactionId id);
  void fail(TransactionId id, std::string_view why);
  void finish(TransactionId id, TransactionOutcome outcome, bool connection_is_good);
  void return_connection(TransactionId id, bool is_good);

  World& world_;
  Transport& transport_;
  OpenTransactions& transactions_;
  std::vector<Server> servers_;               // by service of the client
  std::vector<std::unique_ptr<Pool>> pools_;  // by process; null when it is down
  std::vector<UsageMeter> pool_use_;          // by process
};

}  // namespace soundcheck
