// The client's end of a transaction: connection pool, messages, patience.
#include <fmt/format.h>

#include <algorithm>

#include "models/database/databases.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

constexpr std::int64_t kSegmentBytes = 60;     // SYN, SYN-ACK, RST with their headers
constexpr std::int64_t kMessageBytes = 100;    // BEGIN, COMMIT, with their headers
constexpr std::int64_t kStatementBytes = 200;  // a statement's name and parameters
constexpr Duration kConnectTimeout = 1_s;  // before the second SYN; doubles (RFC 6298, section 2.1)

}  // namespace

void Databases::transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                         const TransactOptions& options, SlotRef done) {
  const ServiceId service = world_.process(context->process).service;
  const std::uint32_t server = server_by_client_[service.index()];
  SOUNDCHECK_ASSERT(server != kNoServer, "service {} has no database",
                    world_.names().text(world_.service_name(service)));
  const RequestId id = requests_.take();
  Request& request = requests_[id];
  request = Request{.in_use = true,
                    .client_waits = true,
                    .server = server,
                    .client = context->process,
                    .trace = context->trace,
                    .saga = context->saga,
                    .done = done,
                    .body = std::move(body),
                    .locks = options.locks,
                    .read_only = options.read_only,
                    .at_once = options.at_once && !options.read_only,
                    .always_commits = options.always_commits,
                    .statements = options.statements,
                    .started = world_.now(),
                    .waits_since = world_.now()};
  const DatabaseParameters& parameters = server_of(request).parameters;
  Pool& pool = pool_of(request);
  if (pool.in_use < parameters.connections && pool.waiting.empty()) {
    ++pool.in_use;
    use_connection(id);
    return;
  }
  pool.waiting.push_back(id);
  request.timer = world_.kernel().schedule_timeout(
      parameters.connection_timeout,
      {&Databases::call<&Databases::give_up, In::kClient>, this, id.packed()});
}

// The pool has room for this request: `in_use` counts it already.
void Databases::use_connection(RequestId id) {
  Request& request = requests_[id];
  request.has_connection = true;
  request.waited = world_.now() - request.waits_since;
  world_.kernel().cancel(request.timer);
  request.timer = world_.kernel().schedule_timeout(
      server_of(request).parameters.timeout,
      {&Databases::call<&Databases::give_up, In::kClient>, this, id.packed()});
  const AfterFailpoint begin = world_.failpoints().at<Failpoint::kDbBegin>(
      [&] { return failpoint_context(request); },
      [&] { return requests_.find(id) == nullptr; },  // it has died with its client
      VerdictHandlers{.delayed =
                          [&](Duration delay) {
                            later<&Databases::leave_client, In::kClient>(delay, id);
                            return AfterFailpoint::kStop;
                          },
                      .dropped = [] { return AfterFailpoint::kStop; },
                      .failed =
                          [&](Error error) {
                            error.definite = true;  // nothing has been sent
                            fail(id, std::move(error));
                            return AfterFailpoint::kStop;
                          }});
  if (begin == AfterFailpoint::kGoOn) go_on<&Databases::leave_client, In::kClient>(id);
}

void Databases::leave_client(RequestId id) {
  Request& request = requests_[id];
  Pool& pool = pool_of(request);
  if (pool.idle == 0) {
    ask_for_connection(id);
    return;
  }
  --pool.idle;
  request.connection = pool.incarnation;
  send_statements(id);
}

void Databases::ask_for_connection(RequestId id) {
  const Request& request = requests_[id];
  send<&Databases::connection_asked, In::kSystem>(request.client, server_of(request).process,
                                                  kSegmentBytes, id);
}

void Databases::connection_asked(RequestId id, Outcome outcome) {
  Request& request = requests_[id];
  const Server& server = server_of(request);
  if (outcome == Outcome::kFailed) {  // until the client's patience ends
    const int tries = std::min<int>(request.sends++, 5);
    later<&Databases::ask_for_connection, In::kSystem>(kConnectTimeout * (1 << tries), id);
  } else if (!server.accepting) {
    refuse(id);
  } else {
    request.connection = world_.process(server.process).incarnation;
    send<&Databases::connection_accepted, In::kClient>(server.process, request.client,
                                                       kSegmentBytes, id);
  }
}

void Databases::connection_accepted(RequestId id, Outcome outcome) {
  if (outcome == Outcome::kFailed) {
    connection_asked(id, outcome);
    return;
  }
  Request& request = requests_[id];
  Pool& pool = pool_of(request);
  if (pool.incarnation != request.connection) pool.idle = 0;  // the others ended with their server
  pool.incarnation = request.connection;
  request.sends = 0;
  send_statements(id);
}

void Databases::send_statements(RequestId id) {
  Request& request = requests_[id];
  if (request.at_once) {
    request.work = Work::kNone;
    if (!request.client_waits) {  // it died, or gave up, before it could send them again
      release_if_over(id);
      return;
    }
    request.work = Work::kSent;
    request.commit_sent = true;
  }
  send<&Databases::statements_arrived, In::kServer>(
      request.client, server_of(request).process,
      kMessageBytes + kStatementBytes * request.statements, id);
}

void Databases::statements_answered(RequestId id, Outcome outcome) {
  Request& request = requests_[id];
  if (!request.client_waits) return;
  if (outcome == Outcome::kFailed) {
    send_again<&Databases::answer_statements>(id);
    return;
  }
  request.sends = 0;
  if (request.read_only) {
    finish(id, std::move(request.body), true);
  } else if (world_.completions().waiting(request.done)) {
    request.commit_sent = true;
    send_commit(id);
  } else {  // whoever asked for it has gone
    close_connection(id);
    fail(id, Error::of(ErrorCode::kDatabaseUnavailable, "cancelled"));
  }
}

void Databases::send_commit(RequestId id) {
  const Request& request = requests_[id];
  if (!request.client_waits) return;
  send<&Databases::commit_arrived, In::kServer>(request.client, server_of(request).process,
                                                kMessageBytes, id);
}

void Databases::acknowledged(RequestId id, Outcome outcome) {
  Request& request = requests_[id];
  if (outcome == Outcome::kFailed) {
    send_again<&Databases::send_acknowledgement>(id);
    return;
  }
  if (request.failed) {
    finish(id, std::unexpected(std::move(request.error)), true);
  } else {
    finish(id, std::move(request.body), true);
  }
}

void Databases::reset_arrived(RequestId id, Outcome outcome) {
  const Request& request = requests_[id];
  if (outcome == Outcome::kFailed || !request.client_waits) return;
  fail(id,
       Error::of(request.commit_sent ? ErrorCode::kCommitUnknown : ErrorCode::kDatabaseUnavailable,
                 "connection reset"));
}

// The client's patience has ended.
void Databases::give_up(RequestId id) {
  const Request& request = requests_[id];
  if (!request.client_waits) return;  // was due during a pause that the answer had come before
  if (!request.has_connection) {
    fail(id, Error::of(ErrorCode::kDatabaseUnavailable, "no connection is free"));
    return;
  }
  close_connection(id);
  fail(id,
       Error::of(request.commit_sent ? ErrorCode::kCommitUnknown : ErrorCode::kDatabaseUnavailable,
                 "no answer from the database"));
}

void Databases::fail(RequestId id, Error error) {
  finish(id, std::unexpected(std::move(error)), false);
}

void Databases::finish(RequestId id, TransactionOutcome outcome, bool connection_is_good) {
  Request& request = requests_[id];
  world_.kernel().cancel(request.timer);
  request.client_waits = false;
  world_.emit(TransactionEnded{.client = request.client,
                               .trace = request.trace,
                               .saga = request.saga.saga,
                               .error = error_of(outcome),
                               .took = world_.now() - request.started,
                               .waited = request.waited});
  world_.completions().complete(request.done, std::move(outcome));
  return_connection(id, connection_is_good);
  release_if_over(id);
}

void Databases::return_connection(RequestId id, bool is_good) {
  const Request& request = requests_[id];
  Pool& pool = pool_of(request);
  if (!request.has_connection) {
    std::erase(pool.waiting, id);
    return;
  }
  if (is_good && request.connection == pool.incarnation) ++pool.idle;
  if (pool.waiting.empty()) {
    --pool.in_use;
    return;
  }
  const RequestId next = pool.waiting.front();
  pool.waiting.pop_front();
  requests_[next].has_connection = true;
  world_.kernel().cancel(requests_[next].timer);
  world_.kernel().post(
      {&Databases::call<&Databases::use_connection, In::kClient>, this, next.packed()});
}

// Tells the server that the client has gone, unless the transaction is the server's own by now.
void Databases::close_connection(RequestId id) {
  const Request& request = requests_[id];
  if (request.work == Work::kNone || request.work == Work::kCommit) return;
  if (request.at_once && request.work != Work::kOpen) return;
  send<&Databases::connection_closed, In::kServer>(request.client, server_of(request).process,
                                                   kSegmentBytes, id);
}

void Databases::client_down(ProcessId client, DownCause cause) {
  pools_[client.index()] = Pool{};
  for (std::uint32_t i = 0; i < requests_.size(); ++i) {
    Request& request = requests_.at_index(i);
    if (!request.in_use || !request.client_waits || request.client != client) continue;
    const RequestId id = requests_.handle_at(i);
    world_.kernel().cancel(request.timer);
    request.client_waits = false;
    if (request.commit_sent || request.work == Work::kNone) {
      // A COMMIT on its way arrives, or is lost with its host.
    } else if (cause == DownCause::kCrash) {
      close_connection(id);
    } else {
      later<&Databases::keep_alive_expired, In::kServer>(server_of(request).parameters.keep_alive,
                                                         id);
    }
    release_if_over(id);
  }
}

}  // namespace soundcheck
