// The client's end of a transaction: connection pool, messages, patience.
#include <algorithm>

#include "models/database/databases.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

constexpr std::int64_t kMessageBytes = 100;    // BEGIN, COMMIT, with their headers
constexpr std::int64_t kStatementBytes = 200;  // a statement's name and parameters

}  // namespace

void Databases::transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                         const TransactOptions& options, SlotRef done) {
  const ServiceId service = world_.process(context->process).service;
  const std::uint32_t server = server_by_client_[service.index()];
  SOUNDCHECK_ASSERT(server != kNoServer, "service {} has no database",
                    world_.names().text(world_.service_name(service)));
  const RequestId id = requests_.take();
  Request& request = requests_[id];
  request = Request{.client_waits = true,
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
  pool.requests.add(requests_, id);
  pool_use_[context->process.index()].enter(world_.now());
  if (pool.in_use < parameters.connections && pool.waiting.empty()) {
    ++pool.in_use;
    use_connection(id);
    return;
  }
  pool.waiting.push_back(id);
  request.timer = world_.kernel().schedule_timeout(
      parameters.connection_timeout,
      {&Databases::call<&Databases::give_up, End::kClient>, this, id.packed()});
}

// The pool has room for this request: `in_use` counts it already.
void Databases::use_connection(RequestId id) {
  Request& request = requests_[id];
  request.has_connection = true;
  request.waited = world_.now() - request.waits_since;
  world_.kernel().cancel(request.timer);
  request.timer = world_.kernel().schedule_timeout(
      server_of(request).parameters.timeout,
      {&Databases::call<&Databases::give_up, End::kClient>, this, id.packed()});
  const AfterFailpoint begin = world_.failpoints().at<Failpoint::kDbBegin>(
      [&] { return failpoint_context(request); },
      [&] { return requests_.find(id) == nullptr; },  // it has died with its client
      VerdictHandlers{.delayed =
                          [&](Duration delay) {
                            later<&Databases::leave_client, End::kClient>(delay, id);
                            return AfterFailpoint::kStop;
                          },
                      .dropped = [] { return AfterFailpoint::kStop; },
                      .failed =
                          [&](Error error) {
                            error.definite = true;  // nothing has been sent
                            finish(id, std::unexpected(std::move(error)), false);
                            return AfterFailpoint::kStop;
                          }});
  if (begin == AfterFailpoint::kGoOn) go_on<&Databases::leave_client, End::kClient>(id);
}

void Databases::leave_client(RequestId id) {
  Request& request = requests_[id];
  const Server& server = server_of(request);
  request.connection = transport_.take(request.client, server.process, id.packed());
  if (request.connection.valid()) {
    send_statements(id);
  } else {
    request.connection = transport_.connect(
        request.client, server.process, {.keep_alive = server.parameters.keep_alive}, id.packed());
  }
}

void Databases::send_statements(RequestId id) {
  Request& request = requests_[id];
  if (request.at_once) {
    set_work(id, Work::kSent);
    request.commit_sent = true;
  }
  transport_.send(request.connection, End::kClient,
                  kMessageBytes + kStatementBytes * request.statements, id.packed());
}

// The answer to the statements of a transaction that has not sent its COMMIT; else to that.
void Databases::answered(RequestId id) {
  Request& request = requests_[id];
  if (!request.commit_sent && !request.read_only) {
    if (world_.completions().waiting(request.done)) {
      request.commit_sent = true;
      transport_.send(request.connection, End::kClient, kMessageBytes, id.packed());
    } else {  // whoever asked for it has gone
      finish(id, failure(ErrorCode::kDatabaseUnavailable, "cancelled"), false);
    }
  } else if (request.failed) {
    finish(id, std::unexpected(std::move(request.error)), true);
  } else {
    finish(id, std::move(request.body), true);
  }
}

// The client's patience has ended.
void Databases::give_up(RequestId id) {
  const Request& request = requests_[id];
  if (!request.client_waits) return;  // was due during a pause, and the answer had come before
  fail(id, request.has_connection ? "no answer from the database" : "no connection is free");
}

// What the client then knows depends on whether it has sent COMMIT.
void Databases::fail(RequestId id, std::string_view why) {
  const ErrorCode code =
      requests_[id].commit_sent ? ErrorCode::kCommitUnknown : ErrorCode::kDatabaseUnavailable;
  finish(id, failure(code, std::string(why)), false);
}

void Databases::finish(RequestId id, TransactionOutcome outcome, bool connection_is_good) {
  Request& request = requests_[id];
  stop_waiting(id);
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
  pool_use_[request.client.index()].leave(world_.now());
  if (!request.has_connection) {
    std::erase(pool.waiting, id);
    return;
  }
  if (is_good) {
    transport_.keep(request.connection);
  } else {
    transport_.close(request.connection);
  }
  if (pool.waiting.empty()) {
    --pool.in_use;
    return;
  }
  const RequestId next = pool.waiting.front();
  pool.waiting.pop_front();
  requests_[next].has_connection = true;
  world_.kernel().cancel(requests_[next].timer);
  world_.kernel().post(
      {&Databases::call<&Databases::use_connection, End::kClient>, this, next.packed()});
}

}  // namespace soundcheck
