#include "models/database/databases.hpp"

#include <string>
#include <utility>

#include "sim/core/assert.hpp"

namespace soundcheck {

Databases::Databases(World& world)
    : world_(world),
      environment_([&world] { return world.now(); }, world.random("database/sql")),
      observer_(catalogue_, environment_),
      visible_(world, catalogue_, environment_, observer_),
      transport_(world, *this),
      transactions_(world.process_count()),
      servers_(world.process_count()),
      clients_(world, transport_, transactions_) {
  world.observe_processes(*this);
}

Databases::~Databases() = default;

void Databases::add_server(ProcessId process, const DatabaseParameters& parameters) {
  SOUNDCHECK_ASSERT(!is_server(process), "process {} is added twice", process.index());
  servers_[process.index()] =
      std::make_unique<DatabaseServer>(DatabaseServer::Shared{.world = world_,
                                                              .transport = transport_,
                                                              .transactions = transactions_,
                                                              .visible = visible_,
                                                              .catalogue = catalogue_,
                                                              .environment = environment_},
                                       process, parameters);
}

std::expected<void, std::string> Databases::load_schema(ProcessId server, std::string_view service,
                                                        std::string_view schema) {
  return store(server).load_schema(service, schema);
}

void Databases::hide_from_observer(std::string_view service, std::string_view table) {
  const auto id = catalogue_.find(service, table);
  SOUNDCHECK_ASSERT(id.has_value(), "{} has no table {}", service, table);
  catalogue_.hide(*id);
}

void Databases::load_facts(std::string_view name, std::string_view schema) {
  if (facts_ == nullptr) facts_ = std::make_unique<Store>("facts", catalogue_, environment_);
  const auto loaded = facts_->load_schema(name, schema);
  SOUNDCHECK_ASSERT(loaded.has_value(), "schema of {}: {}", name, loaded.error());
}

void Databases::connect(ServiceId client, ProcessId server) {
  clients_.connect(client, server, server_of(server).parameters());
}

void Databases::open() {
  for (const auto& server : servers_) {
    if (server != nullptr) observer_.copy_from(server->store());
  }
  if (facts_ != nullptr) observer_.copy_from(*facts_);
}

DatabaseServer& Databases::server_of(ProcessId process) {
  SOUNDCHECK_ASSERT(is_server(process), "process {} is no database", process.index());
  return *servers_[process.index()];
}

void Databases::record(TransactionBody& facts, const SagaContext& saga) {
  const TransactionCaller caller{saga, world_.now().since_start().in_milliseconds()};
  const Store::Ending ending = facts_->run(facts, caller, changed_facts_);
  SOUNDCHECK_ASSERT(ending.has_value(), "facts: {}", ending.error());
  if (!changed_facts_.empty()) visible_.show_fact(changed_facts_, saga);
}

std::expected<void, std::string> Databases::write_files(const std::filesystem::path& folder) {
  std::vector<Store*> stores;
  for (const auto& server : servers_) {
    if (server != nullptr) stores.push_back(&server->store());
  }
  if (facts_ != nullptr) stores.push_back(facts_.get());
  for (Store* const one : stores) {
    Store& store = *one;
    const std::string name = store.only_service().empty() ? store.name() : store.only_service();
    const auto path = folder / (name + ".sqlite");
    if (auto written = store.write_file(path.string()); !written) return written;
  }
  return {};
}

void Databases::on_process_up(ProcessId process) {
  if (is_server(process)) {
    servers_[process.index()]->up();
  } else {
    clients_.up(process);
  }
}

// Their connections have gone before.
void Databases::on_process_down(ProcessId process, DownCause) {
  if (is_server(process)) {
    servers_[process.index()]->down();
  } else {
    clients_.down(process);
  }
}

void Databases::on_connected(std::uint64_t owner, ConnectionId) {
  clients_.connected(TransactionId::unpack(owner));
}

void Databases::on_broken(std::uint64_t owner, Broken how) {
  clients_.broken(TransactionId::unpack(owner), how);
}

void Databases::on_message(std::uint64_t message, End at) {
  const auto id = TransactionId::unpack(message);
  const OpenTransaction* const transaction = transactions_.find(id);
  if (transaction == nullptr) return;  // given up by its client, which has closed the connection
  if (at == End::kClient) {
    clients_.answered(id);
  } else {
    servers_[transaction->server.index()]->received(id);
  }
}

void Databases::on_message_lost(std::uint64_t message) {
  clients_.message_lost(TransactionId::unpack(message));
}

void Databases::on_closed(std::uint64_t message) {
  const auto id = TransactionId::unpack(message);
  const OpenTransaction* const transaction = transactions_.find(id);
  if (transaction != nullptr) servers_[transaction->server.index()]->client_went(id);
}

}  // namespace soundcheck
