#include "models/database/databases.hpp"

#include <fmt/format.h>

#include "sim/core/assert.hpp"

namespace soundcheck {

Databases::Databases(World& world)
    : world_(world),
      environment_([&world] { return world.now(); }, world.random("database/sql")),
      observer_(catalogue_, environment_),
      server_by_process_(world.process_count(), kNoServer),
      server_by_client_(world.service_count(), kNoServer),
      pools_(world.process_count()) {
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

void Databases::connect(ServiceId client, ProcessId server) {
  SOUNDCHECK_ASSERT(server_by_process_[server.index()] != kNoServer, "process {} is no database",
                    server.index());
  server_by_client_[client.index()] = server_by_process_[server.index()];
}

void Databases::open() {
  for (const auto& server : servers_) observer_.copy_from(*server->store);
}

Databases::Server& Databases::server_of(ProcessId process) {
  const std::uint32_t index = server_by_process_[process.index()];
  SOUNDCHECK_ASSERT(index != kNoServer, "process {} is no database", process.index());
  return *servers_[index];
}

std::expected<void, std::string> Databases::write_files(const std::filesystem::path& folder) {
  for (const auto& server : servers_) {
    Store& store = *server->store;
    const std::string name = store.only_service().empty() ? store.name() : store.only_service();
    const auto path = folder / (name + ".sqlite");
    if (auto written = store.write_file(path.string()); !written) return written;
  }
  return {};
}

void Databases::release_if_over(RequestId id) {
  Request& request = requests_[id];
  if (request.client_waits || request.work != Work::kNone) return;
  request.in_use = false;
  request.body.reset();
  requests_.give_back(id);
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
  if (index != kNoServer) server_up(index);
}

void Databases::on_process_down(ProcessId process, DownCause cause) {
  const std::uint32_t index = server_by_process_[process.index()];
  if (index != kNoServer) {
    server_down(index, cause);
  } else {
    client_down(process, cause);
  }
}

}  // namespace soundcheck
