// How an end learns that the other one has gone: by a reset, by a close, by keep-alive, or never.
#include <algorithm>

#include "models/transport/tcp.hpp"
#include "models/transport/transport.hpp"

namespace soundcheck {

// --- the server learns of its client ---

// The client's end is shut. A server that looks after its connections is told, unless they were
// only kept; the end of another one goes as soon as it has nothing to do.
void Transport::client_went(ConnectionId id, bool silently) {
  Connection& connection = connections_[id];
  if (connection.server_stands && connection.looked_after()) {
    if (silently) {
      wait_for_keep_alive(id);
    } else {
      world_.network().send(connection.client, connection.server, tcp::kSegmentBytes,
                            activity_callback_to<&Transport::close_arrived>(this, id));
    }
  } else if (!connection.with_server && !connection.under_way) {
    shut(id, End::kServer);
  }
  free_if_over(id);
}

void Transport::wait_for_keep_alive(ConnectionId id) {
  world_.kernel().schedule_in(*connections_[id].options.keep_alive,
                              callback_to<&Transport::read_close>(this, id));
}

void Transport::close_arrived(ConnectionId id, Outcome outcome) {
  const Connection* const connection = connections_.find(id);
  if (connection == nullptr || !connection->server_stands) return;
  if (outcome == Outcome::kDone) {
    read_close(id);
  } else {
    wait_for_keep_alive(id);
  }
}

void Transport::read_close(ConnectionId id) {
  Connection* const connection = connections_.find(id);
  if (connection == nullptr || !connection->server_stands) return;
  if (connection->brings_message()) {  // it was sent before, and is read before
    connection->closing = true;
    return;
  }
  if (world_.holds(connection->server, callback_to<&Transport::read_close>(this, id))) return;
  const std::uint64_t message = connection->message;
  shut(id, End::kServer);
  free_if_over(id);
  protocol_.on_closed(message);
}

// The server has done with the last message and sends nothing.
void Transport::abandon(ConnectionId id) {
  Connection* const connection = connections_.find(id);
  if (connection == nullptr || !connection->server_stands) return;
  connection->with_server = false;
  if (!connection->client_stands && !connection->looked_after()) shut(id, End::kServer);
  free_if_over(id);
}

// --- the client learns of its server ---

void Transport::reset_client(ConnectionId id, Broken how) {
  Connection& connection = connections_[id];
  if (!connection.client_stands) return;
  connection.how = how;
  world_.network().send(connection.server, connection.client, tcp::kSegmentBytes,
                        activity_callback_to<&Transport::reset_arrived>(this, id));
}

void Transport::reset_arrived(ConnectionId id, Outcome outcome) {
  if (outcome == Outcome::kDone) read_reset(id);  // else silence
}

void Transport::read_reset(ConnectionId id) {
  const Connection* const connection = connections_.find(id);
  if (connection == nullptr || !connection->client_stands) return;
  if (world_.holds(connection->client, callback_to<&Transport::read_reset>(this, id))) return;
  break_client(id, connection->how);
}

void Transport::break_client(ConnectionId id, Broken how) {
  const Connection connection = connections_[id];
  shut(id, End::kClient);
  if (!connection.in_use) {
    std::erase(kept_[connection.client.index()][connection.server.index()], id);
  }
  client_went(id, true);
  if (connection.in_use) protocol_.on_broken(connection.owner, how);
}

}  // namespace soundcheck
