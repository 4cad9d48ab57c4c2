#include "tests/support/bookkeeper.hpp"

#include "models/blueprint/blueprint.hpp"
#include "tests/support/one_zone.hpp"

namespace soundcheck::test {
namespace {

struct Written {
  std::int64_t rows = 0;
  static constexpr auto fields() { return std::tuple{field("rows", &Written::rows)}; }
};
struct Write {
  static constexpr RpcName rpc{"callee", "write", "POST /rows"};
  using Reply = Written;
  std::string key;
  static constexpr auto fields() { return std::tuple{field("key", &Write::key)}; }
};

std::int64_t write_row(Transaction& transaction, const std::string& key) {
  static constexpr Sql kInsert{
      "INSERT INTO callee.notes (note_id) VALUES (?1) ON CONFLICT (note_id) DO NOTHING"};
  static constexpr Sql kCount{"SELECT COUNT(*) FROM callee.notes"};
  transaction.execute(kInsert, key);
  return transaction.one(kCount)->integer(0);
}

class Callee final : public Service {
 public:
  Task<Result<Written>> write(Env env, Write request) {
    const TransactOptions options{.locks = {row("notes", request.key)}};
    Result<std::int64_t> rows = co_await env.transact_with(options, write_row, request.key);
    if (!rows) co_return std::unexpected(rows.error());
    co_return Written{*rows};
  }
};

class Port final : public TransactionPort {
 public:
  explicit Port(Databases& databases) : databases_(databases) {}
  void transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                const TransactOptions& options, SlotRef done) override {
    databases_.transact(context, std::move(body), options, done);
  }

 private:
  Databases& databases_;
};

constexpr LinkSpec kLink{50_us, 1.25e9};

}  // namespace

Bookkeeper::Bookkeeper(Fidelity fidelity)
    : world_(std::make_unique<World>(
          fidelity, one_zone({"caller", "callee", "database"}, {.up = kLink, .down = kLink}), 1)) {
  const ServiceId caller = world_->add_service("caller");
  const ServiceId callee = world_->add_service("callee");
  const ServiceId database = world_->add_service("callee.database");
  caller_ = world_->add_process(caller, "caller-0", HostId(0));
  callee_ = world_->add_process(callee, "callee-0", HostId(1));
  database_ = world_->add_process(database, "callee.database", HostId(2));
  runtime_ = std::make_unique<SimulatedRuntime>(*world_);
  host_ = std::make_unique<ServiceHost>(*runtime_);
  databases_ = std::make_unique<Databases>(*world_);
  port_ = std::make_unique<Port>(*databases_);
  runtime_->set_databases(*port_);
  databases_->add_server(database_, {});
  const auto loaded = databases_->load_schema(
      database_, "callee", "CREATE TABLE callee.notes (note_id TEXT PRIMARY KEY);");
  SOUNDCHECK_ASSERT(loaded.has_value(), "{}", loaded.error());
  databases_->connect(callee, database_);
  databases_->open();
  ServiceBlueprint blueprint;
  blueprint.handles<&Callee::write>();
  runtime_->rpc().add_method(callee, blueprint.methods.front(),
                             {.cpu = Distribution::constant(1_ms)});
  CallPolicy policy;
  policy.timeout = 5_s;
  runtime_->rpc().set_call_policy(caller, callee, policy);
  host_->serve(callee, [](ProcessId) { return std::make_unique<Callee>(); });
  for (const ProcessId process : {database_, callee_, caller_}) world_->start(process);
}

Bookkeeper::~Bookkeeper() {
  world_->shut_down();
}

void Bookkeeper::ask(std::string key) {
  const Env env(runtime_->new_context(caller_, 1));
  world_->process(caller_).scope->start(call_once(env, std::move(key)).release().promise());
}

Task<void> Bookkeeper::call_once(Env env, std::string key) {
  Result<Written> written = co_await env.call(Write{std::move(key)});
  if (written)
    answer_ = written->rows;
  else
    answer_ = std::unexpected(written.error());
}

std::int64_t Bookkeeper::rows() {
  const auto found = databases_->observer().query("SELECT COUNT(*) FROM callee.notes", {});
  SOUNDCHECK_ASSERT(found.has_value(), "{}", found.error().text.str());
  return found->front().integer(0);
}

}  // namespace soundcheck::test
