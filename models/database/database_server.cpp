#include "models/database/database_server.hpp"

#include <string>

#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

constexpr std::int64_t kAnswerBytes = 500;  // some rows

std::string name_of(World& world, ProcessId process) {
  return std::string(world.names().text(world.process(process).name));
}

}  // namespace

DatabaseServer::DatabaseServer(const Shared& shared, ProcessId process,
                               const DatabaseParameters& parameters)
    : ServerEnd(shared.world, shared.transactions, process),
      transport_(shared.transport),
      parameters_(parameters),
      store_(name_of(world_, process), shared.catalogue, shared.environment),
      queue_(world_, transactions_, process, parameters_,
             world_.random("database/" + store_.name() + "/statement"),
             {&DatabaseServer::on_paid, this, 0}),
      commits_({.world = world_,
                .transport = transport_,
                .transactions = transactions_,
                .queue = queue_,
                .store = store_,
                .visible = shared.visible,
                .parameters = parameters_},
               process, world_.random("database/" + store_.name() + "/commit")) {}

void DatabaseServer::up() {
  const bool first_start = world_.process(server_).incarnation == 1;
  if (first_start || parameters_.recovery == Duration()) return;
  transport_.set_listening(server_, false);
  recovery_ = incarnation_later<&DatabaseServer::recovered>(this, parameters_.recovery);
}

void DatabaseServer::recovered() {
  transport_.set_listening(server_, true);
}

void DatabaseServer::down() {
  world_.kernel().cancel(recovery_);
  commits_.lose_unsynced();
  queue_.clear();
  transactions_.server_died(server_);
}

void DatabaseServer::received(TransactionId id) {
  if (transactions_[id].work == ServerWork::kOpen) {
    commits_.arrived(id);
  } else {
    queue_.add(id);
  }
}

void DatabaseServer::on_paid(void* self, std::uint64_t packed, Outcome outcome) {
  if (outcome == Outcome::kFailed) return;  // died with its server
  call<&DatabaseServer::paid, DatabaseServer>(self, packed);
}

void DatabaseServer::paid(TransactionId id) {
  if (transactions_[id].work != ServerWork::kCosts) return;  // over while the server was paused
  if (!queue_.has_more_to_do(id)) executed(id);
}

void DatabaseServer::executed(TransactionId id) {
  OpenTransaction& transaction = transactions_[id];
  transactions_.set_work(id, ServerWork::kOpen);
  if (transaction.read_only) {
    const auto ending = store_.read(*transaction.body, caller_of(world_, transaction));
    SOUNDCHECK_ASSERT(ending.has_value(), "a query violates a constraint: {}", ending.error());
    queue_.release_locks(id);
    transactions_.set_work(id, ServerWork::kNone);
    if (!transaction.client_waits) {
      transactions_.forget_if_over(id);
      return;
    }
  }
  if (transaction.at_once) {
    commits_.arrived(id);
  } else {
    transport_.send(transaction.connection, End::kServer, kAnswerBytes, id.packed());
  }
}

// One that has its COMMIT goes on without its client.
void DatabaseServer::client_went(TransactionId id) {
  const OpenTransaction& transaction = transactions_[id];
  if (!is_with_server(transaction.work) || transaction.work == ServerWork::kCommit) return;
  if (transaction.at_once) return;
  queue_.withdraw(id);
  transactions_.set_work(id, ServerWork::kNone);
  transactions_.forget_if_over(id);
}

}  // namespace soundcheck
