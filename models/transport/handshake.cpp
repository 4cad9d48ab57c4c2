// SYN there, SYN-ACK or RST back; with TLS a hello there and its answer back, which are messages.
#include "models/transport/tcp.hpp"
#include "models/transport/transport.hpp"

namespace soundcheck {

void Transport::send_syn(ConnectionId id) {
  const Connection& connection = connections_[id];
  world_.network().send(connection.client, connection.server, tcp::kSegmentBytes,
                        activity_callback_to<&Transport::syn_arrived>(this, id));
}

void Transport::syn_arrived(ConnectionId id, Outcome outcome) {
  Connection& connection = connections_[id];
  if (outcome == Outcome::kFailed) {
    syn_lost(id);
    return;
  }
  const ProcessId server = connection.server;
  if (!world_.running(server) || !listening_[server.index()]) {
    connection.under_way = false;
    reset_client(id, Broken::kRefused);
    free_if_over(id);
    return;
  }
  if (!connection.server_stands) add_end(id, End::kServer);
  world_.network().send(server, connection.client, tcp::kSegmentBytes,
                        activity_callback_to<&Transport::syn_ack_arrived>(this, id));
}

void Transport::syn_ack_arrived(ConnectionId id, Outcome outcome) {
  Connection& connection = connections_[id];
  if (outcome == Outcome::kFailed) {  // the client sends its SYN again
    syn_lost(id);
    return;
  }
  connection.losses = 0;
  if (connection.client_stands && connection.options.tls) {
    connection.sender = End::kClient;
    connection.bytes = tcp::kTlsHelloBytes;
    transmit(id, connection);
  } else {
    connected(id);
  }
}

// The client's kernel has a connection, or its TLS library has.
void Transport::connected(ConnectionId id) {
  Connection& connection = connections_[id];
  if (!connection.client_stands) {
    give_up_connecting(id);
    return;
  }
  if (world_.holds(connection.client, callback_to<&Transport::connected>(this, id))) return;
  connection.under_way = false;
  connection.established = true;
  protocol_.on_connected(connection.owner, id);
}

void Transport::syn_lost(ConnectionId id) {
  Connection& connection = connections_[id];
  if (!connection.client_stands) {
    give_up_connecting(id);
  } else if (connection.losses == tcp::kConnectRetries) {
    give_up_connecting(id);
    break_client(id, Broken::kUnreachable);
  } else {
    world_.kernel().schedule_in(tcp::kConnectTimeout * (1 << connection.losses++),
                                callback_to<&Transport::send_syn_again>(this, id));
  }
}

void Transport::send_syn_again(ConnectionId id) {
  if (connections_[id].client_stands) {
    send_syn(id);
  } else {
    give_up_connecting(id);
  }
}

void Transport::give_up_connecting(ConnectionId id) {
  connections_[id].under_way = false;
  shut(id, End::kServer);
  free_if_over(id);
}

}  // namespace soundcheck
