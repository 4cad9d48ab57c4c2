// The two messages of an attempt at its caller: the request leaves, the reply is read.
#include "models/rpc/calls.hpp"

namespace soundcheck {

void Calls::send_request(AttemptId id, Attempt& attempt) {
  if (!pass_request_sent(id, attempt)) return;
  const std::int64_t bytes = attempts_.method_of(attempt).request_bytes(attempt.payload);
  if (!attempts_.transport().send(attempt.connection, End::kClient, bytes, id.packed())) {
    attempts_.release(id);
  }
}

// False: it does not leave now.
bool Calls::pass_request_sent(AttemptId id, Attempt& attempt) {
  if (attempt.passed) return true;
  attempt.passed = true;
  const auto gone = [&] {  // killed there
    const bool waits = attempts_.client_waits(attempt);
    if (!waits) attempts_.release(id);
    return !waits;
  };
  const AfterFailpoint after = world_.failpoints().at<Failpoint::kRpcRequestSent>(
      [&] { return attempts_.at(Failpoint::kRpcRequestSent, attempt); }, gone,
      VerdictHandlers{.delayed =
                          [&](Duration delay) {
                            world_.kernel().schedule_in(delay,
                                                        callback_to<&Calls::send_later>(this, id));
                            return AfterFailpoint::kStop;
                          },
                      .dropped =
                          [&] {
                            attempts_.release(id);
                            return AfterFailpoint::kStop;
                          },
                      .duplicated =
                          [&] {
                            duplicate(attempt);
                            return AfterFailpoint::kGoOn;
                          },
                      .failed =
                          [&](Error error) {
                            attempt.error = std::move(error);
                            world_.kernel().post(callback_to<&Calls::fail_later>(this, id));
                            return AfterFailpoint::kStop;
                          }});
  return after == AfterFailpoint::kGoOn &&
         !world_.holds(attempt.client, callback_to<&Calls::send_later>(this, id));
}

// Some proxy sends it twice. Nobody waits for the second answer.
void Calls::duplicate(const Attempt& original) {
  const AttemptId twin = attempts_.take();
  Attempt& copy = attempts_[twin];
  copy.failed = copy.repeats = copy.serves_task = false;
  copy.passed = true;
  copy.handler = nullptr;
  copy.method = original.method;
  copy.client = original.client;
  copy.server = original.server;
  copy.connection = attempts_.transport().orphan(original.connection);
  copy.call = {};
  copy.trace = original.trace;
  copy.saga = original.saga;
  copy.deadline = original.deadline;
  copy.payload = original.payload.copy();
  send_request(twin, copy);
}

void Calls::send_later(AttemptId id) {
  Attempt& attempt = attempts_[id];
  if (!attempts_.client_waits(attempt)) {
    attempts_.release(id);
  } else if (!world_.holds(attempt.client, callback_to<&Calls::send_later>(this, id))) {
    send_request(id, attempt);
  }
}

void Calls::fail_later(AttemptId id) {
  Attempt& attempt = attempts_[id];
  const bool waits = attempts_.client_waits(attempt);
  if (waits && world_.holds(attempt.client, callback_to<&Calls::fail_later>(this, id))) return;
  const CallId call = attempt.call;
  Error error = std::move(attempt.error);
  attempts_.release(id);
  if (waits) finish_attempt(call, std::unexpected(std::move(error)));
}

void Calls::expect_reply(CallId id) {
  const Call& call = calls_[id];
  if (call.reply.listener == nullptr) {
    world_.completions().expect(SlotRef::unpack(call.reply.ticket));
  }
  prefetch(*call.context);
}

void Calls::reply_arrived(AttemptId id, Attempt& attempt) {
  const auto gone = [&] {
    const bool waits = attempts_.client_waits(attempt);
    if (!waits) attempts_.release(id);
    return !waits;
  };
  const AfterFailpoint after = world_.failpoints().at<Failpoint::kRpcReplyArrived>(
      [&] { return attempts_.at(Failpoint::kRpcReplyArrived, attempt); }, gone,
      VerdictHandlers{.dropped =
                          [&] {
                            attempts_.release(id);
                            return AfterFailpoint::kStop;
                          },
                      .failed =
                          [&](Error error) {
                            attempt.fail(std::move(error));
                            attempt.error.definite = false;  // whatever it says, the work is done
                            return AfterFailpoint::kGoOn;
                          }});
  if (after == AfterFailpoint::kStop) return;
  if (attempts_.paused_at<Failpoint::kRpcReplyArrived>(
          attempt.client, callback_to<&Calls::take_reply_later>(this, id))) {
    return;
  }
  take_reply(id, attempt);
}

void Calls::take_reply_later(AttemptId id) {
  Attempt& attempt = attempts_[id];
  if (!attempts_.client_waits(attempt)) {
    attempts_.release(id);
  } else if (!world_.holds(attempt.client, callback_to<&Calls::take_reply_later>(this, id))) {
    take_reply(id, attempt);
  }
}

void Calls::take_reply(AttemptId id, Attempt& attempt) {
  const CallId call = attempt.call;
  attempts_.transport().keep(std::exchange(calls_[call].connection, {}));
  Result<Payload> result = attempt.failed
                               ? Result<Payload>(std::unexpected(std::move(attempt.error)))
                               : Result<Payload>(std::move(attempt.payload));
  attempts_.release(id);
  finish_attempt(call, std::move(result));
}

}  // namespace soundcheck
