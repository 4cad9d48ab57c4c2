#include "models/database/server_commits.hpp"

#include <utility>

namespace soundcheck {
namespace {

constexpr std::int64_t kAcknowledgementBytes = 100;

// What a fault can still do to a commit that stands: its client does not learn of it.
AfterFailpoint lose_answer(OpenTransaction& transaction) {
  transaction.silent = true;
  return AfterFailpoint::kGoOn;
}

AfterFailpoint spoil_answer(OpenTransaction& transaction, Error error) {
  transaction.failed = true;
  transaction.error = std::move(error);
  transaction.error.definite = false;
  return AfterFailpoint::kGoOn;
}

}  // namespace

ServerCommits::ServerCommits(const Surroundings& surroundings, ProcessId server, RandomStream costs)
    : ServerEnd(surroundings.world, surroundings.transactions, server),
      transport_(surroundings.transport),
      queue_(surroundings.queue),
      store_(surroundings.store),
      visible_(surroundings.visible),
      parameters_(surroundings.parameters),
      costs_(std::move(costs)) {}

void ServerCommits::arrived(TransactionId id) {
  OpenTransaction& transaction = transactions_[id];
  const AfterFailpoint before = world_.failpoints().at<Failpoint::kDbBeforeCommit>(
      [&] { return failpoint_context(world_, transaction); },
      [&] { return !transactions_.is_at(id, ServerWork::kOpen); },
      VerdictHandlers{.delayed =
                          [&](Duration delay) {
                            transactions_.set_work(id, ServerWork::kCommit);
                            later<&ServerCommits::commit>(this, delay, id);
                            return AfterFailpoint::kStop;
                          },
                      .dropped = [] { return AfterFailpoint::kStop; },  // it was never received
                      .failed =
                          [&](Error error) {
                            transactions_.set_work(id, ServerWork::kCommit);
                            transaction.failed = true;
                            transaction.error = std::move(error);
                            queue_.release_locks(id);
                            acknowledge(id);
                            return AfterFailpoint::kStop;
                          }});
  if (before == AfterFailpoint::kStop) return;
  transactions_.set_work(id, ServerWork::kCommit);
  go_on<&ServerCommits::commit>(this, id);
}

// Runs the store function: the instant of the transaction.
void ServerCommits::commit(TransactionId id) {
  OpenTransaction& transaction = transactions_[id];
  if (transaction.work != ServerWork::kCommit) return;  // the server has died during a delay
  auto changes = log_.take_change_set();
  const Store::Ending ending =
      store_.run(*transaction.body, caller_of(world_, transaction), *changes);
  if (!ending) {
    transaction.failed = true;
    transaction.error = Error::of(ErrorCode::kConflict, ending.error());
  }
  if (!changes->empty() || (transaction.always_commits && !transaction.failed)) {
    show(id, std::move(changes));
    return;
  }
  log_.spare(std::move(changes));  // nothing to make durable
  queue_.release_locks(id);
  acknowledge(id);
}

void ServerCommits::show(TransactionId id, std::unique_ptr<ChangeSet> changes) {
  OpenTransaction& transaction = transactions_[id];
  const ChangeSet& shown = *changes;
  log_.append({.request = id.packed(), .saga = transaction.saga, .changes = std::move(changes)});
  visible_.show(shown, transaction, store_.events());

  const AfterFailpoint in_commit = world_.failpoints().at<Failpoint::kDbInCommit>(
      [&] { return failpoint_context(world_, transaction); },
      [&] { return !transactions_.is_at(id, ServerWork::kCommit); },
      VerdictHandlers{
          .delayed =
              [&](Duration delay) {
                log_.hold_back_youngest();
                later<&ServerCommits::let_go>(this, delay, id);
                return AfterFailpoint::kGoOn;
              },
          .dropped = [&] { return lose_answer(transaction); },
          .failed = [&](Error error) { return spoil_answer(transaction, std::move(error)); }});
  if (in_commit == AfterFailpoint::kStop) return;
  go_on<&ServerCommits::after_show>(this, id);
}

void ServerCommits::after_show(TransactionId id) {
  if (parameters_.fsync == Fsync::kNever) conclude(id);
  start_sync();
}

void ServerCommits::let_go(TransactionId id) {
  log_.let_go(id.packed());
  start_sync();
}

void ServerCommits::start_sync() {
  if (!world_.running(server_) || !log_.begin_sync()) return;
  sync_ = incarnation_later<&ServerCommits::sync_ended>(this, parameters_.commit.sample(costs_));
}

void ServerCommits::sync_ended() {
  std::vector<UnsyncedCommit> synced = std::exchange(synced_, {});
  for (std::size_t left = log_.end_sync(); left > 0; --left) synced.push_back(log_.take_oldest());
  start_sync();
  for (UnsyncedCommit& commit : synced) {
    log_.spare(std::move(commit.changes));
    const auto id = TransactionId::unpack(commit.request);
    if (transactions_.find(id) != nullptr) conclude(id);
  }
  synced.clear();
  synced_ = std::move(synced);
}

// The commit is durable, or as durable as the server waits for.
void ServerCommits::conclude(TransactionId id) {
  OpenTransaction& transaction = transactions_[id];
  if (transaction.work != ServerWork::kCommit) return;  // acknowledged, or lost with its server
  queue_.release_locks(id);
  const AfterFailpoint after = world_.failpoints().at<Failpoint::kDbAfterCommit>(
      [&] { return failpoint_context(world_, transaction); },
      [&] { return !transactions_.is_at(id, ServerWork::kCommit); },
      VerdictHandlers{
          .delayed =
              [&](Duration delay) {
                later<&ServerCommits::acknowledge>(this, delay, id);
                return AfterFailpoint::kStop;
              },
          .dropped = [&] { return lose_answer(transaction); },
          .failed = [&](Error error) { return spoil_answer(transaction, std::move(error)); }});
  if (after == AfterFailpoint::kGoOn) go_on<&ServerCommits::acknowledge>(this, id);
}

void ServerCommits::acknowledge(TransactionId id) {
  const OpenTransaction& transaction = transactions_[id];
  if (transaction.work != ServerWork::kCommit) return;  // lost with its server in the meantime
  transactions_.set_work(id, ServerWork::kNone);
  if (transaction.client_waits && !transaction.silent) {
    transport_.send(transaction.connection, End::kServer, kAcknowledgementBytes, id.packed());
  }
  transactions_.forget_if_over(id);
}

// The youngest first.
void ServerCommits::lose_unsynced() {
  world_.kernel().cancel(sync_);
  log_.abandon_sync();
  const CommitsLost event{.database = server_, .commits = log_.size()};
  if (event.commits == 0) return;
  while (!log_.empty()) {
    UnsyncedCommit lost = log_.take_youngest();
    store_.undo(*lost.changes);
    visible_.take_back(*lost.changes, server_, lost.saga);
    log_.spare(std::move(lost.changes));
  }
  world_.emit(event);
}

}  // namespace soundcheck
