#include "models/orchestrator/service/queue_view.hpp"

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

TEST(QueueView, HandsOutTheMessageThatBecameVisibleFirst) {
  QueueView view;
  view.apply({push("late", at(5)), push("early", at(1))}, at(0));
  EXPECT_FALSE(view.take(kPay, at(0)));
  EXPECT_EQ(view.next(at(0)), at(1));
  EXPECT_EQ(view.next(at(1)), at(5));
  EXPECT_EQ(view.take(kPay, at(9))->message, "early");
  EXPECT_EQ(view.take(kPay, at(9))->message, "late");
  EXPECT_FALSE(view.take(kPay, at(9)));
}

TEST(QueueView, AnOlderLookIntoTheDatabaseTakesNothingBack) {
  QueueView view;
  view.apply({push("popped since")}, at(0));
  ASSERT_TRUE(view.take(kPay, at(11)));
  view.apply({push("pushed since")}, at(12));
  view.learn({{"pay", "popped since", at(0), false}, {"pay", "unknown", at(0), false}},
             Time::never(), at(10), at(13));
  EXPECT_EQ(view.take(kPay, at(14))->message, "pushed since");
  EXPECT_EQ(view.take(kPay, at(14))->message, "unknown");
  EXPECT_FALSE(view.take(kPay, at(14)));
  EXPECT_TRUE(view.has("pay", "popped since"));
}

TEST(QueueView, ANewerLookIntoTheDatabaseIsBelieved) {
  QueueView view;
  view.apply({push("redelivered"), push("gone"), push("put off")}, at(0));
  ASSERT_TRUE(view.take(kPay, at(0)));
  view.learn({{"pay", "redelivered", at(0), false}, {"pay", "put off", at(99), false}},
             Time::never(), at(60), at(61));
  EXPECT_EQ(view.take(kPay, at(61))->message, "redelivered");
  EXPECT_FALSE(view.take(kPay, at(61)));
  EXPECT_FALSE(view.has("pay", "gone"));
}

TEST(QueueView, ALookSaysNothingOfMessagesBeyondItsHorizon) {
  QueueView view;
  view.apply({push("gone"), push("popped and gone"), push("far", at(500))}, at(0));
  ASSERT_EQ(view.take(kPay, at(0))->message, "gone");
  ASSERT_EQ(view.take(kPay, at(0))->message, "popped and gone");
  view.apply({push("gone", at(100))}, at(1));
  view.learn({}, at(100), at(60), at(61));
  EXPECT_FALSE(view.has("pay", "gone"));
  EXPECT_FALSE(view.has("pay", "popped and gone"));
  EXPECT_TRUE(view.has("pay", "far"));
}

TEST(QueueView, WhoComesSecondLeavesTheMessageToTheFirst) {
  QueueView view;
  view.apply({push("m")}, at(0));
  const auto slow = view.take(kPay, at(0));
  view.learn({{"pay", "m", at(0), false}}, Time::never(), at(60), at(61));
  const auto quick = view.take(kPay, at(61));
  view.taken_in_vain(*slow);
  EXPECT_TRUE(view.has("pay", "m"));
  view.taken_in_vain(*quick);
  EXPECT_FALSE(view.has("pay", "m"));
}

TEST(QueueView, ALockIsFreeWhenItsLeaseEnds) {
  QueueView view;
  EXPECT_TRUE(view.lock("w", 1, at(0), Duration::seconds(60)));
  EXPECT_FALSE(view.lock("w", 2, at(59), Duration::seconds(60)));
  EXPECT_TRUE(view.lock("w", 2, at(60), Duration::seconds(60)));
  view.unlock("w", 1);  // its lease has ended: not its lock any more
  EXPECT_FALSE(view.lock("w", 1, at(61), Duration::seconds(60)));
}

}  // namespace
}  // namespace soundcheck::orchestrator
