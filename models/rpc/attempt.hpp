#pragma once

#include <cstdint>

#include "models/rpc/method_table.hpp"
#include "models/transport/transport.hpp"
#include "sim/core/slab.hpp"
#include "sim/env/context.hpp"
#include "sim/env/payload.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

class Endpoint;
struct Call;

// One attempt of a call: a request, later its reply, from the caller's decision to send it to the
// end of its way. Always held by exactly one of a connection, an endpoint or the caller, who has
// not sent it yet. A duplicate that a proxy makes is an attempt too, of no call.
struct Attempt {
  bool failed = false;   // the reply is `error`
  bool repeats = false;  // CallOptions::repeats
  bool passed = false;   // failpoint rpc.request-sent
  // Its callee works on the call of an HTTP task.
  bool serves_task = false;
  bool waits = false;  // in the accept queue of its endpoint
  MethodId method;
  ProcessId client;
  ProcessId server;
  ConnectionId connection;
  Handle<Call> call;  // stale when the caller has given up
  std::uint64_t trace = 0;
  SagaContext saga;
  Time deadline;
  Endpoint* endpoint = nullptr;  // where it waits or is worked on
  Time arrived;
  Time started;
  ActivityId computing;
  const RequestContext* handler = nullptr;  // of a request that repeats: names its long poll
  Payload payload;                          // the request, later the reply
  Error error;

  void fail(Error with) {
    failed = true;
    error = std::move(with);
    payload = {};
  }
};
using AttemptId = Handle<Attempt>;

// All attempts of a run: what callers and endpoints have in common.
class Attempts {
 public:
  Attempts(World& world, MethodTable& methods, Protocol& protocol)
      : world_(world), methods_(methods), transport_(world, protocol) {}

  World& world() { return world_; }
  MethodTable& methods() { return methods_; }
  Method& method_of(const Attempt& attempt) { return methods_[attempt.method]; }
  Transport& transport() { return transport_; }

  AttemptId take() { return attempts_.take(); }
  void release(AttemptId id);
  Attempt* find(AttemptId id) { return attempts_.find(id); }
  Attempt& operator[](AttemptId id) { return attempts_[id]; }
  bool client_waits(const Attempt& attempt) {
    return transport_.open_at_client(attempt.connection);
  }
  std::size_t in_use() const { return attempts_.in_use(); }

  FailpointContext at(Failpoint failpoint, const Attempt& attempt) const;
  // Whether a process whose gate was open has been paused at a failpoint since: World::holds. Only
  // a fault that watches it can have done so.
  template <Failpoint kFailpoint>
  bool paused_at(ProcessId process, Callback callback) {
    return world_.failpoints().armed(kFailpoint) && world_.holds(process, callback);
  }

 private:
  World& world_;
  MethodTable& methods_;
  Transport transport_;
  Slab<Attempt> attempts_;
};

}  // namespace soundcheck
