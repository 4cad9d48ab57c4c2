#include "scenarios/document/yaml.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/core/random.hpp"

namespace soundcheck {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct ParsedYaml {
  ParameterNode root;
  std::vector<std::string> mistakes;
};

ParsedYaml parse(const std::string& text) {
  Mistakes mistakes;
  const Source source("test.yaml", "", text);
  ParsedYaml result{parse_yaml(source, 0, mistakes), {}};
  for (const Mistake& m : mistakes) {
    result.mistakes.push_back(fmt::format("{}:{} {} {}", m.position.line, m.position.column,
                                          to_text(m.code), m.sentence));
  }
  return result;
}

TEST(Yaml, KnowsWhereEverythingStands) {
  const auto parsed = parse("a: 1\nb:\n  - x: \"y z\"\n    ü: ä\n");
  ASSERT_THAT(parsed.mistakes, IsEmpty());
  EXPECT_EQ(to_json(parsed.root), Json::parse(R"({"a": 1, "b": [{"x": "y z", "ü": "ä"}]})"));
  const ParameterNode& map = parsed.root.find("b")->value.items[0];
  EXPECT_EQ(map.find("x")->value.position.line, 3);
  EXPECT_EQ(map.find("x")->value.position.column, 8);
  EXPECT_EQ(map.find("x")->value.position.width, 5) << "with its quotes";
  EXPECT_EQ(map.find("ü")->value.position.column, 8) << "in characters, not in bytes";
}

TEST(Yaml, JoinsWhatFlowStyleSplitsAtCommasInBrackets) {
  const auto parsed = parse("{ a: f(1ms, p99 2ms, 3), b: 9B, c: [g(1, 2), h], d: k(1, e: 2 }");
  EXPECT_THAT(parsed.mistakes, IsEmpty());
  EXPECT_EQ(to_json(parsed.root), Json({{"a", "f(1ms, p99 2ms, 3)"},
                                        {"b", "9B"},
                                        {"c", {"g(1, 2)", "h"}},
                                        {"d", "k(1"},
                                        {"e", 2}}));
  EXPECT_EQ(parsed.root.find("a")->value.position.width, 18);
}

TEST(Yaml, JoinsNothingInBlockStyleAndInQuotes) {
  const Json separate = {{"a", "f(1"}, {"b)", nullptr}};
  EXPECT_EQ(to_json(parse("a: f(1\nb)  :\n").root), separate);
  EXPECT_EQ(to_json(parse("{ a: \"f(1\", b): }").root), separate);
}

TEST(Yaml, ExpandsMergeKeysAndItsOwnFieldsWin) {
  const auto parsed =
      parse("x: &x { a: 1, b: 2 }\ny: &y { b: 3, c: 4 }\nz: { <<: [*x, *y], a: 9 }\n");
  EXPECT_THAT(parsed.mistakes, IsEmpty());
  EXPECT_EQ(to_json(parsed.root.find("z")->value), Json::parse(R"({"a": 9, "b": 2, "c": 4})"));
}

TEST(Yaml, ABombOfAliasesIsRefusedQuickly) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    bomb += fmt::format("a{0}: &a{0} [", i);
    for (int k = 0; k < 10; ++k) bomb += fmt::format("*a{},", i - 1);
    bomb += "]\n";
  }
  EXPECT_THAT(
      parse(bomb).mistakes,
      ElementsAre("5:22 E003 more than 50000 values, aliases counted as often as they are used"));
}

TEST(Yaml, DepthIsBoundedAlsoThroughAliases) {
  EXPECT_THAT(parse(std::string(100'000, '[')).mistakes,
              ElementsAre(HasSubstr("E003 more than 100 lists and maps inside one another")));
  std::string deep = "a0: &a0 [[[[[[[[[[x]]]]]]]]]]\n";
  for (int i = 1; i < 20; ++i) deep += fmt::format("a{0}: &a{0} [[[[[*a{1}]]]]]\n", i, i - 1);
  EXPECT_THAT(parse(deep).mistakes,
              ElementsAre("19:16 E003 more than 100 lists and maps inside one another"));
  EXPECT_THAT(parse("a: &a [*a]").mistakes,
              ElementsAre("1:8 E005 an alias of something that contains it"));
}

TEST(Yaml, ManyValuesAreRefused) {
  std::string text = "[";
  for (int i = 0; i < 60'000; ++i) text += "1,";
  EXPECT_THAT(parse(text + "]").mistakes,
              ElementsAre(HasSubstr("1:100000 E003 more than 50000 values")));
}

TEST(Yaml, ALegitimateDepthIsRead) {
  EXPECT_THAT(parse(std::string(100, '[') + "x" + std::string(100, ']')).mistakes, IsEmpty());
}

// Each of these once took minutes, because some work was done again for every value.
TEST(Yaml, NoShortTextTakesLong) {
  std::string brackets = "[", line = "[";
  for (int i = 0; i < 20'000; ++i) {
    brackets += "(a, ";
    line += std::string(60, 'x') + ",";
  }
  EXPECT_THAT(parse(brackets + "]").mistakes, IsEmpty());
  EXPECT_THAT(parse(line + "]").mistakes, IsEmpty());
}

TEST(Yaml, WhatIsWrittenReadsBack) {
  const auto parsed = parse(
      "a: {b: [1, \"2\", true, \"true\", \"\", ~], c: {}, d: []}\n"
      "e: [{f: \"x: y\", g: [[0s, 50%], [1m, 1%]]}, \"- z\", \"#\", \"a\\nb\", -3, \"-3\"]\n"
      "h: 'it''s \"q\" \\'\n");
  ASSERT_THAT(parsed.mistakes, IsEmpty());
  const std::string written = to_yaml(parsed.root);
  const auto again = parse(written);
  EXPECT_THAT(again.mistakes, IsEmpty()) << written;
  EXPECT_EQ(to_json(again.root), to_json(parsed.root)) << written;
}

// Whatever the bytes, the reader comes back with a tree and mistakes; sanitizers watch it.
TEST(YamlFuzz, RandomBytesAndTruncatedFilesNeverCrash) {
  const std::string example =
      "soundcheck: 1\na: &x {b: [c, \"d\\n\"], e: f(1, 2)}\ng: *x\nh:\n  <<: *x\n  i: |\n    "
      "text\n";
  for (std::size_t size = 0; size <= example.size(); ++size) parse(example.substr(0, size));
  RandomStream random(3, "yaml-fuzz");
  const std::string alphabet = "ab01:-,[]{}&*!|>'\"%@`#? \n\t\\()<~.\xc3\xa9";
  for (int i = 0; i < 1'000; ++i) {
    std::string text(random.below(60), ' ');
    for (char& c : text) c = alphabet[random.below(alphabet.size())];
    parse(text);
    std::string changed = example;
    for (int k = 0; k < 3; ++k) {
      changed[random.below(changed.size())] = alphabet[random.below(alphabet.size())];
    }
    parse(changed);
  }
}

}  // namespace
}  // namespace soundcheck
