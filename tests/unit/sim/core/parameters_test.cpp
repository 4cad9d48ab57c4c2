#include "sim/core/parameters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace soundcheck {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

enum class Colour { kRed, kGreen };

struct Lamp {
  Duration glow = Duration::milliseconds(20);
  int count = 2;
  std::optional<Rate> blink;
  Colour colour = Colour::kRed;
  static const ParameterTable<Lamp>& parameters();
};

struct Room {
  std::string label;
  Named<Lamp> lamps;
  std::vector<Bytes> sizes{Bytes::bytes(1)};
  bool dark = false;
  static const ParameterTable<Room>& parameters();
};

}  // namespace

template <>
struct ParameterChoices<Colour> {
  static constexpr ParameterChoice<Colour> kChoices[] = {{Colour::kRed, "red", "warm"},
                                                         {Colour::kGreen, "green", "cold"}};
};

namespace {

const ParameterTable<Lamp>& Lamp::parameters() {
  static const auto table = ParameterTable<Lamp>("lamp", "What gives light.")
                                .optional("glow", &Lamp::glow, "time it glows", above_zero)
                                .optional("count", &Lamp::count, "how many bulbs", between(1, 64))
                                .optional("blink", &Lamp::blink, "how often it blinks")
                                .optional("colour", &Lamp::colour, "the colour");
  return table;
}

const ParameterTable<Room>& Room::parameters() {
  static const auto table = ParameterTable<Room>("room", "A place with lamps.")
                                .required("label", &Room::label, "what people call it")
                                .optional("lamps", &Room::lamps, "its lamps")
                                .optional("sizes", &Room::sizes, "some sizes")
                                .optional("dark", &Room::dark, "whether it is dark");
  return table;
}

ParameterNode map_of(std::vector<std::pair<std::string, ParameterNode>> entries) {
  ParameterNode node = ParameterNode::map();
  for (auto& [name, value] : entries) node.entries.push_back({name, value, {}});
  return node;
}

ParameterNode plain(std::string text) {
  return ParameterNode::plain(std::move(text));
}

std::vector<std::string> mistakes_in(const ParameterNode& node, Room& room) {
  Mistakes mistakes;
  ParameterReader reader(mistakes);
  Room::parameters().read(node, &room, reader);
  std::vector<std::string> lines;
  for (const Mistake& m : mistakes) {
    lines.push_back(to_text(m.code) + " " + m.path + ": " + m.sentence +
                    (m.hint.empty() ? "" : "; ") + m.hint);
  }
  return lines;
}

TEST(Parameters, FieldsThatAreLeftOutKeepTheirDefaults) {
  Room room;
  EXPECT_THAT(mistakes_in(map_of({{"label", plain("hall")},
                                  {"lamps", map_of({{"one", ParameterNode()},
                                                    {"two", map_of({{"blink", plain("2/s")}})}})}}),
                          room),
              ElementsAre());
  EXPECT_EQ(room.label, "hall");
  ASSERT_EQ(room.lamps.size(), 2u);
  EXPECT_EQ(room.lamps.find("one")->glow, Duration::milliseconds(20));
  EXPECT_EQ(room.lamps.find("two")->blink, Rate::per_second(2));
  EXPECT_EQ(room.sizes, std::vector{Bytes::bytes(1)});
}

TEST(Parameters, EveryMistakeIsReportedWithItsPath) {
  Room room;
  EXPECT_THAT(
      mistakes_in(map_of({{"lamps", map_of({{"one", map_of({{"glow", plain("0s")},
                                                            {"cuont", plain("3")},
                                                            {"count", plain("65")},
                                                            {"colour", plain("gren")}})}})},
                          {"sizes", plain("3")},
                          {"dark", plain("yes")}}),
                  room),
      ElementsAre(
          "E014 lamps.one.glow: 0s is out of bounds: above zero",
          "E012 lamps.one.cuont: unknown field 'cuont' of lamp; did you mean 'count'?",
          "E014 lamps.one.count: 65 is out of bounds: 1 to 64",
          "E015 lamps.one.colour: 'gren' is not one of the choices; did you mean 'green'?",
          "E010 sizes: a single value stands where a list is expected (a list: a size such as "
          "64KiB)",
          "E013 dark: 'yes' is neither true nor false",
          "E011 : 'label' of room is missing: what people call it"));
  EXPECT_EQ(room.lamps.find("one")->count, 2) << "a wrong value changes nothing";
}

TEST(Parameters, QuantitiesAreNotNegativeUnlessDeclaredSo) {
  Room room;
  EXPECT_THAT(mistakes_in(map_of({{"label", plain("x")},
                                  {"lamps", map_of({{"one", map_of({{"glow", plain("-3ms")}})}})}}),
                          room),
              ElementsAre(HasSubstr("E014 lamps.one.glow: -3ms is out of bounds")));
}

TEST(Parameters, WhatIsPrintedReadsBack) {
  Room room;
  room.label = "hall";
  room.lamps.at_or_add("one").colour = Colour::kGreen;
  const ParameterNode printed = Room::parameters().print(&room);
  EXPECT_EQ(to_json(printed), Json::parse(R"({"label": "hall", "dark": false, "sizes": ["1B"],
    "lamps": {"one": {"glow": "20ms", "count": 2, "colour": "green"}}})"));
  Room again;
  EXPECT_THAT(mistakes_in(printed, again), ElementsAre());
  EXPECT_EQ(to_json(Room::parameters().print(&again)), to_json(printed));
}

TEST(Parameters, SchemaFollowsFromTheTable) {
  SchemaWriter writer;
  const Json schema = Room::parameters().schema(writer);
  EXPECT_EQ(schema["required"], Json({"label"}));
  EXPECT_EQ(schema["additionalProperties"], false);
  const Json& lamp = schema["properties"]["lamps"]["additionalProperties"];
  EXPECT_EQ(lamp["properties"]["count"]["minimum"], 1);
  EXPECT_EQ(lamp["properties"]["count"]["maximum"], 64);
  EXPECT_EQ(lamp["properties"]["count"]["default"], 2);
  EXPECT_EQ(lamp["properties"]["count"]["description"], "how many bulbs (a whole number, 1 to 64)");
  EXPECT_EQ(lamp["properties"]["colour"]["enum"], Json({"red", "green"}));
}

TEST(Parameters, SettingsGiveBackTheirStruct) {
  Settings settings(Lamp::parameters());
  EXPECT_EQ(settings.as<Lamp>().count, 2);
  EXPECT_EXIT(settings.as<Room>(), testing::ExitedWithCode(70), "settings of another kind");
}

TEST(Parameters, EveryMistakeHasANumberOfItsOwnAndAnExplanation) {
  std::string last;
  for (const auto& explanation : mistake_explanations()) {
    EXPECT_LT(last, to_text(explanation.code));
    last = to_text(explanation.code);
    EXPECT_FALSE(explanation.explanation.empty());
  }
}

}  // namespace
}  // namespace soundcheck
