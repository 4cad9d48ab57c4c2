// The server's end of a transaction up to COMMIT: locks, costs, and what becomes of them when the
// client or the server dies.
#include <algorithm>

#include "models/database/databases.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

constexpr std::int64_t kResetBytes = 60;    // RST with its headers
constexpr std::int64_t kAnswerBytes = 500;  // some rows

}  // namespace

// Whether the server still knows the connection that the request came on.
bool Databases::holds_connection(const Request& request) {
  const Server& server = server_of(request);
  return server.accepting && world_.process(server.process).incarnation == request.connection;
}

void Databases::refuse(RequestId id) {
  const Request& request = requests_[id];
  send<&Databases::reset_arrived, In::kClient>(server_of(request).process, request.client,
                                               kResetBytes, id);
}

void Databases::statements_arrived(RequestId id, Outcome outcome) {
  Request& request = requests_[id];
  if (outcome == Outcome::kFailed) {
    send_again<&Databases::send_statements>(id);
    return;
  }
  request.work = Work::kNone;
  if (!holds_connection(request)) {
    if (request.client_waits) refuse(id);
    release_if_over(id);
    return;
  }
  request.sends = 0;
  request.work = Work::kLocks;
  std::ranges::sort(request.locks, {}, &LockName::hash);
  const auto repeated = std::ranges::unique(request.locks, {}, &LockName::hash);
  request.locks.erase(repeated.begin(), repeated.end());
  request.waits_since = world_.now();
  take_locks(id);
}

void Databases::take_locks(RequestId id) {
  Request& request = requests_[id];
  LockTable& locks = server_of(request).locks;
  while (request.next_lock < request.locks.size()) {
    if (!locks.acquire(request.locks[request.next_lock], id.packed())) return;
    ++request.next_lock;
  }
  request.waited += world_.now() - request.waits_since;
  pay_costs(id);
}

void Databases::release_locks(RequestId id) {
  Request& request = requests_[id];
  LockTable& locks = server_of(request).locks;
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
    call<&Databases::costs_paid, In::kServer>(self, packed);
  };
  request.work = Work::kCosts;
  const Bytes read = server.parameters.read_per_statement * request.statements;
  if (read > Bytes() && !request.disk_read) {
    request.disk_read = true;
    request.activity =
        world_.kernel().access(host, read.count(), DiskOperation::kRead, {paid, this, id.packed()});
    return;
  }
  Duration work;
  for (int i = 0; i < request.statements; ++i) {
    work += server.parameters.statement.sample(server.statement_costs);
  }
  request.disk_read = false;
  request.activity = world_.kernel().execute(host, work, {paid, this, id.packed()});
}

void Databases::costs_paid(RequestId id) {
  const Request& request = requests_[id];
  if (request.work != Work::kCosts) return;  // over while the server was paused
  if (request.disk_read) {
    pay_costs(id);
  } else {
    statements_done(id);
  }
}

void Databases::statements_done(RequestId id) {
  Request& request = requests_[id];
  request.work = Work::kOpen;
  if (request.read_only) {
    const auto ending = server_of(request).store->read(*request.body, caller_of(request));
    SOUNDCHECK_ASSERT(ending.has_value(), "a query violates a constraint: {}", ending.error());
    release_locks(id);
    request.work = Work::kNone;
    if (!request.client_waits) {
      release_if_over(id);
      return;
    }
  }
  if (request.at_once) {
    commit_arrived(id, Outcome::kDone);
  } else {
    answer_statements(id);
  }
}

void Databases::answer_statements(RequestId id) {
  const Request& request = requests_[id];
  if (!holds_connection(request)) return;
  send<&Databases::statements_answered, In::kClient>(server_of(request).process, request.client,
                                                     kAnswerBytes, id);
}

// The client has closed the connection, or its operating system for it.
void Databases::connection_closed(RequestId id, Outcome outcome) {
  if (outcome == Outcome::kDone) {
    keep_alive_expired(id);
  } else {
    later<&Databases::keep_alive_expired, In::kServer>(
        server_of(requests_[id]).parameters.keep_alive, id);
  }
}

void Databases::keep_alive_expired(RequestId id) {
  const Work work = requests_[id].work;
  if (work != Work::kNone && work != Work::kCommit) roll_back(id);
}

void Databases::roll_back(RequestId id) {
  Request& request = requests_[id];
  if (request.work == Work::kLocks) {
    server_of(request).locks.withdraw(request.locks[request.next_lock], id.packed());
  }
  if (request.work == Work::kCosts) world_.kernel().cancel(request.activity);
  release_locks(id);
  request.work = Work::kNone;
  release_if_over(id);
}

void Databases::server_up(std::uint32_t index) {
  Server& server = *servers_[index];
  const bool first_start = world_.process(server.process).incarnation == 1;
  if (first_start || server.parameters.recovery == Duration()) {
    server.accepting = true;
    return;
  }
  server.recovery =
      world_.kernel().schedule_in(server.parameters.recovery, {&Databases::recovered, this, index});
}

void Databases::recovered(void* self, std::uint64_t index) {
  auto& databases = *static_cast<Databases*>(self);
  Server& server = *databases.servers_[index];
  if (databases.world_.holds(server.process, {&Databases::recovered, self, index})) return;
  server.accepting = databases.world_.running(server.process);
}

void Databases::server_down(std::uint32_t index, DownCause cause) {
  Server& server = *servers_[index];
  server.accepting = false;
  world_.kernel().cancel(server.recovery);
  world_.kernel().cancel(server.sync);
  server.log.abandon_sync();
  undo_unsynced(server);
  server.locks.clear();
  for (std::uint32_t i = 0; i < requests_.size(); ++i) {
    Request& request = requests_.at_index(i);
    if (!request.in_use || request.server != index || request.work == Work::kNone) continue;
    if (request.work == Work::kSent) continue;  // finds no connection when it arrives
    const RequestId id = requests_.handle_at(i);
    if (request.work == Work::kCosts) world_.kernel().cancel(request.activity);
    request.work = Work::kNone;
    request.next_lock = 0;
    // The operating system resets the connections of a crashed process; a host without power is
    // silent.
    if (request.client_waits && cause == DownCause::kCrash) refuse(id);
    release_if_over(id);
  }
  if (cause == DownCause::kCrash) reset_idle_connections(index);
}

// Those that no transaction uses, now or when its acknowledgement, still on its way, has arrived.
void Databases::reset_idle_connections(std::uint32_t index) {
  for (std::uint32_t i = 0; i < pools_.size(); ++i) {
    const ServiceId service = world_.process(ProcessId(i)).service;
    if (server_by_client_[service.index()] == index) pools_[i].idle = pools_[i].incarnation = 0;
  }
}

}  // namespace soundcheck
