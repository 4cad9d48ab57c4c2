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
  board.apply({push("late", at(5)), push("early", at(1))}, at(0));
  EXPECT_FALSE(board.take(kPay, at(0)));
  EXPECT_EQ(board.next(at(0)), at(1));
  EXPECT_EQ(board.next(at(1)), at(5));
  EXPECT_EQ(board.take(kPay, at(9))->message, "early");
  EXPECT_EQ(board.take(kPay, at(9))->message, "late");
  EXPECT_FALSE(board.take(kPay, at(9)));
}

TEST(MessageBoard, AnOlderLookIntoTheDatabaseTakesNothingBack) {
  MessageBoard board;
  board.apply({push("popped since")}, at(0));
  ASSERT_TRUE(board.take(kPay, at(11)));
  board.apply({push("pushed since")}, at(12));
  board.learn({{"pay", "popped since", at(0), false}, {"pay", "unknown", at(0), false}}, at(10),
              at(13));
  EXPECT_EQ(board.take(kPay, at(14))->message, "pushed since");
  EXPECT_EQ(board.take(kPay, at(14))->message, "unknown");
  EXPECT_FALSE(board.take(kPay, at(14)));
  EXPECT_TRUE(board.has("pay", "popped since"));
}

TEST(MessageBoard, ANewerLookIntoTheDatabaseIsBelieved) {
  MessageBoard board;
  board.apply({push("redelivered"), push("gone"), push("put off")}, at(0));
  ASSERT_TRUE(board.take(kPay, at(0)));
  board.learn({{"pay", "redelivered", at(0), false}, {"pay", "put off", at(99), false}}, at(60),
              at(61));
  EXPECT_EQ(board.take(kPay, at(61))->message, "redelivered");
  EXPECT_FALSE(board.take(kPay, at(61)));
  EXPECT_FALSE(board.has("pay", "gone"));
}

TEST(MessageBoard, WhoComesSecondLeavesTheMessageToTheFirst) {
  MessageBoard board;
  board.apply({push("m")}, at(0));
  const auto slow = board.take(kPay, at(0));
  board.learn({{"pay", "m", at(0), false}}, at(60), at(61));
  const auto quick = board.take(kPay, at(61));
  board.taken_in_vain(*slow);
  EXPECT_TRUE(board.has("pay", "m"));
  board.taken_in_vain(*quick);
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
