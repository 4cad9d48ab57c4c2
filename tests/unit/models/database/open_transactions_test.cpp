#include "models/database/open_transactions.hpp"

#include <gtest/gtest.h>

namespace soundcheck {
namespace {

constexpr ProcessId kClient{0};
constexpr ProcessId kServer{1};

struct OpenTransactionsTest : testing::Test {
  TransactionId open() {
    OpenTransaction transaction;
    transaction.client = kClient;
    transaction.server = kServer;
    return transactions.open(std::move(transaction));
  }
  OpenTransactions transactions{2};
};

TEST_F(OpenTransactionsTest, OneIsForgottenWhenNeitherEndHasToDoWithIt) {
  const TransactionId id = open();
  transactions.set_work(id, ServerWork::kCommit);
  transactions.stop_waiting(id);
  transactions.forget_if_over(id);
  ASSERT_NE(transactions.find(id), nullptr) << "its server works on it";
  transactions.set_work(id, ServerWork::kNone);
  transactions.forget_if_over(id);
  EXPECT_EQ(transactions.find(id), nullptr);
  EXPECT_TRUE(transactions.empty());
}

TEST_F(OpenTransactionsTest, OneThatIsOnItsWayIsNotWithItsServerYet) {
  const TransactionId id = open();
  transactions.set_work(id, ServerWork::kSent);
  EXPECT_TRUE(transactions.at_server(kServer).empty());
  transactions.set_work(id, ServerWork::kLocks);
  EXPECT_EQ(transactions.at_server(kServer).size(), 1U);
  transactions.set_work(id, ServerWork::kCosts);
  EXPECT_EQ(transactions.at_server(kServer).size(), 1U);
  EXPECT_TRUE(transactions.is_at(id, ServerWork::kCosts));
}

TEST_F(OpenTransactionsTest, ADeadClientLeavesWhatItsServerWorksOn) {
  const TransactionId waits = open();
  const TransactionId worked_on = open();
  transactions.set_work(worked_on, ServerWork::kOpen);
  transactions.client_died(kClient);
  EXPECT_EQ(transactions.find(waits), nullptr);
  ASSERT_NE(transactions.find(worked_on), nullptr);
  EXPECT_FALSE(transactions[worked_on].client_waits);
  EXPECT_TRUE(transactions.of_client(kClient).empty());
  transactions.server_died(kServer);
  EXPECT_TRUE(transactions.empty());
}

TEST_F(OpenTransactionsTest, ADeadServerLeavesWhatItsClientWaitsForWithoutItsLocks) {
  const TransactionId id = open();
  transactions[id].next_lock = 2;
  transactions.set_work(id, ServerWork::kCosts);
  transactions.server_died(kServer);
  ASSERT_NE(transactions.find(id), nullptr);
  EXPECT_TRUE(transactions.is_at(id, ServerWork::kNone));
  EXPECT_EQ(transactions[id].next_lock, 0U);
  EXPECT_EQ(transactions.of_client(kClient).size(), 1U);
  EXPECT_TRUE(transactions.at_server(kServer).empty());
}

}  // namespace
}  // namespace soundcheck
