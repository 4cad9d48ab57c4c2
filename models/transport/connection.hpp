#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/core/ids.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

enum class End : std::uint8_t { kClient, kServer };

// How a client loses a connection.
enum class Broken : std::uint8_t {
  kRefused,      // nobody listens
  kUnreachable,  // no answer to any SYN
  kReset,        // the server has gone
  kGivenUp,      // no acknowledgement of a message, however often it was sent
};
std::string_view to_text(Broken how);  // "connection refused"

struct ConnectionOptions {
  bool tls = false;
  // After this long a server that hears nothing takes the client for dead. Without, it never looks,
  // and its end goes when it has nothing to do any more.
  std::optional<Duration> keep_alive = {};
};

// A TCP connection as both ends know it. Lives as long as one of them stands or something is under
// way on it.
struct Connection {
  ProcessId client;
  ProcessId server;
  ConnectionOptions options;
  bool client_stands = false;
  bool server_stands = false;
  bool established = false;
  bool in_use = false;       // by its owner; else kept
  bool with_server = false;  // the server has a message and has not answered yet
  bool under_way = false;    // a handshake or a message
  bool closing = false;      // the client's close has come, and waits for its last message
  End sender = End::kClient;
  Broken how = Broken::kReset;     // of the reset that is under way
  std::uint8_t losses = 0;         // in a row
  std::uint32_t client_place = 0;  // among the ends of its process
  std::uint32_t server_place = 0;
  std::int64_t bytes = 0;  // of the message
  std::uint64_t message = 0;
  std::uint64_t owner = 0;

  bool brings_message() const { return under_way && sender == End::kClient; }
  // The server will learn that the client has gone, and keeps its end until then.
  bool looked_after() const { return options.keep_alive.has_value() && in_use; }
};
using ConnectionId = Handle<Connection>;

}  // namespace soundcheck
