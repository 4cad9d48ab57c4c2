#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/core/distribution.hpp"
#include "sim/core/parameters.hpp"
#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

// When a commit is acknowledged.
enum class Fsync : std::uint8_t {
  kAlways,  // when it is durable
  kNever,   // when it is visible; it may still be lost
};

// How a database feeds its replicas: `sync`, or `async(lag 20ms)` with a distribution of lags.
struct Replication {
  bool synchronous = false;
  Distribution lag = Distribution::constant(Duration::milliseconds(20));
};
std::string to_text(const Replication& value);

// What a database server costs and how long its clients are patient. Defaults are those of a
// PostgreSQL server and of a connection pool that somebody has set up with care.
struct DatabaseParameters {
  std::uint32_t connections = 20;  // of each client process
  // Computing time of each statement, on the server's host.
  Distribution statement = Distribution::constant(Duration::microseconds(100));
  Bytes read_per_statement;  // from the server's disk
  // Making commits durable, one fsync after the other; all that commit meanwhile share the next.
  Distribution commit = Distribution::constant(Duration::milliseconds(2));
  Fsync fsync = Fsync::kAlways;
  Duration connection_timeout = Duration::seconds(30);  // waiting for one of the pool
  Duration timeout = Duration::seconds(30);  // from the first message to the acknowledgement
  // After this long the server takes a client that it does not hear from for dead.
  Duration keep_alive = Duration::seconds(60);
  Duration recovery = Duration::seconds(2);  // after a restart, before connections are accepted
  // Not simulated yet: a scenario that asks for copies is refused.
  std::uint32_t replicas = 0;
  std::optional<Replication> replication;

  // What a scenario can set: the rest stays as it is here.
  static const ParameterTable<DatabaseParameters>& parameters();
};

template <>
struct ParameterChoices<Fsync> {
  static constexpr ParameterChoice<Fsync> kChoices[] = {
      {Fsync::kAlways, "always", "a commit is answered when it is on disk"},
      {Fsync::kNever, "never", "a commit is answered at once; a crash may lose it"},
  };
};
template <>
struct ParameterText<Replication> {
  static constexpr std::string_view kPhrase = "sync or async(lag 20ms)";
  static std::string pattern() { return "^ *(sync|async.*) *$"; }
  static Parsed<Replication> parse(const ParameterNode& node, const ParameterReader& reader);
  static std::string print(const Replication& value) { return to_text(value); }
};

}  // namespace soundcheck
