// One request and its reply on a connection: what TCP and the operating systems do.
#include "models/rpc/rpc.hpp"

namespace soundcheck {
namespace {

constexpr std::int64_t kSegmentBytes = 60;  // SYN, SYN-ACK, RST with their headers
constexpr Duration kConnectTimeout = 1_s;  // before the second SYN; doubles (RFC 6298, section 2.1)
constexpr Duration kRetransmissionTimeout = 200_ms;  // Linux' minimum; doubles
constexpr std::uint8_t kMostSends =
    9;  // then the connection is reset: 200 ms * (2^9 - 1), about 102 s
constexpr std::uint8_t kMostConnects = 6;  // Linux' tcp_syn_retries: about a minute

}  // namespace

bool Rpc::client_waits(const Exchange& exchange) {
  const Call* const call = calls_.find(exchange.call);
  return call != nullptr && call->waiting && call->attempt == exchange.attempt;
}

void Rpc::release(Handle<Exchange> handle) {
  Exchange& exchange = exchanges_[handle];
  exchange.in_use = false;
  exchange.payload = {};
  exchange.call = {};
  exchange.computing = {};
  exchanges_.give_back(handle);
}

// --- connecting: SYN there, SYN-ACK or RST back, with TLS one more round trip ---

void Rpc::connect(Handle<Exchange> handle) {
  const Exchange& exchange = exchanges_[handle];
  world_.network().send(exchange.client, exchange.server, kSegmentBytes,
                        {&Rpc::on_connect_arrived, this, handle.packed()});
}

void Rpc::on_connect_arrived(void* self, std::uint64_t packed, Outcome outcome) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  Exchange& exchange = rpc.exchanges_[handle];
  if (outcome == Outcome::kFailed) {
    ++exchange.sends;
    if (exchange.sends > kMostConnects) {
      Error error = Error::of(ErrorCode::kTimeout, "connection attempts exhausted");
      error.definite = true;
      exchange.error = std::move(error);
      exchange.failed = true;
      deliver_reset(self, packed);
    } else if (!rpc.client_waits(exchange)) {
      rpc.release(handle);
    } else {
      rpc.world_.kernel().schedule_in(kConnectTimeout * (1 << (exchange.sends - 1)),
                                      {&Rpc::connect_again, self, packed});
    }
    return;
  }
  if (!rpc.world_.running(exchange.server)) {
    rpc.refuse(handle, Error::of(ErrorCode::kConnectionRefused));
    return;
  }
  exchange.server_incarnation = rpc.world_.process(exchange.server).incarnation;
  rpc.world_.network().send(exchange.server, exchange.client, kSegmentBytes,
                            {&Rpc::on_accepted, self, packed});
}

void Rpc::connect_again(void* self, std::uint64_t packed) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  if (rpc.client_waits(rpc.exchanges_[handle]))
    rpc.connect(handle);
  else
    rpc.release(handle);
}

void Rpc::on_accepted(void* self, std::uint64_t packed, Outcome outcome) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  Exchange& exchange = rpc.exchanges_[handle];
  if (outcome == Outcome::kFailed) {  // the client sends its SYN again
    on_connect_arrived(self, packed, Outcome::kFailed);
    return;
  }
  if (!rpc.client_waits(exchange)) {
    rpc.release(handle);
    return;
  }
  const Call& call = rpc.calls_[exchange.call];
  const Duration round_trip = rpc.world_.network().latency(exchange.client, exchange.server) +
                              rpc.world_.network().latency(exchange.server, exchange.client);
  const Duration handshake = call.policy->tls ? round_trip : Duration();
  if (handshake > Duration()) {
    rpc.world_.kernel().schedule_in(handshake, {&Rpc::on_handshake_done, self, packed});
  } else {
    on_handshake_done(self, packed);
  }
}

void Rpc::on_handshake_done(void* self, std::uint64_t packed) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  Exchange& exchange = rpc.exchanges_[handle];
  if (!rpc.client_waits(exchange)) {
    rpc.release(handle);
    return;
  }
  const Callback again{&Rpc::on_handshake_done, self, packed};
  const bool tls = rpc.calls_[exchange.call].policy->tls;
  if (tls && rpc.world_.holds(exchange.server, again)) return;  // it has to answer the hello
  if (rpc.world_.holds(exchange.client, again)) return;
  rpc.calls_[exchange.call].connecting = false;
  exchange.sends = 0;
  rpc.send_request(handle);
}

// --- the request ---

void Rpc::send_request(Handle<Exchange> handle) {
  const bool first = exchanges_[handle].sends == 0;  // the failpoint is reached once only
  if (first && request_leaves(handle) == AfterFailpoint::kStop) return;
  const ProcessId client = exchanges_[handle].client;
  if (first && world_.holds(client, {&Rpc::request_again, this, handle.packed()})) {
    exchanges_[handle].sends = 1;
    return;
  }
  Exchange& sent = exchanges_[handle];
  const Method& method = methods_[sent.method.index()];
  const std::int64_t bytes = method.costs.request ? method.costs.request->count()
                                                  : kHttpHeaderBytes + sent.payload.wire_size();
  world_.network().send(sent.client, sent.server, bytes,
                        {&Rpc::on_request_arrived, this, handle.packed()});
}

AfterFailpoint Rpc::request_leaves(Handle<Exchange> handle) {
  Exchange& exchange = exchanges_[handle];
  const auto gone = [&] {
    const bool alive = world_.process(exchange.client).incarnation == exchange.client_incarnation &&
                       world_.running(exchange.client);
    if (!alive) release(handle);
    return !alive;
  };
  return world_.failpoints().at<Failpoint::kRpcRequestSent>(
      [&] { return failpoint_context(exchange, true); }, gone,
      VerdictHandlers{.delayed =
                          [&](Duration delay) {
                            exchange.sends = 1;
                            world_.kernel().schedule_in(
                                delay, {&Rpc::request_again, this, handle.packed()});
                            return AfterFailpoint::kStop;
                          },
                      .dropped =
                          [&] {
                            release(handle);
                            return AfterFailpoint::kStop;
                          },
                      .duplicated =
                          [&] {
                            send_twin(handle);
                            return AfterFailpoint::kGoOn;
                          },
                      .failed =
                          [&](Error error) {
                            exchange.error = std::move(error);
                            exchange.failed = true;
                            world_.kernel().post({&Rpc::deliver_reset, this, handle.packed()});
                            return AfterFailpoint::kStop;
                          }});
}

// The same request once more; nobody waits for its reply.
void Rpc::send_twin(Handle<Exchange> handle) {
  const Handle<Exchange> twin = exchanges_.take();
  Exchange& copy = exchanges_[twin];
  const Exchange& original = exchanges_[handle];
  copy.in_use = true;
  copy.at_server = copy.failed = copy.repeats = false;
  copy.sends = 1;
  copy.method = original.method;
  copy.client = original.client;
  copy.server = original.server;
  copy.client_incarnation = original.client_incarnation;
  copy.server_incarnation = original.server_incarnation;
  copy.call = {};
  copy.trace = original.trace;
  copy.saga = original.saga;
  copy.deadline = original.deadline;
  copy.payload = original.payload.copy();
  send_request(twin);
}

// TCP sends a lost segment again as long as its connection stands. False when it does not.
bool Rpc::send_again(Exchange& exchange, Handle<Exchange> handle,
                     void (*resend)(void*, std::uint64_t)) {
  if (++exchange.sends > kMostSends) return false;
  world_.kernel().schedule_in(kRetransmissionTimeout * (1 << (exchange.sends - 1)),
                              {resend, this, handle.packed()});
  return true;
}

void Rpc::on_request_arrived(void* self, std::uint64_t packed, Outcome outcome) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  Exchange& exchange = rpc.exchanges_[handle];
  if (outcome == Outcome::kFailed) {
    if (rpc.client_waits(exchange) && rpc.send_again(exchange, handle, &Rpc::request_again)) return;
    exchange.error = Error::of(ErrorCode::kConnectionReset, "retransmissions exhausted");
    exchange.failed = true;
    deliver_reset(self, packed);
    return;
  }
  request_received(self, packed);
}

// The server's kernel has acknowledged it.
void Rpc::request_received(void* self, std::uint64_t packed) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  const Exchange& exchange = rpc.exchanges_[handle];
  const Process& server = rpc.world_.process(exchange.server);
  if (server.state != ProcessState::kRunning || server.incarnation != exchange.server_incarnation) {
    rpc.refuse(handle, Error::of(ErrorCode::kConnectionReset));
    return;
  }
  if (rpc.world_.holds(exchange.server, {&Rpc::request_received, self, packed})) return;
  rpc.accept(handle);
}

void Rpc::request_again(void* self, std::uint64_t packed) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  if (rpc.client_waits(rpc.exchanges_[handle]))
    rpc.send_request(handle);
  else
    rpc.release(handle);
}

// A RST on its way back to the client.
void Rpc::refuse(Handle<Exchange> handle, Error error) {
  Exchange& exchange = exchanges_[handle];
  exchange.error = std::move(error);
  exchange.failed = true;
  world_.network().send(exchange.server, exchange.client, kSegmentBytes,
                        {&Rpc::on_refusal_arrived, this, handle.packed()});
}

void Rpc::on_refusal_arrived(void* self, std::uint64_t packed, Outcome outcome) {
  if (outcome == Outcome::kDone) {
    deliver_reset(self, packed);
  } else {
    auto& rpc = *static_cast<Rpc*>(self);
    rpc.release(Handle<Exchange>::unpack(packed));  // silence
  }
}

// The caller learns that this exchange has failed, if it still waits for it.
void Rpc::deliver_reset(void* self, std::uint64_t packed) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  Exchange& exchange = rpc.exchanges_[handle];
  const bool waits = rpc.client_waits(exchange);
  if (waits && rpc.world_.holds(exchange.client, {&Rpc::deliver_reset, self, packed})) return;
  const Handle<Call> call = exchange.call;
  Error error = std::move(exchange.error);
  rpc.release(handle);
  if (waits) rpc.finish_attempt(call, std::unexpected(std::move(error)));
}

// --- the reply ---

void Rpc::send_reply(Handle<Exchange> handle) {
  Exchange& exchange = exchanges_[handle];
  if (!client_waits(exchange)) {  // the connection is closed, or the client is gone
    release(handle);
    return;
  }
  const Call& call = calls_[exchange.call];
  if (call.reply.listener == nullptr) {
    world_.completions().expect(SlotRef::unpack(call.reply.ticket));
  }
  prefetch(*call.context);
  const Method& method = methods_[exchange.method.index()];
  const std::int64_t bytes = method.costs.reply && !exchange.failed
                                 ? method.costs.reply->count()
                                 : kHttpHeaderBytes + exchange.payload.wire_size();
  world_.network().send(exchange.server, exchange.client, bytes,
                        {&Rpc::on_reply_arrived, this, handle.packed()});
}

void Rpc::reply_again(void* self, std::uint64_t packed) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  const Exchange& exchange = rpc.exchanges_[handle];
  const Process& server = rpc.world_.process(exchange.server);
  if (server.state == ProcessState::kRunning && server.incarnation == exchange.server_incarnation) {
    rpc.send_reply(handle);
  } else {
    rpc.release(handle);  // the bytes died with the server; its crash has been told by a reset or
                          // by silence
  }
}

AfterFailpoint Rpc::reply_is_there(Handle<Exchange> handle) {
  Exchange& exchange = exchanges_[handle];
  const auto gone = [&] {
    const bool waits = client_waits(exchange);
    if (!waits) release(handle);
    return !waits;
  };
  return world_.failpoints().at<Failpoint::kRpcReplyArrived>(
      [&] { return failpoint_context(exchange, true); }, gone,
      VerdictHandlers{.dropped =
                          [&] {
                            release(handle);
                            return AfterFailpoint::kStop;
                          },
                      .failed =
                          [&](Error error) {
                            exchange.error = std::move(error);
                            exchange.error.definite = false;  // whatever it says, the work is done
                            exchange.failed = true;
                            return AfterFailpoint::kGoOn;
                          }});
}

void Rpc::on_reply_arrived(void* self, std::uint64_t packed, Outcome outcome) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  Exchange& exchange = rpc.exchanges_[handle];
  if (outcome == Outcome::kFailed) {
    if (rpc.client_waits(exchange) && rpc.send_again(exchange, handle, &Rpc::reply_again)) return;
    rpc.release(handle);
    return;
  }
  reply_received(self, packed);
}

// The client's kernel has acknowledged it.
void Rpc::reply_received(void* self, std::uint64_t packed) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  Exchange& exchange = rpc.exchanges_[handle];
  if (!rpc.client_waits(exchange)) {
    rpc.release(handle);
    return;
  }
  if (rpc.world_.holds(exchange.client, {&Rpc::reply_received, self, packed})) return;
  if (rpc.reply_is_there(handle) == AfterFailpoint::kStop) return;
  if (rpc.world_.holds(exchange.client, {&Rpc::take_reply, self, packed})) return;
  take_reply(self, packed);
}

void Rpc::take_reply(void* self, std::uint64_t packed) {
  auto& rpc = *static_cast<Rpc*>(self);
  const auto handle = Handle<Exchange>::unpack(packed);
  Exchange& exchange = rpc.exchanges_[handle];
  if (!rpc.client_waits(exchange)) {
    rpc.release(handle);
    return;
  }
  const Handle<Call> call = exchange.call;
  const Process& server = rpc.world_.process(exchange.server);
  const std::uint32_t incarnation = exchange.server_incarnation;
  // If the sender has crashed since, the reset of the connection follows on the heels of the reply.
  if (server.state == ProcessState::kRunning && server.incarnation == incarnation) {
    Peer& from = rpc.peer(exchange.client, exchange.server);
    if (from.incarnation != incarnation) from.idle = 0;
    from.incarnation = incarnation;
    ++from.idle;
  }
  if (exchange.failed) {
    Error error = std::move(exchange.error);
    rpc.release(handle);
    rpc.finish_attempt(call, std::unexpected(std::move(error)));
  } else {
    Payload reply = std::move(exchange.payload);
    rpc.release(handle);
    rpc.finish_attempt(call, std::move(reply));
  }
}

}  // namespace soundcheck
