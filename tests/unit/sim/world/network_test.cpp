#include "sim/world/network.hpp"

#include "tests/unit/sim/world/world_fixture.hpp"

namespace soundcheck::test {
namespace {

class NetworkTest : public WorldTest {
 protected:
  std::vector<bool> set(std::initializer_list<ProcessId> members) const {
    std::vector<bool> result(world.process_count());
    for (const ProcessId id : members) result[id.index()] = true;
    return result;
  }
  Duration took(ProcessId from, ProcessId to) {
    const Time before = world.now();
    const Message& message = send(from, to);
    world.kernel().run(Time::never());
    EXPECT_TRUE(message.ended && message.outcome == Outcome::kDone);
    return message.at - before;
  }
  bool arrives(ProcessId from, ProcessId to) {
    const Message& message = send(from, to);
    world.kernel().run(Time::never());
    EXPECT_TRUE(message.ended);
    return message.outcome == Outcome::kDone;
  }
};

TEST_F(NetworkTest, AMessageTakesTheLatencyOfItsRoute) {
  EXPECT_EQ(took(shop_0, stock_1), 1_ms);
  EXPECT_EQ(took(shop_0, stock_0), 10_us);
  EXPECT_EQ(world.network().latency(shop_0, stock_1), 1_ms);
  EXPECT_EQ(world.network().latency(shop_0, stock_0), 10_us);
}

TEST_F(NetworkTest, ACutLosesMessagesOfOneDirectionAndOfNobodyElse) {
  world.network().add_rule({.from = set({shop_0, shop_1}), .to = set({stock_1}), .cut = true});
  EXPECT_FALSE(arrives(shop_0, stock_1));
  EXPECT_FALSE(arrives(shop_1, stock_1));
  EXPECT_TRUE(arrives(stock_1, shop_0));
  EXPECT_TRUE(arrives(shop_0, stock_0));
  EXPECT_TRUE(world.network().cut(shop_0, stock_1));
  EXPECT_FALSE(world.network().cut(stock_1, shop_0));
}

TEST_F(NetworkTest, ACutBothWaysLosesMessagesOfBothDirections) {
  world.network().add_rule(
      {.from = set({shop_0}), .to = set({stock_1}), .both_ways = true, .cut = true});
  EXPECT_FALSE(arrives(shop_0, stock_1));
  EXPECT_FALSE(arrives(stock_1, shop_0));
  EXPECT_TRUE(arrives(shop_1, stock_1));
}

// Lost is silent and no answer: it is told from the ready queue, never inside send().
TEST_F(NetworkTest, TellsOfALossAfterTheSendAtTheSameInstant) {
  world.network().add_rule({.from = set({shop_0}), .to = set({stock_1}), .cut = true});
  const Message& message = send(shop_0, stock_1);
  EXPECT_FALSE(message.ended);
  world.kernel().ready().run_all();
  EXPECT_TRUE(message.ended);
  EXPECT_EQ(message.outcome, Outcome::kFailed);
  EXPECT_EQ(message.at, Time());
}

TEST_F(NetworkTest, DelaysOfSeveralRulesAddUpAndAreDrawnPerMessage) {
  int drawn = 0;
  world.network().add_rule({.from = set({shop_0}), .to = set({stock_1}), .extra_delay = [&drawn] {
                              return 10_ms * ++drawn;
                            }});
  world.network().add_rule(
      {.from = set({shop_0, shop_1}), .to = set({stock_1}), .extra_delay = [] { return 100_ms; }});
  EXPECT_EQ(took(shop_0, stock_1), 111_ms);
  EXPECT_EQ(took(shop_0, stock_1), 121_ms);
  EXPECT_EQ(took(shop_1, stock_1), 101_ms);
  EXPECT_EQ(took(stock_1, shop_0), 1_ms);
  EXPECT_EQ(drawn, 2);
}

TEST_F(NetworkTest, ARuleActsOnMessagesThatAreSentWhileItIsThere) {
  const Message& before = send(shop_0, stock_1);
  const NetworkRuleId cut =
      world.network().add_rule({.from = set({shop_0}), .to = set({stock_1}), .cut = true});
  const Message& during = send(shop_0, stock_1);
  world.network().remove_rule(cut);
  const Message& after = send(shop_0, stock_1);
  world.network().remove_rule(cut);  // twice is as good as once
  run_until(1_s);
  EXPECT_EQ(before.outcome, Outcome::kDone) << "it was on its way";
  EXPECT_EQ(during.outcome, Outcome::kFailed);
  EXPECT_EQ(after.outcome, Outcome::kDone);
}

// A process that was added later is in no set of a rule that is older.
TEST_F(NetworkTest, ASetThatIsShorterThanTheWorldHasNobodyBehindItsEnd) {
  world.network().add_rule({.from = {true}, .to = {true, true}, .both_ways = true, .cut = true});
  EXPECT_FALSE(arrives(shop_0, shop_1));
  EXPECT_TRUE(arrives(shop_0, stock_1));
}

TEST_F(NetworkTest, ARuleIsADisturbanceUntilItIsRemoved) {
  const NetworkRuleId rule =
      world.network().add_rule({.from = set({shop_0}), .to = set({stock_1})});
  EXPECT_FALSE(world.disturbances().undisturbed());
  world.network().remove_rule(rule);
  world.network().remove_rule(rule);
  EXPECT_TRUE(world.disturbances().undisturbed());
}

}  // namespace
}  // namespace soundcheck::test
