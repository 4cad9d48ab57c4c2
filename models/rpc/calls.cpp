// Attempts of a call, from the choice of a replica to its outcome.
#include "models/rpc/calls.hpp"

#include <algorithm>

#include "models/rpc/hedges.hpp"

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
      hedges_(std::make_unique<Hedges>(world_, *this, attempts.methods())),
      callers_(world_.process_count()) {}

Calls::~Calls() = default;

void Calls::begin(const ContextRef& context, MethodId method, Payload&& request,
                  const CallOptions& options, ReplyTo reply) {
  CallSite& site = sites_.of(context->process, method);
  const Duration timeout = options.timeout.value_or(site.policy.timeout);
  if (site.guarded && site.policy.hedge && !options.repeats) [[unlikely]] {
    const Duration patience = options.patience.value_or(timeout);
    hedges_->begin(site, context, method, std::move(request),
                   timeout > Duration() ? std::min(timeout, patience) : patience, reply);
    return;
  }
  const CallId id = take(site, context, method, std::move(request), reply);
  Call& call = calls_[id];
  call.timeout = timeout;
  call.patience = options.patience ? world_.now() + *options.patience : Time::never();
  call.repeats = options.repeats;
  start_attempt(id, call);
}

void Calls::begin_attempt(HedgedId id, HedgedCall& of, Payload&& request) {
  CallSite& site = sites_.of(of.caller, of.method);
  const CallId attempt = take(site, of.context, of.method, std::move(request), of.reply);
  Call& call = calls_[attempt];
  call.timeout = {};
  call.patience = Time::never();
  call.repeats = false;
  call.hedged = id;
  if (of.attempts == 1) of.first = attempt;
  of.under_way.push_back(attempt);
  start_attempt(attempt, call);
  if (calls_.find(attempt) != nullptr) of.asked.push_back(call.server);
}

[[gnu::always_inline]] inline CallId Calls::take(CallSite& site, const ContextRef& context,
                                                 MethodId method, Payload&& request,
                                                 ReplyTo reply) {
  const CallId id = calls_.take();
  Call& call = calls_[id];
  call.context = context;
  call.reply = reply;
  call.caller = context->process;
  call.method = method;
  call.policy = &site.policy;
  call.guarded = site.guarded;
  if (call.guarded) [[unlikely]] {
    call.breaker = site.breaker_of(call.caller);
    call.hedged = {};
  }
  call.attempts = 0;
  call.unknown = false;
  call.started = world_.now();
  call.request = std::move(request);
  return id;
}

void Calls::start_attempt(CallId id, Call& call) {
  ++call.attempts;
  call.timer = {};
  const ServiceId callee = attempts_.methods()[call.method].service;
  const std::vector<ProcessId>* replicas = &world_.replicas(callee);
  if (call.guarded) [[unlikely]] {
    replicas = admitted_to(id, *replicas);
    if (replicas == nullptr) return;
  }
  call.waiting = true;
  if (call.patience != Time::never()) {
    const Duration left = call.patience - world_.now();
    time_out_in(id, call.timeout > Duration() ? std::min(call.timeout, left) : left);
  } else if (call.timeout > Duration()) {
    time_out_in(id, call.timeout);
  }
  Caller& caller = caller_of(call);
  call.server = caller.choose(call, callee, *replicas);
  ++caller.outstanding(call.server);

  Transport& transport = attempts_.transport();
  const AttemptId request = attempts_.take();
  Attempt& attempt = attempts_[request];
  write_request(attempt, id, call);
  call.connection = transport.take(call.caller, call.server, id.packed());
  if (call.connection.valid()) {
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

void Calls::write_request(Attempt& attempt, CallId id, Call& call) {
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
}

// Asks the breaker, and carries out its refusal: null. Else the replicas of which one is to be
// chosen.
const std::vector<ProcessId>* Calls::admitted_to(CallId id,
                                                 const std::vector<ProcessId>& replicas) {
  Call& call = calls_[id];
  if (call.breaker != nullptr) {
    const auto ticket = call.breaker->admit(world_.now());
    if (!ticket) {
      refused(id);
      return nullptr;
    }
    call.admittance = *ticket;
  }
  return call.hedged.valid() ? &hedges_->candidates(call.hedged, replicas) : &replicas;
}

void Calls::refused(CallId id) {
  Call& call = calls_[id];
  if (const HedgedId hedged = call.hedged; hedged.valid()) {
    forget(id, call);
    hedges_->refused(hedged, id);
    return;
  }
  Result<Payload> refused = failure(ErrorCode::kCircuitOpen);
  if (!try_again(id, refused.error())) end(id, std::move(refused));
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
  leave_attempt(call);
  if (call.guarded) [[unlikely]] {
    if (call.breaker != nullptr) {
      const bool failed = !result && !is_rejection(result.error().code);
      call.breaker->record(call.admittance, failed, world_.now());
    }
    if (const HedgedId hedged = call.hedged; hedged.valid()) {
      forget(id, call);
      hedges_->ended(hedged, id, std::move(result));
      return;
    }
  }
  if (!result && try_again(id, result.error())) return;
  end(id, std::move(result));
}

[[gnu::always_inline]] inline void Calls::leave_attempt(Call& call) {
  call.waiting = false;
  --caller_of(call).outstanding(call.server);
  if (call.unsent.valid()) attempts_.release(std::exchange(call.unsent, {}));
  if (call.connection.valid()) attempts_.transport().close(std::exchange(call.connection, {}));
}

bool Calls::cancel(CallId id, bool too_late) {
  Call& call = calls_[id];
  const bool sent = !call.unsent.valid();
  leave_attempt(call);
  if (too_late && call.breaker != nullptr)
    call.breaker->record(call.admittance, true, world_.now());
  forget(id, call);
  return sent;
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
  const HedgedId hedged = call.guarded ? call.hedged : HedgedId();
  forget(id, call);
  if (hedged.valid()) hedges_->give_up(hedged, id);
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
  start_attempt(id, *call);
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

ProcessId Calls::Caller::choose(const Call& call, ServiceId callee,
                                const std::vector<ProcessId>& replicas) {
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
