#include "models/database/databases.hpp"

#include <fmt/format.h>

#include <utility>

#include "sim/core/assert.hpp"

namespace soundcheck {

Databases::Databases(World& world)
    : world_(world),
      environment_([&world] { return world.now(); }, world.random("database/sql")),
      observer_(catalogue_, environment_),
      transport_(world, *this),
      server_by_process_(world.process_count(), kNoServer),
      server_by_client_(world.service_count(), kNoServer),
      pools_(world.process_count()),
      pool_use_(world.process_count()) {
  world.observe_processes(*this);
}

Databases::~Databases() = default;

void Databases::add_server(ProcessId process, const DatabaseParameters& parameters) {
  const std::string name(world_.names().text(world_.process(process).name));
  SOUNDCHECK_ASSERT(server_by_process_[process.index()] == kNoServer, "{} is added twice", name);
  server_by_process_[process.index()] = static_cast<std::uint32_t>(servers_.size());
  auto store = std::make_unique<Store>(name, catalogue_, environment_);
  servers_.push_back(std::make_unique<Server>(
      Server{.process = process,
             .parameters = parameters,
             .store = std::move(store),
             .statement_costs = world_.random("database/" + name + "/statement"),
             .commit_costs = world_.random("database/" + name + "/commit")}));
}

std::expected<void, std::string> Databases::load_schema(ProcessId server, std::string_view service,
                                                        std::string_view schema) {
  return server_of(server).store->load_schema(service, schema);
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
  SOUNDCHECK_ASSERT(server_by_process_[server.index()] != kNoServer, "process {} is no database",
                    server.index());
  server_by_client_[client.index()] = server_by_process_[server.index()];
  const UsageMeter connections(server_of(server).parameters.connections);
  for (const ProcessId process : world_.replicas(client)) pool_use_[process.index()] = connections;
}

void Databases::open() {
  for (const auto& server : servers_) observer_.copy_from(*server->store);
  if (facts_ != nullptr) observer_.copy_from(*facts_);
}

Databases::Server& Databases::server_of(ProcessId process) {
  const std::uint32_t index = server_by_process_[process.index()];
  SOUNDCHECK_ASSERT(index != kNoServer, "process {} is no database", process.index());
  return *servers_[index];
}

std::expected<void, std::string> Databases::write_files(const std::filesystem::path& folder) {
  std::vector<Store*> stores;
  for (const auto& server : servers_) stores.push_back(server->store.get());
  if (facts_ != nullptr) stores.push_back(facts_.get());
  for (Store* const one : stores) {
    Store& store = *one;
    const std::string name = store.only_service().empty() ? store.name() : store.only_service();
    const auto path = folder / (name + ".sqlite");
    if (auto written = store.write_file(path.string()); !written) return written;
  }
  return {};
}

void Databases::set_work(RequestId id, Work work) {
  Request& request = requests_[id];
  const bool was_there = is_with_server(std::exchange(request.work, work));
  if (was_there == is_with_server(work)) return;
  auto& requests = running(request).requests;
  if (was_there) {
    requests.remove(requests_, id);
  } else {
    requests.add(requests_, id);
  }
}

void Databases::stop_waiting(RequestId id) {
  Request& request = requests_[id];
  world_.kernel().cancel(request.timer);
  request.client_waits = false;
  pool_of(request).requests.remove(requests_, id);
}

void Databases::release_if_over(RequestId id) {
  Request& request = requests_[id];
  if (request.client_waits || request.work != Work::kNone) return;
  request.body.reset();
  requests_.give_back(id);
}

Databases::Pool::~Pool() {
  for (const RequestId id : requests) {
    Request& request = databases.requests_[id];
    databases.world_.kernel().cancel(request.timer);
    request.client_waits = false;
    databases.release_if_over(id);
  }
}

Databases::RunningServer::~RunningServer() {
  Kernel& kernel = databases.world_.kernel();
  kernel.cancel(recovery);
  kernel.cancel(sync);
  for (const RequestId id : requests) {
    Request& request = databases.requests_[id];
    if (request.work == Work::kCosts) kernel.cancel(request.activity);
    request.work = Work::kNone;
    request.next_lock = 0;
    databases.release_if_over(id);
  }
}

FailpointContext Databases::failpoint_context(const Request& request) const {
  FailpointContext context;
  context.process = request.client;
  context.peer = servers_[request.server]->process;
  context.service = world_.process(request.client).service;
  context.saga = request.saga;
  context.trace = request.trace;
  return context;
}

void Databases::on_process_up(ProcessId process) {
  const std::uint32_t index = server_by_process_[process.index()];
  if (index != kNoServer) {
    server_up(index);
  } else {
    pools_[process.index()] = std::make_unique<Pool>(*this);
  }
}

// Their connections have gone before.
void Databases::on_process_down(ProcessId process, DownCause) {
  const std::uint32_t index = server_by_process_[process.index()];
  if (index != kNoServer) {
    server_down(index);
  } else {
    pools_[process.index()].reset();
    pool_use_[process.index()].clear(world_.now());
  }
}

void Databases::on_connected(std::uint64_t owner, ConnectionId) {
  send_statements(RequestId::unpack(owner));
}

void Databases::on_broken(std::uint64_t owner, Broken how) {
  fail(RequestId::unpack(owner), to_text(how));
}

void Databases::on_message(std::uint64_t message, End at) {
  const auto id = RequestId::unpack(message);
  const Request* const request = requests_.find(id);
  if (request == nullptr) return;  // given up by its client, which has closed the connection
  if (at == End::kClient) {
    answered(id);
  } else if (request->work == Work::kOpen) {
    commit_arrived(id);
  } else {
    statements_arrived(id);
  }
}

void Databases::on_message_lost(std::uint64_t message) {
  const auto id = RequestId::unpack(message);
  const Request* const request = requests_.find(id);
  if (request == nullptr || request->work != Work::kSent) return;
  set_work(id, Work::kNone);
  release_if_over(id);
}

// One that has its COMMIT goes on without its client.
void Databases::on_closed(std::uint64_t message) {
  const auto id = RequestId::unpack(message);
  const Request* const request = requests_.find(id);
  if (request == nullptr || !is_with_server(request->work) || request->work == Work::kCommit)
    return;
  if (!request->at_once) roll_back(id);
}

}  // namespace soundcheck
