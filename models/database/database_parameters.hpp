#pragma once

#include <cstdint>

#include "sim/core/distribution.hpp"
#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

// What a database server costs and how long its clients are patient. Defaults are those of a
// PostgreSQL server and of a connection pool that somebody has set up with care.
struct DatabaseParameters {
  std::uint32_t connections = 20;  // of each client process
  // Computing time of each statement, on the server's host.
  Distribution statement = Distribution::constant(Duration::microseconds(100));
  Bytes read_per_statement;  // from the server's disk
  // Making commits durable, one fsync after the other; all that commit meanwhile share the next.
  Distribution commit = Distribution::constant(Duration::milliseconds(2));
  // False: a commit is acknowledged when it is visible, and may still be lost.
  bool wait_for_durability = true;
  Duration connection_timeout = Duration::seconds(30);  // waiting for one of the pool
  Duration timeout = Duration::seconds(30);  // from the first message to the acknowledgement
  // After this long the server takes a client that it does not hear from for dead.
  Duration keep_alive = Duration::seconds(60);
  Duration recovery = Duration::seconds(2);  // after a restart, before connections are accepted
};

}  // namespace soundcheck
