// From the arrival of COMMIT to its acknowledgement: the instant at which a transaction becomes
// visible, and the fsync that makes it durable.
#include <algorithm>
#include <utility>

#include "models/database/databases.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

constexpr std::int64_t kAcknowledgementBytes = 100;

}  // namespace

TransactionCaller Databases::caller_of(const Request& request) const {
  const Time clock = world_.now() + world_.process(request.client).clock_offset;
  return {request.saga, clock.since_start().in_milliseconds()};
}

void Databases::commit_arrived(RequestId id) {
  Request& request = requests_[id];
  const AfterFailpoint before = world_.failpoints().at<Failpoint::kDbBeforeCommit>(
      [&] { return failpoint_context(request); }, [&] { return !is_at(id, Work::kOpen); },
      VerdictHandlers{.delayed =
                          [&](Duration delay) {
                            set_work(id, Work::kCommit);
                            later<&Databases::commit, End::kServer>(delay, id);
                            return AfterFailpoint::kStop;
                          },
                      .dropped = [] { return AfterFailpoint::kStop; },  // it was never received
                      .failed =
                          [&](Error error) {
                            set_work(id, Work::kCommit);
                            request.failed = true;
                            request.error = std::move(error);
                            release_locks(id);
                            acknowledge(id);
                            return AfterFailpoint::kStop;
                          }});
  if (before == AfterFailpoint::kStop) return;
  set_work(id, Work::kCommit);
  go_on<&Databases::commit, End::kServer>(id);
}

// Runs the store function: the instant of the transaction.
void Databases::commit(RequestId id) {
  Request& request = requests_[id];
  if (request.work != Work::kCommit) return;  // the server has died while the commit was delayed
  Server& server = server_of(request);
  auto changes = server.log.take_change_set();
  const Store::Ending ending = server.store->run(*request.body, caller_of(request), *changes);
  if (!ending) {
    request.failed = true;
    request.error = Error::of(ErrorCode::kConflict, ending.error());
  }
  if (!changes->empty() || (request.always_commits && !request.failed)) {
    show(id, std::move(changes));
    return;
  }
  server.log.spare(std::move(changes));  // nothing to make durable
  release_locks(id);
  acknowledge(id);
}

void Databases::record(TransactionBody& facts, const SagaContext& saga) {
  const TransactionCaller caller{saga, world_.now().since_start().in_milliseconds()};
  const Store::Ending ending = facts_->run(facts, caller, changed_facts_);
  SOUNDCHECK_ASSERT(ending.has_value(), "facts: {}", ending.error());
  if (changed_facts_.empty()) return;
  observer_.on_commit(tell(changed_facts_, ProcessId(), saga), changed_facts_,
                      ObserverDatabase::Direction::kDone);
}

// The commit of these changes has its number, and is told.
Commit Databases::tell(const ChangeSet& changes, ProcessId database, const SagaContext& saga) {
  const Commit commit{.at = world_.now(),
                      .sequence = environment_.take_commit_number(),
                      .database = database,
                      .saga = saga,
                      .changes = {}};
  const Fingerprint digest = changes.digest(catalogue_);
  world_.emit(Committed{.database = database,
                        .saga = saga.saga,
                        .sequence = commit.sequence,
                        .rows_low = digest.low(),
                        .rows_high = digest.high()});
  return commit;
}

// The commit becomes visible.
void Databases::show(RequestId id, std::unique_ptr<ChangeSet> changes) {
  Request& request = requests_[id];
  Server& server = server_of(request);
  const Commit commit = tell(*changes, server.process, request.saga);
  for (Event told : server.store->events()) {
    told.stamp(world_.now(), request.client);
    world_.events().emit(told);
  }
  const ChangeSet& shown = *changes;
  server.log.append({.request = id.packed(), .saga = request.saga, .changes = std::move(changes)});
  observer_.on_commit(commit, shown, ObserverDatabase::Direction::kDone);
  if (request.saga.execution != 0 && task_effects_ != nullptr)
    task_effects_->committed(request.saga.execution);

  const AfterFailpoint in_commit = world_.failpoints().at<Failpoint::kDbInCommit>(
      [&] { return failpoint_context(request); }, [&] { return !is_at(id, Work::kCommit); },
      VerdictHandlers{
          .delayed =
              [&](Duration delay) {
                server.log.hold_back_youngest();
                later<&Databases::let_go, End::kServer>(delay, id);
                return AfterFailpoint::kGoOn;
              },
          .dropped = [&] { return lose_answer(request); },
          .failed = [&](Error error) { return spoil_answer(request, std::move(error)); }});
  if (in_commit == AfterFailpoint::kStop) return;
  go_on<&Databases::after_show, End::kServer>(id);
}

void Databases::after_show(RequestId id) {
  const std::uint32_t index = requests_[id].server;
  if (servers_[index]->parameters.fsync == Fsync::kNever) conclude(id);
  start_sync(index);
}

// What a fault can still do to a commit that stands: its client does not learn of it.
AfterFailpoint Databases::lose_answer(Request& request) {
  request.silent = true;
  return AfterFailpoint::kGoOn;
}

AfterFailpoint Databases::spoil_answer(Request& request, Error error) {
  request.failed = true;
  request.error = std::move(error);
  request.error.definite = false;
  return AfterFailpoint::kGoOn;
}

void Databases::let_go(RequestId id) {
  const std::uint32_t index = requests_[id].server;
  servers_[index]->log.let_go(id.packed());
  start_sync(index);
}

void Databases::start_sync(std::uint32_t index) {
  Server& server = *servers_[index];
  if (server.running == nullptr || !server.log.begin_sync()) return;
  const Duration sync = server.parameters.commit.sample(server.commit_costs);
  server.running->sync = server_later<&Databases::sync_ended>(sync, index);
}

void Databases::sync_ended(std::uint32_t index) {
  Server& server = *servers_[index];
  std::vector<UnsyncedCommit> synced = std::exchange(server.synced, {});
  for (std::size_t left = server.log.end_sync(); left > 0; --left) {
    synced.push_back(server.log.take_oldest());
  }
  start_sync(index);
  for (UnsyncedCommit& commit : synced) {
    server.log.spare(std::move(commit.changes));
    const auto id = RequestId::unpack(commit.request);
    if (requests_.find(id) != nullptr) conclude(id);
  }
  synced.clear();
  server.synced = std::move(synced);
}

// The commit is durable, or as durable as the server waits for.
void Databases::conclude(RequestId id) {
  Request& request = requests_[id];
  if (request.work != Work::kCommit) return;  // acknowledged before, or lost with its server
  release_locks(id);
  const AfterFailpoint after = world_.failpoints().at<Failpoint::kDbAfterCommit>(
      [&] { return failpoint_context(request); }, [&] { return !is_at(id, Work::kCommit); },
      VerdictHandlers{
          .delayed =
              [&](Duration delay) {
                later<&Databases::acknowledge, End::kServer>(delay, id);
                return AfterFailpoint::kStop;
              },
          .dropped = [&] { return lose_answer(request); },
          .failed = [&](Error error) { return spoil_answer(request, std::move(error)); }});
  if (after == AfterFailpoint::kGoOn) go_on<&Databases::acknowledge, End::kServer>(id);
}

void Databases::acknowledge(RequestId id) {
  Request& request = requests_[id];
  if (request.work != Work::kCommit) return;  // lost with its server in the meantime
  set_work(id, Work::kNone);
  if (request.client_waits && !request.silent) {
    transport_.send(request.connection, End::kServer, kAcknowledgementBytes, id.packed());
  }
  release_if_over(id);
}

// A crash loses what no fsync has covered, the youngest first.
void Databases::undo_unsynced(Server& server) {
  const CommitsLost event{.database = server.process, .commits = server.log.size()};
  if (event.commits == 0) return;
  while (!server.log.empty()) {
    UnsyncedCommit lost = server.log.take_youngest();
    server.store->undo(*lost.changes);
    observer_.on_commit({.at = world_.now(),
                         .sequence = environment_.take_commit_number(),
                         .database = server.process,
                         .saga = lost.saga,
                         .changes = {}},
                        *lost.changes, ObserverDatabase::Direction::kUndone);
    server.log.spare(std::move(lost.changes));
  }
  world_.emit(event);
}

}  // namespace soundcheck
