// The server's end of a transaction up to COMMIT: locks, costs, and what becomes of them when the
// client or the server dies.
#include <algorithm>

#include "models/database/databases.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

constexpr std::int64_t kAnswerBytes = 500;  // some rows

}  // namespace

void Databases::statements_arrived(RequestId id) {
  Request& request = requests_[id];
  set_work(id, Work::kLocks);
  std::ranges::sort(request.locks, {}, &LockName::hash);
  const auto repeated = std::ranges::unique(request.locks, {}, &LockName::hash);
  request.locks.erase(repeated.begin(), repeated.end());
  request.waits_since = world_.now();
  take_locks(id);
}

void Databases::take_locks(RequestId id) {
  Request& request = requests_[id];
  LockTable& locks = running(request).locks;
  while (request.next_lock < request.locks.size()) {
    if (!locks.acquire(request.locks[request.next_lock], id.packed())) return;
    ++request.next_lock;
  }
  request.waited += world_.now() - request.waits_since;
  pay_costs(id);
}

void Databases::release_locks(RequestId id) {
  Request& request = requests_[id];
  LockTable& locks = running(request).locks;
  for (std::uint32_t i = 0; i < request.next_lock; ++i) {
    const auto next = RequestId::unpack(locks.release(request.locks[i], id.packed()));
    if (!next.valid()) continue;
    ++requests_[next].next_lock;
    take_locks(next);
  }
  request.next_lock = 0;
  request.locks.clear();
}

// First the disk, then the processor.
void Databases::pay_costs(RequestId id) {
  Request& request = requests_[id];
  Server& server = server_of(request);
  const HostId host = world_.process(server.process).host;
  const auto paid = [](void* self, std::uint64_t packed, Outcome outcome) {
    if (outcome == Outcome::kFailed) return;  // died with its server
    call<&Databases::costs_paid, End::kServer>(self, packed);
  };
  set_work(id, Work::kCosts);
  const Bytes read = server.parameters.read_per_statement * request.statements;
  if (read > Bytes() && !request.disk_read) {
    request.disk_read = true;
    request.activity =
        world_.kernel().access(host, read.count(), DiskOperation::kRead, {paid, this, id.packed()});
    return;
  }
  request.computing = {};
  for (int i = 0; i < request.statements; ++i) {
    request.computing += server.parameters.statement.sample(server.statement_costs);
  }
  request.disk_read = false;
  request.activity = world_.kernel().execute(host, request.computing, {paid, this, id.packed()});
}

void Databases::costs_paid(RequestId id) {
  const Request& request = requests_[id];
  if (request.work != Work::kCosts) return;  // over while the server was paused
  if (request.disk_read) {
    pay_costs(id);
  } else {
    server_of(request).computed += request.computing;
    statements_done(id);
  }
}

void Databases::statements_done(RequestId id) {
  Request& request = requests_[id];
  set_work(id, Work::kOpen);
  if (request.read_only) {
    const auto ending = server_of(request).store->read(*request.body, caller_of(request));
    SOUNDCHECK_ASSERT(ending.has_value(), "a query violates a constraint: {}", ending.error());
    release_locks(id);
    set_work(id, Work::kNone);
    if (!request.client_waits) {
      release_if_over(id);
      return;
    }
  }
  if (request.at_once) {
    commit_arrived(id);
  } else {
    transport_.send(request.connection, End::kServer, kAnswerBytes, id.packed());
  }
}

void Databases::roll_back(RequestId id) {
  Request& request = requests_[id];
  if (request.work == Work::kLocks) {
    running(request).locks.withdraw(request.locks[request.next_lock], id.packed());
  }
  if (request.work == Work::kCosts) world_.kernel().cancel(request.activity);
  release_locks(id);
  set_work(id, Work::kNone);
  release_if_over(id);
}

void Databases::server_up(std::uint32_t index) {
  Server& server = *servers_[index];
  server.running = std::make_unique<RunningServer>(*this);
  const bool first_start = world_.process(server.process).incarnation == 1;
  if (first_start || server.parameters.recovery == Duration()) return;
  transport_.set_listening(server.process, false);
  server.running->recovery = server_later<&Databases::recovered>(server.parameters.recovery, index);
}

void Databases::recovered(std::uint32_t index) {
  transport_.set_listening(servers_[index]->process, true);
}

void Databases::server_down(std::uint32_t index) {
  Server& server = *servers_[index];
  server.log.abandon_sync();
  undo_unsynced(server);
  server.running.reset();
}

}  // namespace soundcheck
