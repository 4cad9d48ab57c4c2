#include "models/database/statement_queue.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/support/one_zone.hpp"

namespace soundcheck {
namespace {

constexpr LockName kAccount{2};
constexpr LockName kOrder{1};

// A server with one core that takes 10 ms for each statement. What it has executed keeps its locks.
struct StatementQueueTest : testing::Test {
  StatementQueueTest() { world.start(server); }

  TransactionId add(std::vector<LockName> locks, int statements = 1) {
    OpenTransaction transaction;
    transaction.client = client;
    transaction.server = server;
    transaction.locks = std::move(locks);
    transaction.statements = statements;
    const TransactionId id = transactions.open(std::move(transaction));
    queue.add(id);
    return id;
  }
  void run_until(Duration time) {
    world.kernel().schedule(Time::at(time), {[](void*, std::uint64_t) {}, nullptr, 0});
    world.kernel().run(Time::at(time));
  }
  static void on_paid(void* self, std::uint64_t packed, Outcome) {
    auto& test = *static_cast<StatementQueueTest*>(self);
    const auto id = TransactionId::unpack(packed);
    if (test.queue.has_more_to_do(id)) return;
    test.executed.emplace_back(id, test.world.now().since_start());
    test.transactions.set_work(id, ServerWork::kOpen);
  }

  using Executed = std::vector<std::pair<TransactionId, Duration>>;
  World world{Fidelity::kDirect, test::one_zone(1, {.cores = 1, .disk_read_bytes_per_second = 1e6}),
              1};
  ProcessId client = world.add_process(world.add_service("client"), "client", HostId(0));
  ProcessId server = world.add_process(world.add_service("server"), "server", HostId(0));
  OpenTransactions transactions{2};
  DatabaseParameters parameters{.statement = Distribution::constant(10_ms)};
  StatementQueue queue{world,      transactions,          server,
                       parameters, world.random("costs"), {&StatementQueueTest::on_paid, this, 0}};
  Executed executed;
};

TEST_F(StatementQueueTest, ExecutesEachStatementOnceItsDataHaveBeenRead) {
  parameters.read_per_statement = Bytes::bytes(5'000);  // 5 ms at 1 MB/s
  const TransactionId id = add({}, 3);
  run_until(1_s);
  EXPECT_EQ(executed, (Executed{{id, (5_ms + 10_ms) * 3}}));
  EXPECT_EQ(queue.computed(), 30_ms);
}

TEST_F(StatementQueueTest, LocksAreHeldUntilTheyAreReleasedWhateverTheirOrder) {
  const TransactionId first = add({kAccount, kOrder, kAccount});
  const TransactionId second = add({kOrder, kAccount});
  run_until(100_ms);
  EXPECT_EQ(executed, (Executed{{first, 10_ms}}));
  EXPECT_EQ(queue.locks_held(), 2U);
  queue.release_locks(first);
  run_until(1_s);
  EXPECT_EQ(executed, (Executed{{first, 10_ms}, {second, 110_ms}}));
  EXPECT_EQ(transactions[second].waited, 100_ms);
  queue.release_locks(second);
  EXPECT_EQ(queue.locks_held(), 0U);
}

TEST_F(StatementQueueTest, WhoIsWithdrawnIsPassedOverAndNotExecuted) {
  const TransactionId first = add({kOrder});
  const TransactionId second = add({kOrder});
  const TransactionId third = add({kOrder});
  queue.withdraw(second);
  queue.withdraw(first);  // in the midst of its execution
  run_until(1_s);
  EXPECT_EQ(executed, (Executed{{third, 10_ms}}));
}

TEST_F(StatementQueueTest, NothingIsLeftWhenItsServerHasDied) {
  add({kOrder});
  add({kOrder});
  queue.clear();
  run_until(1_s);
  EXPECT_TRUE(executed.empty());
  EXPECT_EQ(queue.locks_held(), 0U);
}

}  // namespace
}  // namespace soundcheck
