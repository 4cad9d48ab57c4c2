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
#include "models/transport/transport.hpp"
#include "sim/core/handle_set.hpp"
#include "sim/core/slab.hpp"
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
  void set_task_effects(TaskEffects& effects) { task_effects_ = &effects; }
  // Where the transactions of a service's processes go.
  void connect(ServiceId client, ProcessId server);
  Store& store(ProcessId server) { return *server_of(server).store; }
  // After the schemas and Store::populate: shows all rows to the observer.
  void open();

  // --- the run ---
  // Completes `done` with a TransactionOutcome.
  void transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                const TransactOptions& options, SlotRef done);
  // A transaction on the facts, now.
  void record(TransactionBody& facts, const SagaContext& saga);
  // The number of the next commit.
  std::uint64_t next_commit() const { return environment_.next_commit(); }
  Observer& observer() { return observer_; }
  ObserverDatabase& observer_database() { return observer_; }
  // Nothing under way: for tests, and for the settle phase.
  bool idle() const { return requests_.in_use() == 0; }
  // For reports: connections of a client's pool, and processor time that the statements of a server
  // took.
  const UsageMeter& pool_use(ProcessId client) const { return pool_use_[client.index()]; }
  Duration computed(ProcessId server) { return server_of(server).computed; }
  std::size_t unsynced_commits(ProcessId server) { return server_of(server).log.size(); }
  std::size_t locks_held(ProcessId server) {
    const auto& running = server_of(server).running;
    return running == nullptr ? 0 : running->locks.held();
  }

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
    bool client_waits = false;
    bool has_connection = false;
    bool commit_sent = false;
    bool failed = false;     // the answer is `error`
    bool silent = false;     // the answer was dropped by a fault
    bool disk_read = false;  // of the costs, the disk's part is paid
    Work work = Work::kNone;
    std::uint32_t server = 0;        // index into servers_
    std::uint32_t next_lock = 0;     // of `locks`: those before it are held
    std::uint32_t client_place = 0;  // among those that its client waits for
    std::uint32_t server_place = 0;  // among those that the server works on
    ConnectionId connection;
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
    Duration waited;     // for a connection and for locks
    Duration computing;  // of the statements, on a core of speed 1
    TimerId timer;       // the client's patience
    ActivityId activity;
    Error error;
  };
  using RequestId = Handle<Request>;

  // What one incarnation of a server has in memory. It is destroyed with the process: whatever was
  // worked on is over, and commits to the caller.
  struct RunningServer {
    explicit RunningServer(Databases& all) : databases(all) {}
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;
    ~RunningServer();
    Databases& databases;
    LockTable locks;
    TimerId recovery;
    TimerId sync;
    HandleSet<Request, &Request::server_place> requests;  // that it works on
  };

  // What outlives the process: the disk.
  struct Server {
    ProcessId process;
    DatabaseParameters parameters;
    std::unique_ptr<Store> store;
    RandomStream statement_costs;
    RandomStream commit_costs;
    Duration computed;
    CommitLog log;
    std::vector<UnsyncedCommit> synced;  // by the fsync that has just ended; kept for its memory
    std::unique_ptr<RunningServer> running;  // null when the process is down
  };

  // Connections of one incarnation of a client to its server, and the transactions that it waits
  // for, which end with it.
  struct Pool {
    explicit Pool(Databases& all) : databases(all) {}
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    ~Pool();
    Databases& databases;
    std::uint32_t in_use = 0;
    std::deque<RequestId> waiting;                        // for a connection
    HandleSet<Request, &Request::client_place> requests;  // all
  };

  Server& server_of(ProcessId process);
  Server& server_of(const Request& request) { return *servers_[request.server]; }
  RunningServer& running(const Request& request) { return *server_of(request).running; }
  Pool& pool_of(const Request& request) { return *pools_[request.client.index()]; }
  static bool is_with_server(Work work) { return work != Work::kNone && work != Work::kSent; }
  void set_work(RequestId id, Work work);
  void stop_waiting(RequestId id);
  void release_if_over(RequestId id);
  FailpointContext failpoint_context(const Request& request) const;
  bool is_at(RequestId id, Work work) {
    const Request* const request = requests_.find(id);
    return request != nullptr && request->work == work;
  }

  // Timers carry the request's id; what comes too late for it is dropped here, what comes to a
  // paused process is held here.
  template <auto kFunction, End kIn>
  static void call(void* self, std::uint64_t packed) {
    auto& databases = *static_cast<Databases*>(self);
    const auto id = RequestId::unpack(packed);
    const Request* const request = databases.requests_.find(id);
    if (request == nullptr) return;
    const ProcessId in =
        kIn == End::kClient ? request->client : databases.server_of(*request).process;
    if (databases.world_.holds(in, {&Databases::call<kFunction, kIn>, self, packed})) return;
    (databases.*kFunction)(id);
  }
  template <auto kFunction, End kIn>
  void later(Duration delay, RequestId id) {
    world_.kernel().schedule_in(delay, {&Databases::call<kFunction, kIn>, this, id.packed()});
  }
  template <auto kFunction, End kIn>
  void go_on(RequestId id) {
    call<kFunction, kIn>(this, id.packed());
  }
  // The same for what a server does by itself: its incarnation and its index.
  template <auto kFunction>
  static void call_server(void* self, std::uint64_t incarnation_and_index) {
    auto& databases = *static_cast<Databases*>(self);
    const auto index = static_cast<std::uint32_t>(incarnation_and_index);
    const Process& process = databases.world_.process(databases.servers_[index]->process);
    if (process.incarnation != incarnation_and_index >> 32 ||
        process.state != ProcessState::kRunning) {
      return;
    }
    const Callback again{&Databases::call_server<kFunction>, self, incarnation_and_index};
    if (!databases.world_.holds(process.id, again)) (databases.*kFunction)(index);
  }
  template <auto kFunction>
  TimerId server_later(Duration delay, std::uint32_t index) {
    const std::uint64_t incarnation = world_.process(servers_[index]->process).incarnation;
    return world_.kernel().schedule_in(
        delay, {&Databases::call_server<kFunction>, this, (incarnation << 32) | index});
  }

  // database_clients.cpp: the end of the client
  void use_connection(RequestId id);
  void leave_client(RequestId id);
  void send_statements(RequestId id);
  void answered(RequestId id);
  void give_up(RequestId id);
  void fail(RequestId id, std::string_view why);
  void finish(RequestId id, TransactionOutcome outcome, bool connection_is_good);
  void return_connection(RequestId id, bool is_good);

  // database_servers.cpp: the end of the server, until its answer is ready
  void statements_arrived(RequestId id);
  void take_locks(RequestId id);
  void release_locks(RequestId id);
  void pay_costs(RequestId id);
  void costs_paid(RequestId id);
  void statements_done(RequestId id);
  void roll_back(RequestId id);
  void server_up(std::uint32_t index);
  void recovered(std::uint32_t index);
  void server_down(std::uint32_t index);

  // database_commits.cpp: from COMMIT's arrival to its acknowledgement
  void commit_arrived(RequestId id);
  void commit(RequestId id);
  Commit tell(const ChangeSet& changes, ProcessId database, const SagaContext& saga);
  void show(RequestId id, std::unique_ptr<ChangeSet> changes);
  void after_show(RequestId id);
  void let_go(RequestId id);
  void start_sync(std::uint32_t index);
  void sync_ended(std::uint32_t index);
  void conclude(RequestId id);
  static AfterFailpoint lose_answer(Request& request);
  static AfterFailpoint spoil_answer(Request& request, Error error);
  TransactionCaller caller_of(const Request& request) const;
  void acknowledge(RequestId id);
  void undo_unsynced(Server& server);

  World& world_;
  TableCatalogue catalogue_;
  SqlEnvironment environment_;
  ObserverDatabase observer_;
  Transport transport_;
  Slab<Request> requests_;
  std::vector<std::unique_ptr<Server>> servers_;
  std::unique_ptr<Store> facts_;  // null: none are kept
  ChangeSet changed_facts_;
  TaskEffects* task_effects_ = nullptr;
  std::vector<std::uint32_t> server_by_process_;
  std::vector<std::uint32_t> server_by_client_;  // by service
  std::vector<std::unique_ptr<Pool>> pools_;     // by process; null when it is down
  std::vector<UsageMeter> pool_use_;             // by process
};

}  // namespace soundcheck
