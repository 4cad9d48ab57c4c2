#pragma once

#include <cstdint>
#include <vector>

#include "models/transport/connection.hpp"
#include "sim/core/handle_set.hpp"
#include "sim/core/slab.hpp"
#include "sim/world/callback_to.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// What speaks over connections: HTTP, a database's protocol. Told of them in the process that it
// concerns, so never while that is paused. Owners and messages are numbers of the protocol's own.
class Protocol {
 public:
  virtual ~Protocol() = default;

  // In the client's process: the connection can be used now.
  virtual void on_connected(std::uint64_t owner, ConnectionId connection) = 0;
  // In the client's process: the connection that its owner uses, or waits for, is no more.
  virtual void on_broken(std::uint64_t owner, Broken how) = 0;
  // The client's process has died while its owner used the connection, or waited for it.
  virtual void on_owner_died(std::uint64_t owner) = 0;
  // In the process at that end: a message has arrived whole.
  virtual void on_message(std::uint64_t message, End at) = 0;
  // Anywhere: a message will never arrive, or the server has died with it before it has answered.
  // If the client can know, on_broken() follows.
  virtual void on_message_lost(std::uint64_t message) = 0;
  // In the server's process, of connections with a keep-alive: the client has gone. `message` is
  // the last that was sent on the connection.
  virtual void on_closed(std::uint64_t message) = 0;
};

// Connections between the processes of a world, as TCP and the operating systems carry them, with
// one message under way on each at a time:
//
// - A new one costs a round trip, with TLS two; then it is kept alive and used again.
// - A process that is down, or does not listen, on a living host: refused, one round trip later.
// - A process that crashes: its kernel resets its connections; the other ends learn it one latency
//   later, if the network lets them.
// - A process that is paused: its kernel accepts connections and acknowledges messages.
// - A host that is down, a partition: silence. What was lost is sent again (tcp.hpp) as long as the
//   sender's end stands; then, or after keep-alive, an end is given up. A message to an end that
//   the other side has forgotten is answered with a reset.
//
// Ends are closed by their owner or with their process, whatever the other side knows of it.
class Transport final : public ProcessObserver {
 public:
  // Every process of the world has been added.
  Transport(World& world, Protocol& protocol);

  // --- the client's end ---
  // A connection that has been kept, the youngest first; an invalid one if there is none.
  ConnectionId take(ProcessId client, ProcessId server, std::uint64_t owner);
  // Begins a new one: on_connected() or on_broken() follows.
  ConnectionId connect(ProcessId client, ProcessId server, ConnectionOptions options,
                       std::uint64_t owner);
  // A connection on which a message can be sent whose client has gone: a duplicate that some proxy
  // makes of a message on this one.
  ConnectionId orphan(ConnectionId connection);
  // It is not needed now, and kept.
  void keep(ConnectionId connection);
  // It is closed; nothing that comes on it reaches its owner. Nothing happens when it is gone.
  void close(ConnectionId connection);
  bool established(ConnectionId connection);
  bool open_at_client(ConnectionId connection);

  // --- both ends ---
  // Sends a message: on_message() or on_message_lost() follows. False: this end, or for a
  // server's answer the other one, is gone, and nothing is sent.
  bool send(ConnectionId connection, End from, std::int64_t bytes, std::uint64_t message);

  // --- the server's end ---
  // Whether new connections to a process that runs are accepted. True when a process starts.
  void set_listening(ProcessId server, bool listening) { listening_[server.index()] = listening; }
  // The last message is not answered.
  void abandon(ConnectionId connection);

  void on_process_up(ProcessId process) override { listening_[process.index()] = true; }
  void on_process_down(ProcessId process, DownCause cause) override;

 private:
  using Ids = std::vector<ConnectionId>;
  using ClientEnds = HandleSet<Connection, &Connection::client_place>;
  using ServerEnds = HandleSet<Connection, &Connection::server_place>;

  void add_end(ConnectionId id, End end);
  void shut(ConnectionId id, End end);
  void free_if_over(ConnectionId id);

  // handshake.cpp
  void send_syn(ConnectionId id);
  void syn_lost(ConnectionId id);
  void give_up_connecting(ConnectionId id);
  void syn_arrived(ConnectionId id, Outcome outcome);
  void syn_ack_arrived(ConnectionId id, Outcome outcome);
  void send_syn_again(ConnectionId id);
  void connected(ConnectionId id);

  // messages.cpp
  void transmit(ConnectionId id, const Connection& connection);
  bool hopeless(const Connection& connection) const;
  void lose_message(ConnectionId id);
  void hand_to_server(ConnectionId id, Connection& connection);
  void hand_to_client(ConnectionId id, Connection& connection);
  void message_arrived(ConnectionId id, Outcome outcome);
  void read_message(ConnectionId id);
  void transmit_again(ConnectionId id);

  // endings.cpp
  void client_went(ConnectionId id, bool silently);
  void break_client(ConnectionId id, Broken how);
  void reset_client(ConnectionId id, Broken how);
  void wait_for_keep_alive(ConnectionId id);
  void reset_arrived(ConnectionId id, Outcome outcome);
  void read_reset(ConnectionId id);
  void close_arrived(ConnectionId id, Outcome outcome);
  void read_close(ConnectionId id);

  World& world_;
  Protocol& protocol_;
  Slab<Connection> connections_;
  std::vector<std::vector<Ids>> kept_;   // by client and server process
  std::vector<ClientEnds> client_ends_;  // that stand, by process
  std::vector<ServerEnds> server_ends_;
  std::vector<bool> listening_;  // by process
};

}  // namespace soundcheck
