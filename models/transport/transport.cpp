// Connections as such: taken, kept, closed, and what becomes of them with their processes.
#include "models/transport/transport.hpp"

#include <algorithm>
#include <utility>

#include "sim/core/assert.hpp"

namespace soundcheck {

std::string_view to_text(Broken how) {
  switch (how) {
    case Broken::kRefused:
      return "connection refused";
    case Broken::kUnreachable:
      return "connection attempts exhausted";
    case Broken::kReset:
      return "connection reset";
    case Broken::kGivenUp:
      return "retransmissions exhausted";
  }
  return "";
}

Transport::Transport(World& world, Protocol& protocol)
    : world_(world),
      protocol_(protocol),
      kept_(world.process_count()),
      client_ends_(world.process_count()),
      server_ends_(world.process_count()),
      listening_(world.process_count()) {
  world.observe_processes(*this);
}

ConnectionId Transport::take(ProcessId client, ProcessId server, std::uint64_t owner) {
  auto& of_client = kept_[client.index()];
  if (server.index() >= of_client.size()) return {};
  Ids& kept = of_client[server.index()];
  if (kept.empty()) return {};
  const ConnectionId id = kept.back();
  kept.pop_back();
  Connection& connection = connections_[id];
  connection.in_use = true;
  connection.owner = owner;
  return id;
}

ConnectionId Transport::connect(ProcessId client, ProcessId server, ConnectionOptions options,
                                std::uint64_t owner) {
  const ConnectionId id = connections_.take();
  connections_[id] = Connection{.client = client,
                                .server = server,
                                .options = options,
                                .in_use = true,
                                .under_way = true,
                                .owner = owner};
  auto& kept = kept_[client.index()];
  if (server.index() >= kept.size()) kept.resize(server.index() + 1);
  add_end(id, End::kClient);
  send_syn(id);
  return id;
}

ConnectionId Transport::orphan(ConnectionId of) {
  const Connection original = connections_[of];
  const ConnectionId id = connections_.take();
  connections_[id] = Connection{.client = original.client,
                                .server = original.server,
                                .options = original.options,
                                .established = true,
                                .in_use = true};
  if (original.server_stands) add_end(id, End::kServer);
  return id;
}

void Transport::keep(ConnectionId id) {
  Connection* const connection = connections_.find(id);
  if (connection == nullptr || !connection->client_stands) return;
  connection->in_use = false;
  kept_[connection->client.index()][connection->server.index()].push_back(id);
}

void Transport::close(ConnectionId id) {
  const Connection* const connection = connections_.find(id);
  if (connection == nullptr || !connection->client_stands) return;
  shut(id, End::kClient);
  client_went(id, false);
}

bool Transport::established(ConnectionId id) {
  const Connection* const connection = connections_.find(id);
  return connection != nullptr && connection->established;
}

bool Transport::open_at_client(ConnectionId id) {
  const Connection* const connection = connections_.find(id);
  return connection != nullptr && connection->client_stands;
}

void Transport::add_end(ConnectionId id, End end) {
  Connection& connection = connections_[id];
  if (end == End::kClient) {
    connection.client_stands = true;
    client_ends_[connection.client.index()].add(connections_, id);
  } else {
    connection.server_stands = true;
    server_ends_[connection.server.index()].add(connections_, id);
  }
}

void Transport::shut(ConnectionId id, End end) {
  Connection& connection = connections_[id];
  if (end == End::kClient && connection.client_stands) {
    connection.client_stands = false;
    client_ends_[connection.client.index()].remove(connections_, id);
  }
  if (end == End::kServer && connection.server_stands) {
    connection.server_stands = connection.with_server = false;
    server_ends_[connection.server.index()].remove(connections_, id);
  }
}

void Transport::free_if_over(ConnectionId id) {
  const Connection* const connection = connections_.find(id);
  if (connection == nullptr) return;
  if (connection->client_stands || connection->server_stands || connection->under_way) return;
  connections_.give_back(id);
}

void Transport::on_process_down(ProcessId process, DownCause cause) {
  listening_[process.index()] = false;
  const bool silently = cause == DownCause::kHostDown;
  for (Ids& kept : kept_[process.index()]) kept.clear();
  ClientEnds& clients = client_ends_[process.index()];
  while (!clients.empty()) {
    const ConnectionId id = clients.back();
    const Connection connection = connections_[id];
    shut(id, End::kClient);
    client_went(id, silently);
    if (connection.in_use) protocol_.on_owner_died(connection.owner);
  }
  ServerEnds& servers = server_ends_[process.index()];
  while (!servers.empty()) {
    const ConnectionId id = servers.back();
    const Connection connection = connections_[id];
    shut(id, End::kServer);
    if (!silently) reset_client(id, Broken::kReset);
    free_if_over(id);
    if (connection.with_server) protocol_.on_message_lost(connection.message);
  }
}

}  // namespace soundcheck
