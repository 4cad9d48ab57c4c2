// The caller's side: attempts, timeouts, retries.
#include "models/rpc/rpc.hpp"

namespace soundcheck {

void Rpc::call(const ContextRef& context, MethodId method, Payload request,
               const CallOptions& options, ReplyTo reply) {
  const Handle<Call> handle = calls_.take();
  Call& call = calls_[handle];
  call.in_use = true;
  call.context = context;
  call.reply = reply;
  call.caller = context->process;
  call.method = method;
  CallSite& site = site_of(world_.process(call.caller).service, method);
  call.policy = &site.policy;
  call.breaker = breaker_of(site, call.caller);
  call.timeout = options.timeout.value_or(call.policy->timeout);
  call.attempt = 0;
  call.unknown = false;
  call.repeats = options.repeats;
  call.started = world_.now();
  call.request = std::move(request);
  start_attempt(handle);
}

void Rpc::start_attempt(Handle<Call> handle) {
  Call& call = calls_[handle];
  const Method& method = methods_[call.method.index()];
  ++call.attempt;
  call.timer = {};
  if (call.breaker != nullptr && !admitted(handle)) return;
  call.waiting = true;
  if (call.timeout > Duration()) {
    call.timer =
        world_.kernel().schedule_timeout(call.timeout, {&Rpc::on_timeout, this, handle.packed()});
  }
  const auto& replicas = world_.replicas(method.service);
  call.server =
      balancers_.pick(call.policy->balancer, call.caller, method.service, replicas,
                      [&](ProcessId replica) { return peer(call.caller, replica).outstanding; });
  Peer& to = peer(call.caller, call.server);
  ++to.outstanding;

  const Handle<Exchange> exchange_handle = exchanges_.take();
  Exchange& exchange = exchanges_[exchange_handle];
  exchange.in_use = true;
  exchange.at_server = false;
  exchange.failed = false;
  exchange.repeats = call.repeats;
  exchange.sends = 0;
  exchange.method = call.method;
  exchange.client = call.caller;
  exchange.server = call.server;
  exchange.client_incarnation = world_.process(call.caller).incarnation;
  exchange.call = handle;
  exchange.attempt = call.attempt;
  exchange.trace = call.context->trace;
  exchange.saga = call.context->saga;
  exchange.deadline = call.context->deadline;
  const bool last = static_cast<int>(call.attempt) >= call.policy->retry.attempts;
  exchange.payload = last ? std::move(call.request) : call.request.copy();

  if (to.idle > 0) {
    --to.idle;
    call.connecting = false;
    exchange.server_incarnation = to.incarnation;
    send_request(exchange_handle);
  } else {
    call.connecting = true;
    connect(exchange_handle);
  }
}

// Asks the breaker, and carries out its refusal.
bool Rpc::admitted(Handle<Call> handle) {
  Call& call = calls_[handle];
  const auto ticket = call.breaker->admit(world_.now());
  if (ticket) {
    call.admittance = *ticket;
    return true;
  }
  Result<Payload> refused = failure(ErrorCode::kCircuitOpen);
  if (!try_again(handle, refused.error())) end_call(handle, std::move(refused));
  return false;
}

void Rpc::on_timeout(void* self, std::uint64_t packed_call) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Call>::unpack(packed_call);
  Call* const call = rpc.calls_.find(handle);
  if (call == nullptr || rpc.world_.holds(call->caller, {&Rpc::on_timeout, self, packed_call})) {
    return;
  }
  if (!call->waiting) return;  // was due during a pause that the answer had come before
  call->timer = {};
  Error error = Error::of(ErrorCode::kTimeout);
  error.definite = call->connecting;  // no connection, so nothing was ever sent
  rpc.finish_attempt(handle, std::unexpected(std::move(error)));
}

void Rpc::finish_attempt(Handle<Call> handle, Result<Payload>&& result) {
  Call& call = calls_[handle];
  world_.kernel().cancel(call.timer);
  call.waiting = false;
  Peer& to = peer(call.caller, call.server);
  if (to.outstanding > 0) --to.outstanding;
  if (call.breaker != nullptr) {
    const bool failed = !result && !is_rejection(result.error().code);
    call.breaker->record(call.admittance, failed, world_.now());
  }
  if (!result && try_again(handle, result.error())) return;
  end_call(handle, std::move(result));
}

void Rpc::end_call(Handle<Call> handle, Result<Payload>&& result) {
  Call& call = calls_[handle];
  // A definite failure of the last attempt says nothing about an earlier one that timed out.
  if (!result && call.unknown) result.error().definite = false;
  world_.emit(CallEnded{.caller = call.caller,
                        .trace = call.context->trace,
                        .saga = call.context->saga.saga,
                        .method = methods_[call.method.index()].name,
                        .error = error_of(result),
                        .took = world_.now() - call.started,
                        .attempts = call.attempt});

  const ReplyTo reply = call.reply;
  call.context = {};
  call.request = {};
  call.in_use = false;
  calls_.give_back(handle);
  answer(reply, std::move(result));
}

void Rpc::answer(const ReplyTo& reply, Result<Payload>&& result) {
  if (reply.listener != nullptr) {
    reply.listener->on_reply(reply.ticket, std::move(result));
  } else {
    world_.completions().complete(SlotRef::unpack(reply.ticket), std::move(result));
  }
}

bool Rpc::try_again(Handle<Call> handle, const Error& error) {
  Call& call = calls_[handle];
  if (is_rejection(error.code) || static_cast<int>(call.attempt) >= call.policy->retry.attempts)
    return false;
  call.unknown = call.unknown || !error.definite;
  const Duration pause = backoff(call);
  world_.emit(CallRetried{.caller = call.caller,
                          .trace = call.context->trace,
                          .saga = call.context->saga.saga,
                          .method = methods_[call.method.index()].name,
                          .error = error.code,
                          .pause = pause,
                          .attempts = call.attempt});
  call.timer = world_.kernel().schedule_in(pause, {&Rpc::on_retry, this, handle.packed()});
  return true;
}

void Rpc::on_retry(void* self, std::uint64_t packed_call) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Call>::unpack(packed_call);
  const Call* const call = rpc.calls_.find(handle);
  if (call == nullptr || rpc.world_.holds(call->caller, {&Rpc::on_retry, self, packed_call}))
    return;
  rpc.start_attempt(handle);
}

Duration Rpc::backoff(const Call& call) {
  const RetryPolicy& retry = call.policy->retry;
  RandomStream& random = methods_[call.method.index()].jitter.of(call.caller);
  return retry.jitter->of(retry.backoff->after(call.attempt), random);
}

}  // namespace soundcheck
