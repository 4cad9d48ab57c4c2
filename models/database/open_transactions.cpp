#include "models/database/open_transactions.hpp"

#include <utility>

namespace soundcheck {

TransactionId OpenTransactions::open(OpenTransaction&& transaction) {
  const TransactionId id = transactions_.take();
  OpenTransaction& opened = transactions_[id];
  opened = std::move(transaction);
  opened.client_waits = true;
  of_clients_[opened.client.index()].add(transactions_, id);
  return id;
}

void OpenTransactions::set_work(TransactionId id, ServerWork work) {
  OpenTransaction& transaction = transactions_[id];
  const bool was_there = is_with_server(std::exchange(transaction.work, work));
  if (was_there == is_with_server(work)) return;
  AtServer& at_server = at_servers_[transaction.server.index()];
  if (was_there) {
    at_server.remove(transactions_, id);
  } else {
    at_server.add(transactions_, id);
  }
}

void OpenTransactions::stop_waiting(TransactionId id) {
  OpenTransaction& transaction = transactions_[id];
  transaction.client_waits = false;
  of_clients_[transaction.client.index()].remove(transactions_, id);
}

void OpenTransactions::forget_if_over(TransactionId id) {
  OpenTransaction& transaction = transactions_[id];
  if (transaction.client_waits || transaction.work != ServerWork::kNone) return;
  transaction.body.reset();
  transactions_.give_back(id);
}

void OpenTransactions::client_died(ProcessId client) {
  const OfClient waited_for = std::exchange(of_clients_[client.index()], {});
  for (const TransactionId id : waited_for) {
    transactions_[id].client_waits = false;
    forget_if_over(id);
  }
}

void OpenTransactions::server_died(ProcessId server) {
  const AtServer worked_on = std::exchange(at_servers_[server.index()], {});
  for (const TransactionId id : worked_on) {
    OpenTransaction& transaction = transactions_[id];
    transaction.work = ServerWork::kNone;
    transaction.next_lock = 0;
    forget_if_over(id);
  }
}

FailpointContext failpoint_context(const World& world, const OpenTransaction& transaction) {
  FailpointContext context;
  context.process = transaction.client;
  context.peer = transaction.server;
  context.service = world.process(transaction.client).service;
  context.saga = transaction.saga;
  context.trace = transaction.trace;
  return context;
}

TransactionCaller caller_of(const World& world, const OpenTransaction& transaction) {
  const Time clock = world.now() + world.process(transaction.client).clock_offset;
  return {transaction.saga, clock.since_start().in_milliseconds()};
}

}  // namespace soundcheck
