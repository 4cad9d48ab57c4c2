#include "models/rpc/attempt.hpp"

namespace soundcheck {

void Attempts::release(AttemptId id) {
  Attempt& attempt = attempts_[id];
  attempt.payload = {};
  attempt.call = {};
  attempt.computing = {};
  attempt.endpoint = nullptr;
  attempt.waits = false;
  attempts_.give_back(id);
}

// The caller sends the request and takes the reply; all between is the callee's.
FailpointContext Attempts::at(Failpoint failpoint, const Attempt& attempt) const {
  const bool at_client =
      failpoint == Failpoint::kRpcRequestSent || failpoint == Failpoint::kRpcReplyArrived;
  FailpointContext context;
  context.failpoint = failpoint;
  context.process = at_client ? attempt.client : attempt.server;
  context.peer = at_client ? attempt.server : attempt.client;
  context.service = world_.process(context.process).service;
  context.method = methods_[attempt.method].name;
  context.saga = attempt.saga;
  context.trace = attempt.trace;
  return context;
}

}  // namespace soundcheck
