#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "models/orchestrator/decider/script_needs.hpp"
#include "models/orchestrator/scripts/library_script_engine.hpp"

namespace soundcheck::conductor {
namespace {

ScriptLimits short_limits() {
  ScriptLimits limits;
  limits.cpu_seconds = 1;
  limits.javascript_bytes = 8u << 20;
  return limits;
}

TEST(Scripts, GiveTheCompletionValueWithItsType) {
  LibraryScriptEngine engine;
  const Json input =
      Json::parse(R"({"value": 3, "loop": {"iteration": 2}, "list": [1, 2], "map": {"k": null}})");
  EXPECT_EQ(
      engine.javascript("if ($.loop['iteration'] < $.value) { true; } else { false; }", input),
      Json(true));
  EXPECT_EQ(engine.javascript("$.value * 2", input), Json(6));
  EXPECT_EQ(engine.javascript("(function () { return {a: [$.value, 'x'], n: null}; })()", input),
            Json::parse(R"({"a": [3, "x"], "n": null})"));
  EXPECT_EQ(engine.javascript("$.missing", input), Json());
  EXPECT_EQ(engine.javascript("$.list.length + $.list.indexOf(2)", input), Json(3));
}

TEST(Scripts, AnswerJavasMethodsOfMapsAndLists) {
  LibraryScriptEngine engine;
  const Json input = Json::parse(R"({"list": [5, 6], "map": {"k": 7}})");
  EXPECT_EQ(engine.javascript("$.get('map').get('k') + $.list.get(1) + $.list.size()", input),
            Json(15));
  EXPECT_EQ(engine.javascript("$.map.containsKey('k') && !$.map.containsKey('get')", input),
            Json(true));
  EXPECT_EQ(
      engine.javascript("var names = []; for (var name in $.map) names.push(name); names", input),
      Json::array({"k"}));
}

TEST(Scripts, HaveNoClockAndNoDice) {
  LibraryScriptEngine engine;
  for (const char* script :
       {"new Date()", "Date.now()", "Math.random()", "performance.now()", "Duktape.gc()"}) {
    EXPECT_FALSE(engine.javascript(script, Json::object())) << script;
  }
  EXPECT_FALSE(engine.jq("now", Json::object()));
  EXPECT_EQ(engine.jq("env", Json::object()), Json::array({Json::object()}));
  EXPECT_EQ(engine.jq("$ENV", Json::object()), Json::array({Json::object()}));
  EXPECT_EQ(engine.jq("0 | localtime | mktime", Json::object()), Json::array({0}));
  EXPECT_EQ(engine.jq("def f: 2; f, 3", Json::object()), Json::array({2, 3}));
  EXPECT_EQ(engine.processes_started(), 1);  // none of these killed the helper
}

TEST(Scripts, MayUseTheNewerSyntaxThatScriptsUseMost) {
  LibraryScriptEngine engine;
  const Json input =
      Json::parse(R"({"items": [{"p": 2, "n": "a"}, {"p": 5, "n": "b"}], "name": "ann"})");
  const auto value = [&](const char* script) {
    const auto result = engine.javascript(script, input);
    return result ? *result : Json("error: " + result.error());
  };
  EXPECT_EQ(value("const total = $.items.map(i => i.p).reduce((a, b) => a + b, 0); total"),
            Json(7));
  EXPECT_EQ(
      value(
          "(() => { let sum = 0; for (const item of $.items) { sum += item.p; } return sum; })()"),
      Json(7));
  EXPECT_EQ(value("`dear ${$.name.toUpperCase()}, ${`${$.items.length} items`}`"),
            Json("dear ANN, 2 items"));
  EXPECT_FALSE(engine.javascript("const {name} = $; name", input));  // this is not among it
  EXPECT_EQ(value("$.items.find(i => i.n === 'b').p"), Json(5));
  EXPECT_EQ(value("const f = x => y => x + y\nf(1)(2)"), Json(3));
  EXPECT_EQ(value("$.items.map(i => ({n: i.n, big: i.p > 3 ? 'yes' : 'no'}))"),
            Json::parse(R"([{"n": "a", "big": "no"}, {"n": "b", "big": "yes"}])"));
  EXPECT_EQ(value("let text = 'a => b // `c`'; /[/`]=>/.test(text) ? 1 : 2"), Json(2));
}

TEST(Scripts, KeepNothingFromOneToTheNext) {
  LibraryScriptEngine engine;
  EXPECT_TRUE(engine.javascript("leak = 5; Object.prototype.trap = 1; 0", Json::object()));
  EXPECT_EQ(engine.javascript("typeof leak + typeof ({}).trap", Json::object()),
            Json("undefinedundefined"));
}

TEST(Scripts, FilterByJq) {
  LibraryScriptEngine engine;
  const Json input = Json::parse(R"({"tasks": [{"s": "A", "n": 1}, {"s": "B", "n": 2}]})");
  EXPECT_EQ(engine.jq(".tasks | map(select(.s == \"B\")) | map(.n)", input), Json::parse("[[2]]"));
  EXPECT_EQ(engine.jq(".tasks[].n", input), Json::parse("[1, 2]"));
  EXPECT_EQ(engine.jq("empty", input), Json::array());
  EXPECT_EQ(engine.jq("(.x // \"none\")", input), Json::array({"none"}));
  const auto failed = engine.jq(".tasks | .s", input);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().find("Cannot index array with"), std::string::npos) << failed.error();
  EXPECT_FALSE(engine.jq("this is no filter", input));
  EXPECT_EQ(engine.jq(".tasks | .s", Json::parse(R"({"tasks": {"s": 4}})")), Json::array({4}));
}

TEST(Scripts, StartNoProcessBeforeTheFirstAndRememberResults) {
  LibraryScriptEngine engine;
  EXPECT_EQ(engine.processes_started(), 0);
  EXPECT_EQ(engine.javascript("1 + 1", Json::object()), Json(2));
  EXPECT_EQ(engine.javascript("1 + 1", Json::object()), Json(2));
  EXPECT_EQ(engine.processes_started(), 1);
  EXPECT_EQ(engine.scripts_run(), 1u);
}

TEST(Scripts, OneThatNeverEndsFailsWithAFixedTextAndTheNextOneRuns) {
  LibraryScriptEngine engine(short_limits());
  EXPECT_EQ(engine.javascript("for (;;) {}", Json::object()).error(), kScriptKilled);
  EXPECT_EQ(engine.javascript("2", Json::object()), Json(2));
  EXPECT_EQ(engine.jq("[repeat(1)]", Json::object()).error(), kScriptKilled);
  EXPECT_EQ(engine.jq("3", Json::object()), Json::array({3}));
  EXPECT_EQ(engine.processes_started(), 3);
}

TEST(Scripts, OneThatTakesAllMemoryFails) {
  LibraryScriptEngine engine(short_limits());
  EXPECT_FALSE(engine.javascript("var all = 'x'; for (;;) all += all;", Json::object()));
  EXPECT_FALSE(engine.javascript("function deeper(n) { return 1 + deeper(n + 1); } deeper(0)",
                                 Json::object()));
  EXPECT_EQ(engine.javascript("4", Json::object()), Json(4));
}

TEST(Scripts, AForkedProcessDoesNotShareTheHelper) {
  LibraryScriptEngine engine;
  ASSERT_EQ(engine.javascript("'parent'", Json::object()), Json("parent"));
  const pid_t child = fork();
  if (child == 0) {
    bool good = true;
    for (int i = 0; i < 50; ++i)
      good = good && engine.javascript("$.i", Json::object({{"i", 1000 + i}})) == Json(1000 + i);
    _exit(good ? 0 : 1);
  }
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(engine.javascript("$.i", Json::object({{"i", i}})), Json(i));
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(engine.javascript("'still here'", Json::object()), Json("still here"));
}

TEST(ScriptNeeds, NamesThePartsThatAConditionReads) {
  const ScriptNeeds needs(
      "if ($.loop['iteration'] < $.value && $.other.list.length > 0) { true; }");
  EXPECT_FALSE(needs.everything());
  EXPECT_TRUE(needs.any_of("loop"));
  EXPECT_FALSE(needs.any_of("huge"));
  EXPECT_EQ(needs.parts_of("loop", Json::parse(R"({"iteration": 3, "1": {"t": {}}})")),
            Json::parse(R"({"iteration": 3})"));
  EXPECT_EQ(needs.parts_of("other", Json::parse(R"({"list": [1], "x": 2})")),
            Json::parse(R"({"list": [1]})"));
  EXPECT_EQ(needs.parts_of("value", Json(5)), Json(5));
}

TEST(ScriptNeeds, AsksForEverythingWhenInDoubt) {
  for (const char* script :
       {"Object.keys($).length", "$[name]", "var all = $; all.x", "eval('$.x')", "f($)"}) {
    EXPECT_TRUE(ScriptNeeds(script).everything()) << script;
  }
  EXPECT_TRUE(ScriptNeeds("$.a.get('b')").any_of("a"));
  EXPECT_EQ(ScriptNeeds("$.a.get('b')").parts_of("a", Json::parse(R"({"b": 1})")),
            Json::parse(R"({"b": 1})"));
}

}  // namespace
}  // namespace soundcheck::conductor
