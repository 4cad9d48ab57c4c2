#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/database/catalogue.hpp"
#include "models/database/commit_log.hpp"
#include "models/database/database_parameters.hpp"
#include "models/database/lock_table.hpp"
#include "models/database/observer_database.hpp"
#include "models/database/sql_environment.hpp"
#include "models/database/store.hpp"
#include "sim/core/slab.hpp"
#include "sim/env/runtime.hpp"
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
// - The client dies before COMMIT has reached the server: rolled back when the server learns of it,
//   by a reset one latency after a crash, by keep-alive after a power cut or behind a partition.
//   Until then the locks are held.
// - The server dies: commits that are not durable are undone. Clients hear of a crash by a reset,
//   of a power cut only by their own timeout.
// - What the client then knows: before it has sent COMMIT, kDatabaseUnavailable; afterwards
//   kCommitUnknown.
// - A paused client or server: connections are accepted, messages acknowledged, then silence. Locks
//   stay held.
// - Lost messages are sent again as TCP does, as long as both ends hold the connection.
class Databases final : public ProcessObserver {
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
  // Where the transactions of a service's processes go.
  void connect(ServiceId client, ProcessId server);
  Store& store(ProcessId server) { return *server_of(server).store; }
  // After the schemas and Store::populate: shows all rows to the observer.
  void open();

  // --- the run ---
  // Completes `done` with a TransactionOutcome.
  void transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                const TransactOptions& options, SlotRef done);
  Observer& observer() { return observer_; }
  ObserverDatabase& observer_database() { return observer_; }
  // Nothing under way: for tests, and for the settle phase.
  bool idle() const { return requests_.in_use() == 0; }
  std::size_t unsynced_commits(ProcessId server) { return server_of(server).log.size(); }
  std::size_t locks_held(ProcessId server) { return server_of(server).locks.held(); }

  // Writes each database as it is visible now to `folder`/<service>.sqlite; one that several
  // services share is named after its server's process.
  std::expected<void, std::string> write_files(const std::filesystem::path& folder);

  void on_process_up(ProcessId process) override;
  void on_process_down(ProcessId process, DownCause cause) override;

 private:
  static constexpr Duration kRetransmissionTimeout = Duration::milliseconds(200);  // Linux' minimum
  static constexpr std::uint8_t kMostSends = 9;
  static constexpr std::uint32_t kNoServer = ~std::uint32_t{0};

  // How far the server is with a transaction.
  enum class Work : std::uint8_t {
    kNone,    // not begun, or over
    kSent,    // of one sent at once: on its way, whatever becomes of its client
    kLocks,   // waits for a lock
    kCosts,   // reads and computes
    kOpen,    // statements answered, waits for COMMIT
    kCommit,  // committed or about to be; not acknowledged yet
  };

  // One transaction, as both ends know it. Lives as long as one of them does.
  struct Request {
    bool in_use = false;
    bool client_waits = false;
    bool has_connection = false;
    bool commit_sent = false;
    bool failed = false;     // the answer is `error`
    bool silent = false;     // the answer was dropped by a fault
    bool disk_read = false;  // of the costs, the disk's part is paid
    std::uint8_t sends = 0;  // tries of the message under way
    Work work = Work::kNone;
    std::uint32_t server = 0;      // index into servers_
    std::uint32_t next_lock = 0;   // of `locks`: those before it are held
    std::uint32_t connection = 0;  // the server's incarnation that accepted the connection
    ProcessId client;
    std::uint64_t trace = 0;
    SagaContext saga;
    SlotRef done;
    std::unique_ptr<TransactionBody> body;
    std::vector<LockName> locks;  // ascending
    bool read_only = false;
    bool at_once = false;
    bool always_commits = false;
    int statements = 0;
    Time started;
    Time waits_since;
    Duration waited;  // for a connection and for locks
    TimerId timer;    // the client's patience
    ActivityId activity;
    Error error;
  };
  using RequestId = Handle<Request>;

  struct Server {
    ProcessId process;
    DatabaseParameters parameters;
    std::unique_ptr<Store> store;
    RandomStream statement_costs;
    RandomStream commit_costs;
    LockTable locks;
    CommitLog log;
    bool accepting = false;
    TimerId recovery;
    TimerId sync;
    std::vector<UnsyncedCommit> synced;  // by the fsync that has just ended; kept for its memory
  };

  // Connections of one client process to its server.
  struct Pool {
    std::uint32_t in_use = 0;
    std::uint32_t idle = 0;
    std::uint32_t incarnation = 0;  // of the server, when the idle ones were opened
    std::deque<RequestId> waiting;
  };

  Server& server_of(ProcessId process);
  Server& server_of(const Request& request) { return *servers_[request.server]; }
  Pool& pool_of(const Request& request) { return pools_[request.client.index()]; }
  void release_if_over(RequestId id);
  FailpointContext failpoint_context(const Request& request) const;
  bool is_at(RequestId id, Work work) {
    const Request* const request = requests_.find(id);
    return request != nullptr && request->work == work;
  }

  // Where something happens: in the client's process, in the server's, or in an operating system,
  // which no pause of a process stops.
  enum class In : std::uint8_t { kClient, kServer, kSystem };
  bool holds(In in, const Request& request, Callback callback) {
    if (in == In::kSystem) return false;
    return world_.holds(in == In::kClient ? request.client : server_of(request).process, callback);
  }

  // Messages and timers carry the request's id; what comes too late for it is dropped here, what
  // comes to a paused process is held here.
  template <auto kArrived, In kIn>
  void send(ProcessId from, ProcessId to, std::int64_t bytes, RequestId id) {
    const auto arrived = [](void* self, std::uint64_t packed, Outcome outcome) {
      if (outcome == Outcome::kDone) {
        received<kArrived, kIn>(self, packed);
        return;
      }
      auto& databases = *static_cast<Databases*>(self);
      const auto request = RequestId::unpack(packed);
      if (databases.requests_.find(request) != nullptr) (databases.*kArrived)(request, outcome);
    };
    world_.network().send(from, to, bytes, {arrived, this, id.packed()});
  }
  template <auto kArrived, In kIn>
  static void received(void* self, std::uint64_t packed) {
    auto& databases = *static_cast<Databases*>(self);
    const auto id = RequestId::unpack(packed);
    const Request* const request = databases.requests_.find(id);
    if (request == nullptr) return;
    if (databases.holds(kIn, *request, {&Databases::received<kArrived, kIn>, self, packed})) return;
    (databases.*kArrived)(id, Outcome::kDone);
  }
  template <auto kFunction, In kIn>
  static void call(void* self, std::uint64_t packed) {
    auto& databases = *static_cast<Databases*>(self);
    const auto id = RequestId::unpack(packed);
    const Request* const request = databases.requests_.find(id);
    if (request == nullptr) return;
    if (databases.holds(kIn, *request, {&Databases::call<kFunction, kIn>, self, packed})) return;
    (databases.*kFunction)(id);
  }
  template <auto kFunction, In kIn>
  void later(Duration delay, RequestId id) {
    world_.kernel().schedule_in(delay, {&Databases::call<kFunction, kIn>, this, id.packed()});
  }
  template <auto kFunction, In kIn>
  void go_on(RequestId id) {
    call<kFunction, kIn>(this, id.packed());
  }
  // A lost segment is sent again after 200 ms, 400 ms, ...; in the end the connection is given up.
  template <auto kResend>
  void send_again(RequestId id) {
    Request& request = requests_[id];
    if (request.sends >= kMostSends) {
      if (request.work == Work::kSent) request.work = Work::kNone;
      return;
    }
    later<kResend, In::kSystem>(kRetransmissionTimeout * (1 << request.sends++), id);
  }

  // database_clients.cpp: the end of the client
  void use_connection(RequestId id);
  void leave_client(RequestId id);
  void ask_for_connection(RequestId id);
  void connection_asked(RequestId id, Outcome outcome);
  void connection_accepted(RequestId id, Outcome outcome);
  void send_statements(RequestId id);
  void statements_answered(RequestId id, Outcome outcome);
  void send_commit(RequestId id);
  void acknowledged(RequestId id, Outcome outcome);
  void reset_arrived(RequestId id, Outcome outcome);
  void give_up(RequestId id);
  void fail(RequestId id, Error error);
  void finish(RequestId id, TransactionOutcome outcome, bool connection_is_good);
  void return_connection(RequestId id, bool is_good);
  void close_connection(RequestId id);
  void client_down(ProcessId client, DownCause cause);

  // database_servers.cpp: the end of the server, until its answer is ready
  bool holds_connection(const Request& request);
  void refuse(RequestId id);
  void statements_arrived(RequestId id, Outcome outcome);
  void take_locks(RequestId id);
  void release_locks(RequestId id);
  void pay_costs(RequestId id);
  void costs_paid(RequestId id);
  void statements_done(RequestId id);
  void answer_statements(RequestId id);
  void connection_closed(RequestId id, Outcome outcome);
  void keep_alive_expired(RequestId id);
  void roll_back(RequestId id);
  void server_up(std::uint32_t index);
  static void recovered(void* self, std::uint64_t index);
  void server_down(std::uint32_t index, DownCause cause);
  void reset_idle_connections(std::uint32_t index);

  // database_commits.cpp: from COMMIT's arrival to its acknowledgement
  void commit_arrived(RequestId id, Outcome outcome);
  void commit(RequestId id);
  void show(RequestId id, std::unique_ptr<ChangeSet> changes);
  void after_show(RequestId id);
  void let_go(RequestId id);
  void start_sync(std::uint32_t index);
  static void sync_ended(void* self, std::uint64_t index);
  void conclude_synced(std::uint32_t index);
  void conclude(RequestId id);
  static AfterFailpoint lose_answer(Request& request);
  static AfterFailpoint spoil_answer(Request& request, Error error);
  TransactionCaller caller_of(const Request& request) const;
  void acknowledge(RequestId id);
  void send_acknowledgement(RequestId id);
  void undo_unsynced(Server& server);

  World& world_;
  TableCatalogue catalogue_;
  SqlEnvironment environment_;
  ObserverDatabase observer_;
  std::vector<std::unique_ptr<Server>> servers_;
  std::vector<std::uint32_t> server_by_process_;
  std::vector<std::uint32_t> server_by_client_;  // by service
  std::vector<Pool> pools_;                      // by process
  Slab<Request> requests_;
};

}  // namespace soundcheck
