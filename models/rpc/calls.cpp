// Attempts of a call, from the choice of a replica to its outcome.
#include "models/rpc/calls.hpp"

#include <algorithm>

namespace soundcheck {
namespace {

// Of servers that look after their connections: how long they hear nothing of a client before they
// take it for gone. NGINX calls it keepalive_timeout, 75 s.
constexpr Duration kKeepAlive = Duration::seconds(75);

// What a caller knows of a request whose connection is no more.
Error error_after(Broken how, bool sent) {
  Error error;
  switch (how) {
    case Broken::kRefused:
      error = Error::of(ErrorCode::kConnectionRefused);
      break;
    case Broken::kUnreachable:
      error = Error::of(ErrorCode::kTimeout, std::string(to_text(how)));
      break;
    case Broken::kReset:
      error = Error::of(ErrorCode::kConnectionReset);
      break;
    case Broken::kGivenUp:
      error = Error::of(ErrorCode::kConnectionReset, std::string(to_text(how)));
      break;
  }
  if (!sent) error.definite = true;
  return error;
}

}  // namespace

Calls::Calls(Attempts& attempts, CallSites& sites, const std::vector<ServerPolicy>& servers)
    : world_(attempts.world()),
      attempts_(attempts),
      sites_(sites),
      servers_(servers),
      balancers_(world_),
      callers_(world_.process_count()) {}

Calls::~Calls() = default;

void Calls::begin(const ContextRef& context, MethodId method, Payload&& request,
                  const CallOptions& options, ReplyTo reply) {
  const CallId id = calls_.take();
  Call& call = calls_[id];
  call.context = context;
  call.reply = reply;
  call.caller = context->process;
  call.method = method;
  CallSite& site = sites_.of(call.caller, method);
  call.policy = &site.policy;
  call.breaker = site.breaker_of(call.caller);
  call.timeout = options.timeout.value_or(call.policy->timeout);
  call.patience = options.patience ? world_.now() + *options.patience : Time::never();
  call.attempts = 0;
  call.unknown = false;
  call.repeats = options.repeats;
  call.started = world_.now();
  call.request = std::move(request);
  start_attempt(id);
}

void Calls::start_attempt(CallId id) {
  Call& call = calls_[id];
  ++call.attempts;
  call.timer = {};
  if (call.breaker != nullptr && !admitted(id)) return;
  call.waiting = true;
  if (call.patience != Time::never()) {
    const Duration left = call.patience - world_.now();
    time_out_in(id, call.timeout > Duration() ? std::min(call.timeout, left) : left);
  } else if (call.timeout > Duration()) {
    time_out_in(id, call.timeout);
  }
  Caller& caller = caller_of(call);
  call.server = caller.choose(call);
  ++caller.outstanding(call.server);

  Transport& transport = attempts_.transport();
  const AttemptId request = request_of(id, call);
  call.connection = transport.take(call.caller, call.server, id.packed());
  if (call.connection.valid()) {
    Attempt& attempt = attempts_[request];
    attempt.connection = call.connection;
    send_request(request, attempt);
  } else {
    call.unsent = request;
    call.connection = transport.connect(call.caller, call.server, options_of(call), id.packed());
  }
}

// A server that drops what was abandoned looks after its connections.
ConnectionOptions Calls::options_of(const Call& call) const {
  const ServiceId callee = world_.process(call.server).service;
  ConnectionOptions options{.tls = call.policy->tls};
  if (servers_[callee.index()].abandoned == Abandoned::kDrop) options.keep_alive = kKeepAlive;
  return options;
}

AttemptId Calls::request_of(CallId id, Call& call) {
  const AttemptId request = attempts_.take();
  Attempt& attempt = attempts_[request];
  attempt.failed = attempt.passed = attempt.serves_task = false;
  attempt.handler = nullptr;
  attempt.repeats = call.repeats;
  attempt.method = call.method;
  attempt.client = call.caller;
  attempt.server = call.server;
  attempt.call = id;
  attempt.trace = call.context->trace;
  attempt.saga = call.context->saga;
  attempt.deadline = call.context->deadline;
  const bool last = static_cast<int>(call.attempts) >= call.policy->retry.attempts;
  attempt.payload = last ? std::move(call.request) : call.request.copy();
  return request;
}

// Asks the breaker, and carries out its refusal.
bool Calls::admitted(CallId id) {
  Call& call = calls_[id];
  const auto ticket = call.breaker->admit(world_.now());
  if (ticket) {
    call.admittance = *ticket;
    return true;
  }
  Result<Payload> refused = failure(ErrorCode::kCircuitOpen);
  if (!try_again(id, refused.error())) end(id, std::move(refused));
  return false;
}

void Calls::connected(CallId id) {
  Call& call = calls_[id];
  const AttemptId request = std::exchange(call.unsent, {});
  Attempt& attempt = attempts_[request];
  attempt.connection = call.connection;
  send_request(request, attempt);
}

void Calls::time_out_in(CallId id, Duration timeout) {
  calls_[id].timer =
      world_.kernel().schedule_timeout(timeout, callback_to<&Calls::on_timeout>(this, id));
}

void Calls::on_timeout(CallId id) {
  Call* const call = calls_.find(id);
  if (call == nullptr) return;
  if (world_.holds(call->caller, callback_to<&Calls::on_timeout>(this, id))) return;
  if (!call->waiting) return;  // was due during a pause, and the answer had come before
  call->timer = {};
  Error error = Error::of(ErrorCode::kTimeout);
  error.definite = call->unsent.valid();
  finish_attempt(id, std::unexpected(std::move(error)));
}

void Calls::broken(CallId id, Broken how) {
  finish_attempt(id, std::unexpected(error_after(how, !calls_[id].unsent.valid())));
}

void Calls::finish_attempt(CallId id, Result<Payload>&& result) {
  Call& call = calls_[id];
  world_.kernel().cancel(call.timer);
  call.waiting = false;
  --caller_of(call).outstanding(call.server);
  if (call.unsent.valid()) attempts_.release(std::exchange(call.unsent, {}));
  if (call.connection.valid()) attempts_.transport().close(std::exchange(call.connection, {}));
  if (call.breaker != nullptr) {
    const bool failed = !result && !is_rejection(result.error().code);
    call.breaker->record(call.admittance, failed, world_.now());
  }
  if (!result && try_again(id, result.error())) return;
  end(id, std::move(result));
}

void Calls::end(CallId id, Result<Payload>&& result) {
  Call& call = calls_[id];
  // A definite failure of the last attempt says nothing about an earlier one that timed out.
  if (!result && call.unknown) result.error().definite = false;
  world_.emit(CallEnded{.caller = call.caller,
                        .trace = call.context->trace,
                        .saga = call.context->saga.saga,
                        .method = attempts_.methods()[call.method].name,
                        .error = error_of(result),
                        .took = world_.now() - call.started,
                        .attempts = call.attempts});

  const ReplyTo reply = call.reply;
  forget(id, call);
  answer(reply, std::move(result));
}

void Calls::forget(CallId id, Call& call) {
  call.waiting = false;
  call.context = {};
  call.request = {};
  call.connection = {};
  calls_.give_back(id);
}

void Calls::give_up(CallId id) {
  Call& call = calls_[id];
  world_.kernel().cancel(call.timer);
  if (call.unsent.valid()) attempts_.release(std::exchange(call.unsent, {}));
  forget(id, call);
}

void Calls::answer(const ReplyTo& reply, Result<Payload>&& result) {
  if (reply.listener != nullptr) {
    reply.listener->on_reply(reply.ticket, std::move(result));
  } else {
    world_.completions().complete(SlotRef::unpack(reply.ticket), std::move(result));
  }
}

bool Calls::try_again(CallId id, const Error& error) {
  Call& call = calls_[id];
  if (is_rejection(error.code) || static_cast<int>(call.attempts) >= call.policy->retry.attempts)
    return false;
  call.unknown = call.unknown || !error.definite;
  const Duration pause = backoff(call);
  if (pause >= call.patience - world_.now()) return false;
  world_.emit(CallRetried{.caller = call.caller,
                          .trace = call.context->trace,
                          .saga = call.context->saga.saga,
                          .method = attempts_.methods()[call.method].name,
                          .error = error.code,
                          .pause = pause,
                          .attempts = call.attempts});
  call.timer = world_.kernel().schedule_in(pause, callback_to<&Calls::on_retry>(this, id));
  caller_of(call).pause(id);
  return true;
}

void Calls::on_retry(CallId id) {
  Call* const call = calls_.find(id);
  if (call == nullptr) return;
  if (world_.holds(call->caller, callback_to<&Calls::on_retry>(this, id))) return;
  caller_of(*call).go_on(id);
  if (call->reply.listener != nullptr) {
    call->request =
        call->reply.listener->before_retry(call->reply.ticket, std::move(call->request));
  }
  start_attempt(id);
}

Duration Calls::backoff(const Call& call) {
  const RetryPolicy& retry = call.policy->retry;
  RandomStream& random = attempts_.methods()[call.method].jitter.of(call.caller);
  return retry.jitter->of(retry.backoff->after(call.attempts), random);
}

void Calls::on_process_up(ProcessId caller) {
  callers_[caller.index()] = std::make_unique<Caller>(*this);
}

void Calls::on_process_down(ProcessId caller) {
  callers_[caller.index()].reset();
  balancers_.forget(caller);
  sites_.forget(caller);
}

ProcessId Calls::Caller::choose(const Call& call) {
  const ServiceId callee = calls_.attempts_.methods()[call.method].service;
  const std::vector<ProcessId>& replicas = calls_.world_.replicas(callee);
  if (replicas.size() == 1) return replicas[0];
  if (call.method.index() >= balancers_.size()) {
    balancers_.resize(calls_.attempts_.methods().size());
  }
  Balancer*& balancer = balancers_[call.method.index()];
  if (balancer == nullptr) {
    balancer = &calls_.balancers_.of(call.policy->balancer, call.caller, callee);
  }
  return replicas[balancer->pick({.caller = call.caller,
                                  .replicas = replicas,
                                  .streams = calls_.balancers_.random(callee),
                                  .requests = outstanding_})];
}

Calls::Caller::~Caller() {
  for (const CallId id : pausing_) calls_.give_up(id);
}

}  // namespace soundcheck
