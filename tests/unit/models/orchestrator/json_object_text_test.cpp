#include "models/orchestrator/decider/json_object_text.hpp"

#include <gtest/gtest.h>

namespace soundcheck::conductor {
namespace {

// What is read back is what was written, whatever nlohmann's own writer would have made of it.
TEST(JsonObjectText, IsReadBackAsTheSameValues) {
  const Json nested = Json::parse(
      R"({"a": [1, -2.5, "x\"y\\z", null, {}], "b": {"ü": "line\nbreak", "": {}}, "c": true,
          "d": "\u0001"})");
  JsonObjectText text;
  text("nested", nested);
  text("text", std::string("a \"quoted\" 'text' with ü and \t"));
  text("number", std::int64_t{-9'007'199'254'740'993});
  text("flag", false);
  text("absent", TextOrNull{""});
  text("present", TextOrNull{"here"});
  text("names", std::vector<std::string>{"a", "b"});
  const Json expected = {{"nested", nested},
                         {"text", "a \"quoted\" 'text' with ü and \t"},
                         {"number", -9'007'199'254'740'993},
                         {"flag", false},
                         {"absent", nullptr},
                         {"present", "here"},
                         {"names", {"a", "b"}}};
  EXPECT_EQ(Json::parse(text.take()), expected);
}

TEST(JsonObjectText, EscapesWhatMustBeEscapedWhereverItStands) {
  for (const char* const special : {"\"", "\\", "\n", "\x1f", "\x7f", "ü"}) {
    for (int before = 0; before < 20; ++before) {
      const std::string value = std::string(before, 'a') + special + std::string(19 - before, '~');
      JsonObjectText text;
      text("text", value);
      EXPECT_EQ(Json::parse(text.take()), Json::object({{"text", value}}));
    }
  }
}

TEST(JsonObjectText, GrowsPastItsUsualSize) {
  JsonObjectText text;
  Json expected = Json::object();
  for (int i = 0; i < 100; ++i) {
    const std::string name = "name" + std::to_string(i);
    text(name, std::string(i, 'x'));
    expected[name] = std::string(i, 'x');
  }
  EXPECT_EQ(Json::parse(text.take()), expected);
}

TEST(JsonObjectText, WithoutFieldsIsAnEmptyObject) {
  EXPECT_EQ(JsonObjectText().take(), "{}");
}

}  // namespace
}  // namespace soundcheck::conductor
