#include "models/database/database_clients.hpp"

#include <string>
#include <utility>

#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

constexpr std::int64_t kMessageBytes = 100;    // BEGIN, COMMIT, with their headers
constexpr std::int64_t kStatementBytes = 200;  // a statement's name and parameters

}  // namespace

DatabaseClients::DatabaseClients(World& world, Transport& transport, OpenTransactions& transactions)
    : world_(world),
      transport_(transport),
      transactions_(transactions),
      servers_(world.service_count()),
      pools_(world.process_count()),
      pool_use_(world.process_count()) {}

void DatabaseClients::connect(ServiceId client, ProcessId server,
                              const DatabaseParameters& parameters) {
  servers_[client.index()] = {server, &parameters};
  const UsageMeter connections(parameters.connections);
  for (const ProcessId process : world_.replicas(client)) pool_use_[process.index()] = connections;
}

void DatabaseClients::transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                               const TransactOptions& options, SlotRef done) {
  const Server& server = server_of(context->process);
  SOUNDCHECK_ASSERT(server.parameters != nullptr, "process {} has no database",
                    world_.names().text(world_.process(context->process).name));
  const TransactionId id = transactions_.open({.client = context->process,
                                               .server = server.process,
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
                                               .waits_since = world_.now()});
  Pool& pool = pool_of(transactions_[id]);
  pool_use_[context->process.index()].enter(world_.now());
  if (pool.in_use < server.parameters->connections && pool.waiting.empty()) {
    ++pool.in_use;
    use_connection(id);
    return;
  }
  pool.waiting.push_back(id);
  be_patient(id, server.parameters->connection_timeout);
}

void DatabaseClients::be_patient(TransactionId id, Duration patience) {
  transactions_[id].timer = world_.kernel().schedule_timeout(
      patience, {&DatabaseClients::call<&DatabaseClients::give_up>, this, id.packed()});
}

// The pool has room for this transaction: `in_use` counts it already.
void DatabaseClients::use_connection(TransactionId id) {
  OpenTransaction& transaction = transactions_[id];
  transaction.has_connection = true;
  transaction.waited = world_.now() - transaction.waits_since;
  world_.kernel().cancel(transaction.timer);
  be_patient(id, parameters_of(transaction).timeout);
  const AfterFailpoint begin = world_.failpoints().at<Failpoint::kDbBegin>(
      [&] { return failpoint_context(world_, transaction); },
      [&] { return transactions_.find(id) == nullptr; },  // it has died with its client
      VerdictHandlers{.delayed =
                          [&](Duration delay) {
                            world_.kernel().schedule_in(
                                delay, {&DatabaseClients::call<&DatabaseClients::leave_client>,
                                        this, id.packed()});
                            return AfterFailpoint::kStop;
                          },
                      .dropped = [] { return AfterFailpoint::kStop; },
                      .failed =
                          [&](Error error) {
                            error.definite = true;  // nothing has been sent
                            finish(id, std::unexpected(std::move(error)), false);
                            return AfterFailpoint::kStop;
                          }});
  if (begin == AfterFailpoint::kGoOn) call<&DatabaseClients::leave_client>(this, id.packed());
}

void DatabaseClients::leave_client(TransactionId id) {
  OpenTransaction& transaction = transactions_[id];
  transaction.connection = transport_.take(transaction.client, transaction.server, id.packed());
  if (transaction.connection.valid()) {
    send_statements(id);
  } else {
    transaction.connection =
        transport_.connect(transaction.client, transaction.server,
                           {.keep_alive = parameters_of(transaction).keep_alive}, id.packed());
  }
}

void DatabaseClients::send_statements(TransactionId id) {
  OpenTransaction& transaction = transactions_[id];
  if (transaction.at_once) {
    transactions_.set_work(id, ServerWork::kSent);
    transaction.commit_sent = true;
  }
  transport_.send(transaction.connection, End::kClient,
                  kMessageBytes + kStatementBytes * transaction.statements, id.packed());
}

// The answer to the statements of a transaction that has not sent its COMMIT; else to that.
void DatabaseClients::answered(TransactionId id) {
  OpenTransaction& transaction = transactions_[id];
  if (!transaction.commit_sent && !transaction.read_only) {
    if (world_.completions().waiting(transaction.done)) {
      transaction.commit_sent = true;
      transport_.send(transaction.connection, End::kClient, kMessageBytes, id.packed());
    } else {  // whoever asked for it has gone
      finish(id, failure(ErrorCode::kDatabaseUnavailable, "cancelled"), false);
    }
  } else if (transaction.failed) {
    finish(id, std::unexpected(std::move(transaction.error)), true);
  } else {
    finish(id, std::move(transaction.body), true);
  }
}

void DatabaseClients::message_lost(TransactionId id) {
  if (!transactions_.is_at(id, ServerWork::kSent)) return;
  transactions_.set_work(id, ServerWork::kNone);
  transactions_.forget_if_over(id);
}

// The client's patience has ended.
void DatabaseClients::give_up(TransactionId id) {
  const OpenTransaction& transaction = transactions_[id];
  if (!transaction.client_waits) return;  // due during a pause, and the answer had come before
  fail(id, transaction.has_connection ? "no answer from the database" : "no connection is free");
}

// What the client then knows depends on whether it has sent COMMIT.
void DatabaseClients::fail(TransactionId id, std::string_view why) {
  const ErrorCode code =
      transactions_[id].commit_sent ? ErrorCode::kCommitUnknown : ErrorCode::kDatabaseUnavailable;
  finish(id, failure(code, std::string(why)), false);
}

void DatabaseClients::finish(TransactionId id, TransactionOutcome outcome,
                             bool connection_is_good) {
  OpenTransaction& transaction = transactions_[id];
  world_.kernel().cancel(transaction.timer);
  transactions_.stop_waiting(id);
  world_.emit(TransactionEnded{.client = transaction.client,
                               .trace = transaction.trace,
                               .saga = transaction.saga.saga,
                               .error = error_of(outcome),
                               .took = world_.now() - transaction.started,
                               .waited = transaction.waited});
  world_.completions().complete(transaction.done, std::move(outcome));
  return_connection(id, connection_is_good);
  transactions_.forget_if_over(id);
}

void DatabaseClients::return_connection(TransactionId id, bool is_good) {
  const OpenTransaction& transaction = transactions_[id];
  Pool& pool = pool_of(transaction);
  pool_use_[transaction.client.index()].leave(world_.now());
  if (!transaction.has_connection) {
    std::erase(pool.waiting, id);
    return;
  }
  if (is_good) {
    transport_.keep(transaction.connection);
  } else {
    transport_.close(transaction.connection);
  }
  if (pool.waiting.empty()) {
    --pool.in_use;
    return;
  }
  const TransactionId next = pool.waiting.front();
  pool.waiting.pop_front();
  transactions_[next].has_connection = true;
  world_.kernel().cancel(transactions_[next].timer);
  world_.kernel().post(
      {&DatabaseClients::call<&DatabaseClients::use_connection>, this, next.packed()});
}

// Its connections have gone before.
void DatabaseClients::down(ProcessId process) {
  for (const TransactionId id : transactions_.of_client(process)) {
    world_.kernel().cancel(transactions_[id].timer);
  }
  transactions_.client_died(process);
  pools_[process.index()].reset();
  pool_use_[process.index()].clear(world_.now());
}

}  // namespace soundcheck
