#include "models/rpc/hedges.hpp"

#include <algorithm>
#include <utility>

namespace soundcheck {

void Hedges::begin(CallSite& site, const ContextRef& context, MethodId method, Payload&& request,
                   Duration timeout, ReplyTo reply) {
  const HedgedId id = hedged_.take();
  HedgedCall& call = hedged_[id];
  call.context = context;
  call.reply = reply;
  call.caller = context->process;
  call.method = method;
  call.policy = &*site.policy.hedge;
  call.memory = &site.hedging_of(call.caller);
  call.memory->count_call();
  call.started = world_.now();
  call.deadline = {};
  call.unknown = false;
  call.attempts = 0;
  call.asked.clear();
  call.request = std::move(request);
  if (timeout > Duration()) {
    call.deadline =
        world_.kernel().schedule_timeout(timeout, callback_to<&Hedges::on_deadline>(this, id));
  }
  send(id);
}

// What comes of the attempt may end the call at once.
void Hedges::send(HedgedId id) {
  HedgedCall& call = hedged_[id];
  ++call.attempts;
  call.next = {};
  const bool last = call.attempts >= static_cast<std::uint32_t>(call.policy->attempts);
  if (const auto wait = call.memory->delay().wait(); wait && !last) {
    call.next_due = world_.now() + *wait;
    call.next = world_.kernel().schedule(call.next_due, callback_to<&Hedges::on_next>(this, id));
  }
  calls_.begin_attempt(id, call, last ? std::move(call.request) : call.request.copy());
}

void Hedges::send_another(HedgedId id) {
  const HedgedCall& call = hedged_[id];
  world_.emit(CallHedged{.caller = call.caller,
                         .trace = call.context->trace,
                         .saga = call.context->saga.saga,
                         .method = methods_[call.method].name,
                         .after = world_.now() - call.started,
                         .attempts = call.attempts + 1});
  send(id);
}

const std::vector<ProcessId>& Hedges::candidates(HedgedId id,
                                                 const std::vector<ProcessId>& replicas) {
  const std::vector<ProcessId>& asked = hedged_[id].asked;
  if (asked.empty()) return replicas;
  candidates_.clear();
  for (const ProcessId replica : replicas) {
    if (std::ranges::find(asked, replica) == asked.end()) candidates_.push_back(replica);
  }
  return candidates_;
}

bool Hedges::may_send_another(const HedgedCall& call) {
  const ServiceId callee = methods_[call.method].service;
  return call.attempts < static_cast<std::uint32_t>(call.policy->attempts) &&
         call.asked.size() < world_.replicas(callee).size() && call.memory->spend();
}

void Hedges::on_next(HedgedId id) {
  HedgedCall* const call = hedged_.find(id);
  if (call == nullptr) return;
  if (world_.holds(call->caller, callback_to<&Hedges::on_next>(this, id))) return;
  if (world_.now() < call->next_due) return;  // was due during a pause, and another went before
  call->next = {};
  if (may_send_another(*call)) send_another(id);
}

void Hedges::on_deadline(HedgedId id) {
  HedgedCall* const call = hedged_.find(id);
  if (call == nullptr) return;
  if (world_.holds(call->caller, callback_to<&Hedges::on_deadline>(this, id))) return;
  Error error = Error::of(ErrorCode::kTimeout);
  error.definite = !give_up_others(*call, true) && !call->unknown;
  end(id, std::unexpected(std::move(error)));
}

void Hedges::ended(HedgedId id, CallId attempt, Result<Payload>&& result) {
  HedgedCall& call = hedged_[id];
  std::erase(call.under_way, attempt);
  if (result || is_rejection(result.error().code)) {
    if (attempt == call.first) call.memory->delay().learn(world_.now() - call.started);
    const bool others_began = give_up_others(call, false);
    if (!result && (others_began || call.unknown)) result.error().definite = false;
    end(id, std::move(result));
    return;
  }
  call.unknown = call.unknown || !result.error().definite;
  if (may_send_another(call)) {
    world_.kernel().cancel(call.next);
    send_another(id);
  } else if (call.under_way.empty()) {
    // A definite failure of the last attempt says nothing about an earlier one.
    result.error().definite = !call.unknown;
    end(id, std::move(result));
  }
}

void Hedges::refused(HedgedId id, CallId attempt) {
  HedgedCall& call = hedged_[id];
  std::erase(call.under_way, attempt);
  world_.kernel().cancel(std::exchange(call.next, {}));
  if (!call.under_way.empty()) return;
  Error error = Error::of(ErrorCode::kCircuitOpen);
  error.definite = !call.unknown;
  end(id, std::unexpected(std::move(error)));
}

bool Hedges::give_up_others(HedgedCall& call, bool too_late) {
  bool any_began = false;
  for (const CallId attempt : call.under_way) {
    if (attempt == call.first) call.memory->delay().learn(world_.now() - call.started);
    const bool began = calls_.cancel(attempt, too_late);
    any_began = any_began || began;
  }
  call.under_way.clear();
  return any_began;
}

void Hedges::end(HedgedId id, Result<Payload>&& result) {
  HedgedCall& call = hedged_[id];
  world_.emit(CallEnded{.caller = call.caller,
                        .trace = call.context->trace,
                        .saga = call.context->saga.saga,
                        .method = methods_[call.method].name,
                        .error = error_of(result),
                        .took = world_.now() - call.started,
                        .attempts = call.attempts});
  const ReplyTo reply = call.reply;
  forget(id, call);
  calls_.answer(reply, std::move(result));
}

void Hedges::give_up(HedgedId id, CallId attempt) {
  HedgedCall& call = hedged_[id];
  std::erase(call.under_way, attempt);
  if (call.under_way.empty()) forget(id, call);
}

void Hedges::forget(HedgedId id, HedgedCall& call) {
  world_.kernel().cancel(call.deadline);
  world_.kernel().cancel(call.next);
  call.context = {};
  call.request = {};
  hedged_.give_back(id);
}

}  // namespace soundcheck
