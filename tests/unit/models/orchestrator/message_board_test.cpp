#include "models/orchestrator/service/message_board.hpp"

#include <gtest/gtest.h>

namespace soundcheck::orchestrator {
namespace {

const std::vector<std::string> kPay{"pay"};

QueueWrite push(const char* message, Time visible = {}) {
  return {QueueWrite::Kind::kPush, "pay", message, visible};
}
Time at(std::int64_t seconds) {
  return Time::at(Duration::seconds(seconds));
}

TEST(MessageBoard, HandsOutTheMessageThatBecameVisibleFirst) {
  MessageBoard board;
  board.apply({push("late", at(5)), push("early", at(1))});
  EXPECT_FALSE(board.take(kPay, at(0)));
  EXPECT_EQ(board.next(kPay), at(1));
  EXPECT_EQ(board.take(kPay, at(9))->message, "early");
  EXPECT_EQ(board.take(kPay, at(9))->message, "late");
  EXPECT_FALSE(board.take(kPay, at(9)));
}

TEST(MessageBoard, AnOlderLookIntoTheDatabaseTakesNothingBack) {
  MessageBoard board;
  board.apply({push("popped since")});
  ASSERT_TRUE(board.take(kPay, at(0)));
  board.apply({push("pushed since")});
  board.learn(
      {{"pay", "popped since", at(0), false, false}, {"pay", "unknown", at(0), false, false}});
  EXPECT_EQ(board.take(kPay, at(1))->message, "pushed since");
  EXPECT_EQ(board.take(kPay, at(1))->message, "unknown");
  EXPECT_FALSE(board.take(kPay, at(1)));
  EXPECT_TRUE(board.has("pay", "popped since"));
}

TEST(MessageBoard, ARedeliveredMessageIsHandedOutAgain) {
  MessageBoard board;
  board.apply({push("m")});
  ASSERT_TRUE(board.take(kPay, at(0)));
  board.learn({{"pay", "m", at(0), false, true}});
  EXPECT_EQ(board.take(kPay, at(61))->message, "m");
}

TEST(MessageBoard, WhoComesSecondLeavesTheMessageToTheFirst) {
  MessageBoard board;
  board.learn({{"pay", "m", at(0), false, false}});
  ASSERT_TRUE(board.take(kPay, at(0)));
  board.learn({{"pay", "m", at(0), false, true}});
  ASSERT_TRUE(board.take(kPay, at(0)));
  board.taken_in_vain("pay", "m");
  EXPECT_TRUE(board.has("pay", "m"));
  board.apply({{QueueWrite::Kind::kRemove, "pay", "m", {}}});
  EXPECT_FALSE(board.has("pay", "m"));
}

TEST(MessageBoard, ALockIsFreeWhenItsLeaseEnds) {
  MessageBoard board;
  EXPECT_TRUE(board.lock("w", 1, at(0), Duration::seconds(60)));
  EXPECT_FALSE(board.lock("w", 2, at(59), Duration::seconds(60)));
  EXPECT_TRUE(board.lock("w", 2, at(60), Duration::seconds(60)));
  board.unlock("w", 1);  // its lease has ended: not its lock any more
  EXPECT_FALSE(board.lock("w", 1, at(61), Duration::seconds(60)));
}

}  // namespace
}  // namespace soundcheck::orchestrator
