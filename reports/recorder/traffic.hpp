#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "reports/latency/histogram.hpp"
#include "reports/recorder/service_directory.hpp"
#include "sim/core/error_code.hpp"
#include "sim/events/event.hpp"
#include "sim/events/name_table.hpp"

namespace soundcheck {

using ErrorCounts = std::array<std::uint64_t, kErrorCodeCount>;  // by ErrorCode

// What one service did and went through, over all its replicas.
struct ServiceTally {
  std::uint64_t handled = 0;  // requests that left a worker
  std::uint64_t failed = 0;   // of them, with an error, rejections by business rules (4xx) included
  std::uint64_t refused = 0;  // the accept queue was full
  std::uint64_t abandoned = 0;  // left the accept queue, as their clients had gone
  std::uint64_t retries = 0;    // further attempts of its own calls
  Duration busy;                // sum of the time in workers
  Duration busy_in_load;        // of that, what fell into the load
  Histogram in_worker;
  Histogram in_queue;

  std::uint64_t transactions = 0;
  std::uint64_t failed_transactions = 0;
  Histogram transaction_wait;      // for a connection and for locks
  std::uint64_t commits_lost = 0;  // of a database server

  std::uint64_t crashes = 0;
  std::uint64_t host_failures = 0;  // a process went down with its host
  std::uint32_t up = 0;             // replicas running now
  Duration down_time;               // summed over replicas, until they were back or the run ended
};

// Calls of one service to one method.
struct EdgeTally {
  std::uint32_t caller = 0;  // ServiceDirectory::kNone: a client outside
  NameId method;             // "payments.charge"
  std::uint64_t calls = 0;
  std::uint64_t failed = 0;
  std::uint64_t retries = 0;
  std::uint64_t hedges = 0;
  std::uint64_t attempts = 0;  // of the calls that ended
  ErrorCounts errors{};
  Histogram latency;  // all attempts of one call together
};

// Counts what services do to each other. Memory: by service and by pair of caller and method.
class Traffic {
 public:
  explicit Traffic(const ServiceDirectory& directory);

  void on(const CallEnded& call);
  void on(const CallRetried& call);
  void on(const CallHedged& call) { ++edge(call.caller, call.method).hedges; }
  void on(const CallsRepeated& calls);
  void on(Time at, const HandlerEnded& handler);
  void on(Time at, const HandlersRepeated& handlers);
  void on(const RequestRefused& request);
  void on(const RequestAbandoned& request);
  void on(const TransactionEnded& transaction);
  void on(const CommitsLost& lost);
  void on(Time at, const ProcessStopped& stopped);
  void on(Time at, const ProcessStarted& started);
  void on(const ServiceWarning& warning);
  void load_started(Time at) { load_start_ = at; }
  void load_ended(Time at) { load_end_ = at; }
  void finish(Time at);

  const std::vector<ServiceTally>& services() const { return services_; }
  const std::vector<EdgeTally>& edges() const { return edges_; }  // as they were first used
  struct Warning {
    NameId text;
    bool endless = false;  // something was cut short
    std::uint64_t count = 0;
  };
  const std::vector<Warning>& warnings() const { return warnings_; }

 private:
  ServiceTally* service_of(ProcessId process);
  EdgeTally& edge(ProcessId caller, NameId method);
  void add_edge(std::vector<std::uint32_t>& row, std::uint32_t number, EdgeTally edge);
  Duration in_load(Time end, Duration length) const;

  const ServiceDirectory& directory_;
  std::vector<ServiceTally> services_;
  std::vector<Time> down_since_;  // by process; never: it runs, or has not started yet
  NameTable methods_;
  std::vector<std::vector<std::uint32_t>> edge_of_;  // by caller (clients last), then by method
  std::vector<EdgeTally> edges_;
  NameTable warning_texts_;
  std::vector<Warning> warnings_;
  Time load_start_;
  Time load_end_ = Time::never();
};

}  // namespace soundcheck
