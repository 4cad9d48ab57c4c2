// The callee's side: accept queue, workers, handlers.
#include <optional>

#include "models/rpc/rpc.hpp"

namespace soundcheck {

void Rpc::accept(Handle<Exchange> handle) {
  exchanges_[handle].sends = 0;
  if (request_is_there(handle) == AfterFailpoint::kStop) return;
  Exchange& exchange = exchanges_[handle];
  if (world_.holds(exchange.server, {&Rpc::begin_delayed, this, handle.packed()})) {
    exchange.at_server = true;
    exchange.arrived = world_.now();
  } else {
    enter_queue(handle);
  }
}

AfterFailpoint Rpc::request_is_there(Handle<Exchange> handle) {
  Exchange& exchange = exchanges_[handle];
  const auto gone = [&] {
    const bool runs = world_.running(exchange.server);
    if (!runs) refuse(handle, Error::of(ErrorCode::kConnectionReset));
    return !runs;
  };
  return world_.failpoints().at<Failpoint::kRpcRequestArrived>(
      [&] { return failpoint_context(exchange, false); }, gone,
      VerdictHandlers{.delayed =
                          [&](Duration delay) {
                            exchange.at_server = true;
                            exchange.arrived = world_.now();
                            world_.kernel().schedule_in(
                                delay, {&Rpc::begin_delayed, this, handle.packed()});
                            return AfterFailpoint::kStop;
                          },
                      .dropped =
                          [&] {
                            release(handle);
                            return AfterFailpoint::kStop;
                          },
                      .failed = [&](Error error) {  // a proxy answers in the callee's place
                        exchange.failed = true;
                        exchange.error = std::move(error);
                        exchange.payload = {};
                        send_reply(handle);
                        return AfterFailpoint::kStop;
                      }});
}

void Rpc::enter_queue(Handle<Exchange> handle) {
  Exchange& exchange = exchanges_[handle];
  const ServerPolicy& policy = server_policies_[world_.process(exchange.server).service.index()];
  ServerState& server = servers_[exchange.server.index()];
  exchange.at_server = true;
  exchange.arrived = world_.now();
  if (!server.admission.empty() && turned_away(handle, policy)) return;
  if (server.busy < policy.workers) {
    ++server.busy;
    begin(handle);
  } else if (server.queue.size() < policy.queue) {
    server.queue.push_back(handle);
    if (!long_polls_.empty()) wake_parked(exchange.server);
  } else {
    emit_refused(exchange);
    exchange.at_server = false;
    refuse(handle, Error::of(ErrorCode::kConnectionRefused, "accept queue full"));
  }
}

// Asks the replica's rate limits and load shedding, and carries out their refusal.
bool Rpc::turned_away(Handle<Exchange> handle, const ServerPolicy& policy) {
  Exchange& exchange = exchanges_[handle];
  const ServerState& server = servers_[exchange.server.index()];
  const ServerLoad load{.now = world_.now(),
                        .working = server.busy,
                        .workers = policy.workers,
                        .waiting = static_cast<std::uint32_t>(server.queue.size())};
  for (const std::unique_ptr<Admission>& admission : server.admission) {
    const std::optional<int> status = admission->refusal(load);
    if (!status) continue;
    emit_refused(exchange);
    exchange.at_server = false;
    exchange.failed = true;
    exchange.error = Error::answered(*status);
    exchange.payload = {};
    send_reply(handle);
    return true;
  }
  return false;
}

void Rpc::emit_refused(const Exchange& exchange) {
  world_.emit(RequestRefused{.callee = exchange.server,
                             .trace = exchange.trace,
                             .saga = exchange.saga.saga,
                             .method = methods_[exchange.method.index()].name});
}

void Rpc::begin_delayed(void* self, std::uint64_t packed) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  const Exchange* const exchange = rpc.exchanges_.find(handle);
  if (exchange == nullptr || !exchange->at_server) return;  // crashed in between
  if (rpc.world_.holds(exchange->server, {&Rpc::begin_delayed, self, packed})) return;
  rpc.enter_queue(handle);
}

// A worker takes the request: first the endpoint's CPU, then the handler.
void Rpc::begin(Handle<Exchange> handle) {
  Exchange& exchange = exchanges_[handle];
  exchange.started = world_.now();
  const ProcessId server = exchange.server;
  const AfterFailpoint start = world_.failpoints().at<Failpoint::kRpcHandlerStart>(
      [&] { return failpoint_context(exchange, false); },
      [&] { return !world_.running(server); },  // the crash has taken care of the exchange
      VerdictHandlers{.failed = [&](Error error) {
        exchange.failed = true;
        exchange.error = std::move(error);
        exchange.payload = {};
        leave_worker(handle);
        return AfterFailpoint::kStop;
      }});
  if (start == AfterFailpoint::kStop) return;
  if (!world_.holds(server, {&Rpc::compute_posted, this, handle.packed()})) compute(handle);
}

void Rpc::compute_posted(void* self, std::uint64_t packed) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  const Exchange* const exchange = rpc.exchanges_.find(handle);
  if (exchange != nullptr && exchange->at_server) rpc.compute(handle);  // else: crashed in between
}

void Rpc::compute(Handle<Exchange> handle) {
  Exchange& exchange = exchanges_[handle];
  Method& method = methods_[exchange.method.index()];
  const Duration work = method.costs.cpu.sample(method.random.of(exchange.server));
  if (work > Duration()) {
    exchange.computing = world_.kernel().execute(world_.process(exchange.server).host, work,
                                                 {&Rpc::on_computed, this, handle.packed()});
  } else {
    run_handler(handle);
  }
}

void Rpc::on_computed(void* self, std::uint64_t packed, Outcome outcome) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  Exchange* const exchange = rpc.exchanges_.find(handle);
  if (exchange == nullptr || !exchange->at_server || outcome == Outcome::kFailed) return;
  exchange->computing = {};
  run_computed(self, packed);
}

void Rpc::run_computed(void* self, std::uint64_t packed) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  const Exchange* const exchange = rpc.exchanges_.find(handle);
  if (exchange == nullptr || !exchange->at_server) return;  // crashed in between
  if (rpc.world_.holds(exchange->server, {&Rpc::run_computed, self, packed})) return;
  prefetch(rpc.calls_[exchange->call]);  // the reply will ask whether it is still waited for
  rpc.run_handler(handle);
}

void Rpc::run_handler(Handle<Exchange> handle) {
  Exchange& exchange = exchanges_[handle];
  const MethodBinding& binding = methods_[exchange.method.index()].binding;
  Service* const service = servers_[exchange.server.index()].service;
  if (binding.start == nullptr) {  // an endpoint that only costs time
    exchange.payload = {};
    leave_worker(handle);
    return;
  }
  Process& server = world_.process(exchange.server);
  RequestContext context;
  context.runtime = &runtime_;
  context.scope = server.scope.get();
  context.process = exchange.server;
  context.trace = exchange.trace;
  context.saga = exchange.saga;
  context.deadline = exchange.deadline;
  ContextRef shared = ContextRef::make(context);
  if (exchange.repeats) {
    exchange.handler = &*shared;
    long_polls_[exchange.handler] = {
        .exchange = handle, .begun = world_.now(), .work = world_.now() - exchange.started};
  }
  CoroutineBase& handler =
      binding.start(*service, Env(std::move(shared)), std::move(exchange.payload), binding.data);
  server.scope->start_now(handler, {&Rpc::on_handler_done, this, handle.packed()});
}

void Rpc::on_handler_done(void* self, std::uint64_t packed, CoroutineBase& handler) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  Exchange& exchange = rpc.exchanges_[handle];
  if (exchange.repeats) rpc.long_polls_.erase(exchange.handler);
  Result<Payload> result = rpc.methods_[exchange.method.index()].binding.finish(handler);
  if (result) {
    exchange.payload = std::move(*result);
  } else {
    exchange.failed = true;
    exchange.error = result.error().as_answer();
    exchange.payload = {};
  }
  rpc.leave_worker(handle);
}

void Rpc::leave_worker(Handle<Exchange> handle) {
  Exchange& exchange = exchanges_[handle];
  const ProcessId server = exchange.server;
  world_.emit(
      HandlerEnded{.callee = server,
                   .trace = exchange.trace,
                   .saga = exchange.saga.saga,
                   .method = methods_[exchange.method.index()].name,
                   .error = exchange.failed ? std::optional(exchange.error.code) : std::nullopt,
                   .worked = world_.now() - exchange.started,
                   .queued = exchange.started - exchange.arrived});
  if (reply_leaves(handle) == AfterFailpoint::kStop) return;
  if (world_.holds(server, {&Rpc::reply_delayed, this, handle.packed()})) {
    next_from_queue(server);
    return;
  }
  exchange.at_server = false;
  send_reply(handle);
  next_from_queue(server);
}

AfterFailpoint Rpc::reply_leaves(Handle<Exchange> handle) {
  Exchange& exchange = exchanges_[handle];
  const ProcessId server = exchange.server;
  return world_.failpoints().at<Failpoint::kRpcReplyReady>(
      [&] { return failpoint_context(exchange, false); },
      [&] { return !world_.running(server); },  // the crash has taken care of the exchange
      VerdictHandlers{
          .delayed =
              [&](Duration delay) {
                world_.kernel().schedule_in(delay, {&Rpc::reply_delayed, this, handle.packed()});
                next_from_queue(server);
                return AfterFailpoint::kStop;
              },
          .dropped =
              [&] {
                exchange.at_server = false;
                release(handle);
                next_from_queue(server);
                return AfterFailpoint::kStop;
              },
          .failed =
              [&](Error error) {
                exchange.failed = true;
                exchange.error = std::move(error);
                exchange.error.definite = false;  // whatever the code says, the work is done
                exchange.payload = {};
                return AfterFailpoint::kGoOn;
              }});
}

void Rpc::reply_delayed(void* self, std::uint64_t packed) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  Exchange* const exchange = rpc.exchanges_.find(handle);
  if (exchange == nullptr || !exchange->at_server) return;
  if (rpc.world_.holds(exchange->server, {&Rpc::reply_delayed, self, packed})) return;
  exchange->at_server = false;
  rpc.send_reply(handle);
}

void Rpc::next_from_queue(ProcessId server_id) {
  ServerState& server = servers_[server_id.index()];
  if (server.queue.empty()) {
    --server.busy;
    return;
  }
  const Handle<Exchange> next = server.queue.front();
  server.queue.pop_front();
  // From the ready queue: a long queue of requests that take no time must not pile up on the stack.
  world_.kernel().post({&Rpc::begin_posted, this, next.packed()});
}

void Rpc::begin_posted(void* self, std::uint64_t packed) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  const Exchange* const exchange = rpc.exchanges_.find(handle);
  if (exchange == nullptr || !exchange->at_server) return;  // crashed in between
  if (rpc.world_.holds(exchange->server, {&Rpc::begin_posted, self, packed})) return;
  rpc.begin(handle);
}

}  // namespace soundcheck
