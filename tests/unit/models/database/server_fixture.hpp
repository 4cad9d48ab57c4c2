#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/database/databases.hpp"
#include "sim/env/env.hpp"
#include "tests/support/one_zone.hpp"

namespace soundcheck {

inline void PrintTo(Duration duration, std::ostream* out) {
  *out << to_text(duration);
}
inline void PrintTo(Time time, std::ostream* out) {
  *out << to_text(time.since_start());
}

// Stands behind Env with nothing but databases.
class DatabaseRuntime final : public Runtime {
 public:
  DatabaseRuntime(World& world, Databases& databases) : world_(world), databases_(databases) {}

  Completions& completions() override { return world_.completions(); }
  void transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                const TransactOptions& options, SlotRef done) override {
    databases_.transact(context, std::move(body), options, done);
  }
  void call(const ContextRef&, const RpcName&, Payload, const CallOptions&, SlotRef) override {}
  void compute(const ContextRef&, Duration, SlotRef) override {}
  void sleep(const ContextRef&, Duration, SlotRef) override {}
  Time clock(const RequestContext&) override { return world_.now(); }
  RandomStream& random(const RequestContext&) override { return random_; }
  RandomStream stream(const RequestContext&, std::string_view purpose) override {
    return RandomStream(1, purpose);
  }
  void emit(const RequestContext&, Event) override {}
  NameId intern(std::string_view name) override { return world_.names().intern(name); }
  std::string_view name_of(NameId name) override { return world_.names().text(name); }

 private:
  World& world_;
  Databases& databases_;
  RandomStream random_{1, "service"};
};

// One transaction as its client saw it.
struct ObservedTransaction {
  std::string key;
  bool ended = false;
  Time at;  // of the end
  Result<std::int64_t> result = 0;

  bool failed_with(ErrorCode code) const { return ended && !result && result.error().code == code; }
};

// Strikes at the n-th passing of a failpoint.
struct Striker final : FailpointWatcher {
  Striker(World& in_world, Failpoint at, std::function<Verdict()> action)
      : world(in_world), failpoint(at), strike(std::move(action)) {
    world.failpoints().arm(failpoint, *this);
  }
  ~Striker() override { world.failpoints().disarm(failpoint, *this); }
  Verdict at_failpoint(const FailpointContext& at) override {
    context = at;
    return ++passed == occurrence ? strike() : Verdict{};
  }
  World& world;
  Failpoint failpoint;
  std::function<Verdict()> strike;
  int occurrence = 1;
  int passed = 0;
  FailpointContext context;
};

// Two client processes of a service and a database server, each on a host of its own, any two of
// which are exactly 1 ms apart whatever the size of a message. Statements cost 0.1 ms, an fsync
// 4 ms.
class ServerFixture {
 public:
  static constexpr Duration kOneWay = 1_ms;

  struct Shape {
    Fidelity fidelity = Fidelity::kDirect;
    DatabaseParameters parameters = {.commit = Distribution::constant(4_ms)};
    std::uint64_t seed = 1;
  };

  ServerFixture() : ServerFixture(Shape{}) {}
  explicit ServerFixture(const Shape& shape)
      : world(shape.fidelity, test::one_zone(3, test::linked_by(500_us)), shape.seed),
        service(world.add_service("payments")) {
    clients.push_back(world.add_process(service, "payments-0", HostId(0)));
    clients.push_back(world.add_process(service, "payments-1", HostId(1)));
    server =
        world.add_process(world.add_service("payments.database"), "payments.database", HostId(2));
    databases.emplace(world);
    runtime = std::make_unique<DatabaseRuntime>(world, *databases);
    databases->add_server(server, shape.parameters);
    const auto loaded = databases->load_schema(
        server, "payments",
        "CREATE TABLE payments.rows (id TEXT PRIMARY KEY, value BIGINT, seq BIGINT);"
        "CREATE UNIQUE INDEX values_differ ON payments.rows (value) WHERE value < 0");
    EXPECT_TRUE(loaded.has_value());
    databases->connect(service, server);
    databases->open();
    for (const ProcessId client : clients) world.start(client);
    world.start(server);
  }

  enum class Ask { kCommit, kRollBack, kRead };

  // Begins a transaction now that adds one to the row of this key; the reference stays valid.
  ObservedTransaction& begin(std::string key, TransactOptions options = {}, Ask ask = Ask::kCommit,
                             std::size_t client = 0) {
    ObservedTransaction& transaction = transactions.emplace_back();
    transaction.key = key;
    RequestContext context;
    context.runtime = runtime.get();
    context.scope = world.process(clients[client]).scope.get();
    context.process = clients[client];
    context.saga.saga = transactions.size();
    const Env env(ContextRef::make(context));
    context.scope->start(observe(env, key, options, ask, &transaction).release().promise());
    return transaction;
  }
  ObservedTransaction& read(std::string key) { return begin(std::move(key), {}, Ask::kRead); }

  void run_until(Duration at) {
    world.kernel().schedule(Time::at(at), {[](void*, std::uint64_t) {}, nullptr, 0});
    world.kernel().run(Time::at(at));
  }
  void run() { world.kernel().run(Time::at(1_h)); }

  // What the server holds now; nothing when there is no such row.
  std::optional<std::int64_t> value_of(const std::string& key) {
    SqliteStatement statement = databases->store(server).connection().prepare_or_stop(
        "SELECT value FROM payments__rows WHERE id = ?1");
    const SqlValue value = key;
    statement.bind(1, value);
    return statement.step().value() ? std::optional(statement.integer(0)) : std::nullopt;
  }
  bool observer_is_in_step() {
    Store& store = databases->store(server);
    return databases->observer_database().content_digest(store) == store.content_digest();
  }
  // No transaction, lock or unsynced commit is left behind.
  bool at_rest() {
    return databases->idle() && databases->locks_held(server) == 0 &&
           databases->unsynced_commits(server) == 0;
  }
  NetworkRuleId partition() {
    NetworkRule rule;
    rule.from = {true, true, false};
    rule.to = {false, false, true};
    rule.both_ways = true;
    rule.cut = true;
    return world.network().add_rule(std::move(rule));
  }

  std::unique_ptr<DatabaseRuntime> runtime;  // frames refer to it until the world has gone
  World world;
  ServiceId service;
  std::vector<ProcessId> clients;
  ProcessId server;
  std::optional<Databases> databases;
  std::deque<ObservedTransaction> transactions;

 private:
  static Task<void> observe(Env env, std::string key, TransactOptions options, Ask ask,
                            ObservedTransaction* transaction) {
    static constexpr auto read_row = [](Transaction& t,
                                        const std::string& id) -> Result<std::int64_t> {
      static constexpr Sql select{"SELECT value FROM payments.rows WHERE id = ?1"};
      const auto row = t.one(select, id);
      if (!row) return failure(ErrorCode::kNotFound, id);
      return row->integer(0);
    };
    static constexpr auto add_one = [](Transaction& t, const std::string& id,
                                       const bool& keep) -> Result<std::int64_t> {
      static constexpr Sql add{
          "INSERT INTO payments.rows VALUES (?1, ?2, commit_seq()) ON CONFLICT (id) DO UPDATE SET "
          "value = rows.value + 1, seq = excluded.seq RETURNING value"};
      const auto row = t.one(add, id, id.starts_with("same") ? -1 : 1);
      if (!keep) return failure(ErrorCode::kInvalid, "declined");
      return row->integer(0);
    };
    if (ask == Ask::kRead) {
      Result<std::int64_t> value = co_await env.read(read_row, key);
      transaction->result = std::move(value);
    } else {
      Result<std::int64_t> value =
          co_await env.transact_with(options, add_one, key, ask == Ask::kCommit);
      transaction->result = std::move(value);
    }
    transaction->ended = true;
    transaction->at = env.clock();
  }
};

}  // namespace soundcheck
