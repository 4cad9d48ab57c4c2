// A message on its way: acknowledged by the other side's kernel, read by its process, or lost and
// sent again.
#include "models/transport/tcp.hpp"
#include "models/transport/transport.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {

bool Transport::send(ConnectionId id, End from, std::int64_t bytes, std::uint64_t message) {
  Connection* const connection = connections_.find(id);
  if (connection == nullptr) return false;
  if (from == End::kServer) {
    if (!connection->server_stands || !connection->client_stands) {
      abandon(id);
      return false;
    }
    connection->with_server = false;
  }
  SOUNDCHECK_ASSERT(!connection->under_way, "a second message on a connection");
  connection->under_way = true;
  connection->sender = from;
  connection->losses = 0;
  connection->bytes = bytes;
  connection->message = message;
  transmit(id, *connection);
  return true;
}

void Transport::transmit(ConnectionId id, const Connection& connection) {
  const bool to_server = connection.sender == End::kClient;
  world_.network().send(to_server ? connection.client : connection.server,
                        to_server ? connection.server : connection.client, connection.bytes,
                        activity_callback_to<&Transport::message_arrived>(this, id));
}

// Whether nobody sends it again: the sender has gone, or the client that a server answers, which
// would come to nothing.
bool Transport::hopeless(const Connection& connection) const {
  return !connection.client_stands ||
         (connection.sender == End::kServer && !connection.server_stands);
}

void Transport::message_arrived(ConnectionId id, Outcome outcome) {
  if (outcome == Outcome::kDone) [[likely]] {
    read_message(id);
    return;
  }
  Connection& connection = connections_[id];
  if (hopeless(connection)) {
    lose_message(id);
  } else if (connection.losses == tcp::kRetransmissions) {
    const bool of_client = connection.sender == End::kClient;
    if (!of_client) shut(id, End::kServer);
    lose_message(id);
    if (of_client) break_client(id, Broken::kGivenUp);
  } else {
    world_.kernel().schedule_in(tcp::kRetransmissionTimeout * (1 << connection.losses++),
                                callback_to<&Transport::transmit_again>(this, id));
  }
}

void Transport::transmit_again(ConnectionId id) {
  const Connection& connection = connections_[id];
  if (hopeless(connection)) {
    lose_message(id);
  } else {
    transmit(id, connection);
  }
}

void Transport::lose_message(ConnectionId id) {
  Connection& connection = connections_[id];
  connection.under_way = false;
  const bool was_message = connection.established;
  const std::uint64_t message = connection.message;
  if (connection.closing) {
    read_close(id);
  } else if (!connection.client_stands) {
    client_went(id, true);
  }
  free_if_over(id);
  if (was_message) protocol_.on_message_lost(message);
}

// The receiver's kernel has it.
void Transport::read_message(ConnectionId id) {
  Connection& connection = connections_[id];
  if (connection.sender == End::kClient) {
    hand_to_server(id, connection);
  } else {
    hand_to_client(id, connection);
  }
}

void Transport::hand_to_server(ConnectionId id, Connection& connection) {
  if (!connection.server_stands) {
    reset_client(id, Broken::kReset);
    lose_message(id);
    return;
  }
  if (world_.holds(connection.server, callback_to<&Transport::read_message>(this, id))) return;
  if (!connection.established) {  // a hello
    connection.sender = End::kServer;
    connection.losses = 0;
    connection.bytes = tcp::kTlsAnswerBytes;
    transmit(id, connection);
    return;
  }
  connection.under_way = false;
  connection.with_server = true;
  const bool closing = connection.closing;
  protocol_.on_message(connection.message, End::kServer);
  if (closing) read_close(id);
}

void Transport::hand_to_client(ConnectionId id, Connection& connection) {
  if (!connection.established) {
    connected(id);
    return;
  }
  if (!connection.client_stands) {
    lose_message(id);
    return;
  }
  if (world_.holds(connection.client, callback_to<&Transport::read_message>(this, id))) return;
  connection.under_way = false;
  protocol_.on_message(connection.message, End::kClient);
}

}  // namespace soundcheck
