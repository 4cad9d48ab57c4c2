#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/database/catalogue.hpp"
#include "models/database/database_clients.hpp"
#include "models/database/database_parameters.hpp"
#include "models/database/database_server.hpp"
#include "models/database/observer_database.hpp"
#include "models/database/open_transactions.hpp"
#include "models/database/sql_environment.hpp"
#include "models/database/store.hpp"
#include "models/database/visible_commits.hpp"
#include "models/transport/transport.hpp"
#include "sim/core/usage_meter.hpp"
#include "sim/env/runtime.hpp"
#include "sim/env/task_effects.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// All database servers of a run, each a process of its own with a real store behind it, and their
// clients' connection pools. A transaction:
//
//   a connection of the client's pool (a new one costs a round trip) -> BEGIN and statements on the
//   wire -> named locks, in the order of arrival -> disk and CPU of the statements -> back
//   -> COMMIT on the wire -> the store function runs and its changes are visible, at one instant
//   -> fsync: durable, locks released -> acknowledgement
//
// A transaction that only reads is one round trip: its function runs when its costs are paid. So
// statements cannot see what commits between them and their COMMIT: anomalies between transactions
// are those of the locks that are taken, inside a transaction there are none.
//
// One that is sent at once (TransactOptions) has its COMMIT on the wire with its statements, as a
// single statement in autocommit has: it goes on to its commit when its costs are paid.
//
// Connections fail as those of models/transport do.
//
// - The client dies before COMMIT has reached the server: rolled back when the server learns of it,
//   by a reset one latency after a crash, by keep-alive after a power cut or behind a partition.
//   Until then the locks are held.
// - The server dies: commits that are not durable are undone. Clients hear of a crash by a reset,
//   of a power cut only by their own timeout.
// - What the client then knows: before it has sent COMMIT, kDatabaseUnavailable; afterwards
//   kCommitUnknown.
// - A paused client or server: connections are accepted, messages acknowledged, then silence. Locks
//   stay held.
class Databases final : public Protocol, public ProcessObserver {
 public:
  explicit Databases(World& world);
  ~Databases() override;

  // --- set-up, before the run ---
  // A server, whose process the world starts and kills like any other.
  void add_server(ProcessId process, const DatabaseParameters& parameters);
  // Tables of a service in a server's database; a sentence when the schema cannot be used.
  std::expected<void, std::string> load_schema(ProcessId server, std::string_view service,
                                               std::string_view schema);
  // Leaves a table, after its schema was loaded, out of the observer: a service's own memory, about
  // which no invariant speaks.
  void hide_from_observer(std::string_view service, std::string_view table);
  // Tables of what is true in the world though no service keeps it, for the checkers: they have no
  // server, are written at once and lose nothing.
  void load_facts(std::string_view name, std::string_view schema);
  // Is told of transactions on behalf of tasks.
  void set_task_effects(TaskEffects& effects) { visible_.set_task_effects(effects); }
  // Where the transactions of a service's processes go.
  void connect(ServiceId client, ProcessId server);
  Store& store(ProcessId server) { return server_of(server).store(); }
  // After the schemas and Store::populate: shows all rows to the observer.
  void open();

  // --- the run ---
  // Completes `done` with a TransactionOutcome.
  void transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                const TransactOptions& options, SlotRef done) {
    clients_.transact(context, std::move(body), options, done);
  }
  // A transaction on the facts, now.
  void record(TransactionBody& facts, const SagaContext& saga);
  // The number of the next commit.
  std::uint64_t next_commit() const { return environment_.next_commit(); }
  Observer& observer() { return observer_; }
  ObserverDatabase& observer_database() { return observer_; }
  // Nothing under way: for tests, and for the settle phase.
  bool idle() const { return transactions_.empty(); }
  // For reports: connections of a client's pool, and processor time that the statements of a server
  // took.
  const UsageMeter& pool_use(ProcessId client) const { return clients_.pool_use(client); }
  Duration computed(ProcessId server) { return server_of(server).queue().computed(); }
  std::size_t unsynced_commits(ProcessId server) { return server_of(server).commits().unsynced(); }
  std::size_t locks_held(ProcessId server) { return server_of(server).queue().locks_held(); }

  // Writes each database as it is visible now to `folder`/<service>.sqlite; one that several
  // services share is named after its server's process.
  std::expected<void, std::string> write_files(const std::filesystem::path& folder);

  // --- told by the world and by the transport ---
  void on_process_up(ProcessId process) override;
  void on_process_down(ProcessId process, DownCause cause) override;
  void on_connected(std::uint64_t owner, ConnectionId connection) override;
  void on_broken(std::uint64_t owner, Broken how) override;
  void on_owner_died(std::uint64_t) override {}  // its pool dies too
  void on_message(std::uint64_t message, End at) override;
  void on_message_lost(std::uint64_t message) override;
  void on_closed(std::uint64_t message) override;

 private:
  bool is_server(ProcessId process) const { return servers_[process.index()] != nullptr; }
  DatabaseServer& server_of(ProcessId process);

  World& world_;
  TableCatalogue catalogue_;
  SqlEnvironment environment_;
  ObserverDatabase observer_;
  VisibleCommits visible_;
  std::unique_ptr<Store> facts_;  // null: none are kept
  ChangeSet changed_facts_;
  Transport transport_;
  OpenTransactions transactions_;
  std::vector<std::unique_ptr<DatabaseServer>> servers_;  // by process; null for the others
  DatabaseClients clients_;
};

}  // namespace soundcheck
