#include "sim/core/strategy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace soundcheck {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Greeting : StrategyObject {
  static const StrategyFamily& family();
};
struct Plain final : Greeting {
  static const ParameterTable<Plain>& parameters() {
    static const auto table = ParameterTable<Plain>("plain", "a word");
    return table;
  }
};
struct Loud final : Greeting {
  int times = 2;
  Duration pause = Duration::seconds(1);
  static const ParameterTable<Loud>& parameters() {
    static const auto table = ParameterTable<Loud>("loud", "a cry")
                                  .optional("times", &Loud::times, "how often", between(1, 9))
                                  .optional("pause", &Loud::pause, "between two");
    return table;
  }
};
const StrategyFamily& Greeting::family() {
  static const StrategyFamily family(
      "greeting", "plain", StrategyStyle::kText,
      {{"loud", strategy_kind<Loud>()}, {"plain", strategy_kind<Plain>()}});
  return family;
}

// The same ways, the usual one with parameters.
struct Farewell : StrategyObject {
  static const StrategyFamily& family() {
    static const StrategyFamily family(
        "farewell", "loud", StrategyStyle::kMap,
        {{"loud", strategy_kind<Loud>()}, {"plain", strategy_kind<Plain>()}});
    return family;
  }
};

ParameterNode map_of(std::initializer_list<std::pair<const char*, const char*>> entries) {
  ParameterNode node = ParameterNode::map();
  for (const auto& [name, text] : entries) node.set(name, ParameterNode::plain(text));
  return node;
}

// The mistakes of reading `node`, as "path: sentence".
template <class Interface>
std::vector<std::string> mistakes_of(const ParameterNode& node, Strategy<Interface>& into) {
  Mistakes mistakes;
  ParameterReader reader(mistakes);
  into.read(node, reader);
  std::vector<std::string> lines;
  for (const Mistake& mistake : mistakes) lines.push_back(mistake.path + ": " + mistake.sentence);
  return lines;
}

TEST(Strategy, IsWrittenAsItsNameWithItsParametersAsArguments) {
  EXPECT_EQ(Strategy<Greeting>().text(), "plain");
  EXPECT_EQ(Strategy<Greeting>("loud").text(), "loud(2, pause 1s)");
  EXPECT_EQ(Strategy<Greeting>("loud(3)").text(), "loud(3, pause 1s)");
  EXPECT_EQ(Strategy<Greeting>(" loud(pause 2s) ").text(), "loud(2, pause 2s)");
  EXPECT_EQ(Greeting::family().phrase(), "loud(2, pause 1s) or plain");
}

TEST(Strategy, IsReadFromAMapAsWell) {
  Strategy<Greeting> greeting;
  EXPECT_THAT(mistakes_of(map_of({{"kind", "loud"}, {"times", "4"}}), greeting), ElementsAre());
  EXPECT_EQ(greeting.text(), "loud(4, pause 1s)");
  EXPECT_THAT(mistakes_of(map_of({{"pause", "3s"}}), greeting), ElementsAre())
      << "without a kind the map changes what is there";
  EXPECT_EQ(greeting.text(), "loud(4, pause 3s)");
}

TEST(Strategy, IsPrintedAsAMapWhereTheFamilySaysSo) {
  EXPECT_EQ(to_json(Strategy<Farewell>("loud(5)").print()), (Json{{"times", 5}, {"pause", "1s"}}));
  EXPECT_EQ(to_json(Strategy<Farewell>("plain").print()), (Json{{"kind", "plain"}}));
  Strategy<Farewell> read_back;
  EXPECT_THAT(mistakes_of(Strategy<Farewell>("plain").print(), read_back), ElementsAre());
  EXPECT_EQ(read_back.text(), "plain");
}

TEST(Strategy, WhatIsWrongIsToldWhereItStands) {
  Strategy<Greeting> greeting;
  EXPECT_THAT(mistakes_of(ParameterNode::plain("lout"), greeting),
              ElementsAre(": 'lout' is no greeting"));
  EXPECT_THAT(mistakes_of(map_of({{"kind", "lout"}}), greeting),
              ElementsAre("kind: 'lout' is no greeting"));
  EXPECT_THAT(
      mistakes_of(ParameterNode::plain("loud(10, pause 3)"), greeting),
      ElementsAre("times: 10 is out of bounds: 1 to 9", HasSubstr("pause: '3' has no unit")));
  EXPECT_THAT(mistakes_of(ParameterNode::plain("plain(3)"), greeting),
              ElementsAre(HasSubstr("plain has too many arguments")));
  EXPECT_EQ(greeting.text(), "plain") << "it stays what it was";
}

TEST(Strategy, EachUserHasAnObjectOfItsOwn) {
  const Strategy<Greeting> greeting = "loud(3)";
  const Strategy<Greeting> copy = greeting;
  EXPECT_EQ(greeting.operator->(), copy.operator->()) << "what was configured is shared";
  EXPECT_NE(greeting.make().get(), greeting.operator->());
}

}  // namespace
}  // namespace soundcheck
