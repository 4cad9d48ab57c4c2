#include "models/database/statement_queue.hpp"

#include <algorithm>
#include <utility>

namespace soundcheck {

StatementQueue::StatementQueue(World& world, OpenTransactions& transactions, ProcessId server,
                               const DatabaseParameters& parameters, RandomStream costs,
                               ActivityCallback paid)
    : world_(world),
      transactions_(transactions),
      server_(server),
      parameters_(parameters),
      costs_(std::move(costs)),
      paid_(paid) {}

void StatementQueue::add(TransactionId id) {
  OpenTransaction& transaction = transactions_[id];
  transactions_.set_work(id, ServerWork::kLocks);
  std::ranges::sort(transaction.locks, {}, &LockName::hash);
  const auto repeated = std::ranges::unique(transaction.locks, {}, &LockName::hash);
  transaction.locks.erase(repeated.begin(), repeated.end());
  transaction.waits_since = world_.now();
  take_locks(id);
}

void StatementQueue::take_locks(TransactionId id) {
  OpenTransaction& transaction = transactions_[id];
  while (transaction.next_lock < transaction.locks.size()) {
    if (!locks_.acquire(transaction.locks[transaction.next_lock], id.packed())) return;
    ++transaction.next_lock;
  }
  transaction.waited += world_.now() - transaction.waits_since;
  pay_costs(id);
}

void StatementQueue::release_locks(TransactionId id) {
  OpenTransaction& transaction = transactions_[id];
  for (std::uint32_t i = 0; i < transaction.next_lock; ++i) {
    const auto next = TransactionId::unpack(locks_.release(transaction.locks[i], id.packed()));
    if (!next.valid()) continue;
    ++transactions_[next].next_lock;
    take_locks(next);
  }
  transaction.next_lock = 0;
  transaction.locks.clear();
}

// First the disk, then the processor.
void StatementQueue::pay_costs(TransactionId id) {
  OpenTransaction& transaction = transactions_[id];
  const HostId host = world_.process(server_).host;
  const ActivityCallback paid{paid_.function, paid_.object, id.packed()};
  transactions_.set_work(id, ServerWork::kCosts);
  const Bytes read = parameters_.read_per_statement * transaction.statements;
  if (read > Bytes() && !transaction.disk_read) {
    transaction.disk_read = true;
    transaction.activity = world_.kernel().access(host, read.count(), DiskOperation::kRead, paid);
    return;
  }
  transaction.computing = {};
  for (int i = 0; i < transaction.statements; ++i) {
    transaction.computing += parameters_.statement.sample(costs_);
  }
  transaction.disk_read = false;
  transaction.activity = world_.kernel().execute(host, transaction.computing, paid);
}

bool StatementQueue::has_more_to_do(TransactionId id) {
  const OpenTransaction& transaction = transactions_[id];
  if (transaction.disk_read) {
    pay_costs(id);
    return true;
  }
  computed_ += transaction.computing;
  return false;
}

void StatementQueue::withdraw(TransactionId id) {
  const OpenTransaction& transaction = transactions_[id];
  if (transaction.work == ServerWork::kLocks) {
    locks_.withdraw(transaction.locks[transaction.next_lock], id.packed());
  }
  if (transaction.work == ServerWork::kCosts) world_.kernel().cancel(transaction.activity);
  release_locks(id);
}

void StatementQueue::clear() {
  for (const TransactionId id : transactions_.at_server(server_)) {
    const OpenTransaction& transaction = transactions_[id];
    if (transaction.work == ServerWork::kCosts) world_.kernel().cancel(transaction.activity);
  }
  locks_.clear();
}

}  // namespace soundcheck
