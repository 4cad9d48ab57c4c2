#include <gmock/gmock.h>
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
  EXPECT_EQ(engine.javascript("$.map.getOrDefault('x', 8) + $.map.keySet()[0]", input), Json("8k"));
  EXPECT_EQ(engine.javascript("$.list.contains(6) && !$.list.isEmpty()", input), Json(true));
  EXPECT_EQ(engine.javascript("$", input), input);
  EXPECT_EQ(
      engine.javascript("var names = []; for (var name in $.map) names.push(name); names", input),
      Json::array({"k"}));
}

TEST(Scripts, HaveNoClockAndNoDice) {
  LibraryScriptEngine engine(short_limits());
  for (const char* script :
       {"new Date()", "Date.now()", "Math.random()", "performance.now()", "Intl.NumberFormat()",
        "(1.5).toLocaleString()", "[1].toLocaleString()", "'I'.toLocaleLowerCase()",
        "new WeakRef({})", "new FinalizationRegistry(() => 0)", "new SharedArrayBuffer(8)",
        "Atomics.wait", "WebAssembly.Module"}) {
    EXPECT_FALSE(engine.javascript(script, Json::object())) << script;
  }
  EXPECT_FALSE(engine.jq("now", Json::object()));
  EXPECT_EQ(engine.jq("env", Json::object()), Json::array({Json::object()}));
  EXPECT_EQ(engine.jq("$ENV", Json::object()), Json::array({Json::object()}));
  EXPECT_EQ(engine.jq("0 | localtime | mktime", Json::object()), Json::array({0}));
  EXPECT_EQ(engine.jq("def f: 2; f, 3", Json::object()), Json::array({2, 3}));
  EXPECT_EQ(engine.processes_started(), 1);  // none of these killed the helper
}

// Expected values: ECMA-262, 13th edition (2022).
TEST(Scripts, SpeakTheJavascriptOf2022) {
  LibraryScriptEngine engine;
  const Json input = Json::parse(
      R"({"items": [{"p": 2, "n": "a"}, {"p": 5, "n": "b"}], "name": "ann", "none": null})");
  const auto value = [&](const char* script) {
    const auto result = engine.javascript(script, input);
    return result ? *result : Json("error: " + result.error());
  };
  EXPECT_EQ(value("const {name, ...rest} = $; [name, Object.keys(rest)]"),
            Json::parse(R"(["ann", ["items", "none"]])"));
  EXPECT_EQ(value("$.none?.deep ?? 'nothing'"), Json("nothing"));
  EXPECT_EQ(value("let n = null; n ?\?= 4; n ||= 5; n &&= 6; n"), Json(6));
  EXPECT_EQ(value("[...$.items.map(({p}) => p), ...new Set([7, 7])]"), Json::parse("[2, 5, 7]"));
  EXPECT_EQ(value("class Cart { #sum = 0; add(x) { this.#sum += x; return this; } "
                  "get sum() { return this.#sum; } } new Cart().add(2).add(3).sum"),
            Json(5));
  EXPECT_EQ(value("Object.fromEntries(Object.entries({a: 1}).map(([k, v]) => [k + k, v]))"),
            Json::parse(R"({"aa": 1})"));
  EXPECT_EQ(value("`dear ${$.name.toUpperCase()}, ${`${$.items.length} items`}`"),
            Json("dear ANN, 2 items"));
  EXPECT_EQ(value("function* twice(x) { yield x; yield x; } [...twice(1)].concat([1, [2]].flat())"),
            Json::parse("[1, 1, 1, 2]"));
  EXPECT_EQ(value("['ab'.at(-1), 'x-y-z'.replaceAll('-', '+'), /(?<year>\\d{4})/"
                  ".exec('in 1999').groups.year, Object.hasOwn($, 'name'), 7n > 6]"),
            Json::parse(R"(["b", "x+y+z", "1999", true, true])"));
  // A promise settles when the script has ended, too late for its value, as in Conductor.
  EXPECT_EQ(value("let seen = 1; Promise.resolve().then(() => { seen = 2; }); seen"), Json(1));
}

TEST(Scripts, SayWhatIsWrongWithThem) {
  LibraryScriptEngine engine;
  const auto error = [&](const char* script) {
    const auto result = engine.javascript(script, Json::parse(R"({"a": null})"));
    return result ? "gives " + result->dump() : result.error();
  };
  EXPECT_THAT(error("nowhere.x"), testing::StartsWith("ReferenceError: nowhere is not defined"));
  EXPECT_THAT(error("$.a.b"), testing::AllOf(testing::StartsWith("TypeError: "),
                                             testing::HasSubstr("$.a is null")));
  EXPECT_THAT(error("if (true {"), testing::StartsWith("SyntaxError: "));
  EXPECT_EQ(error("throw new Error('no stock')"), "Error: no stock");
  EXPECT_EQ(error("throw 'plain'"), "plain");
  EXPECT_THAT(error("10n"), testing::StartsWith("TypeError: "));  // JSON has no big integers
  EXPECT_EQ(error("(() => 1)"), "gives null");
}

// Conductor's maps and lists are Java's; what a script makes itself is not.
TEST(Scripts, LeaveTheirOwnObjectsAlone) {
  LibraryScriptEngine engine;
  EXPECT_EQ(engine.javascript("Object.defineProperty({}, 'x', {value: 1}).x + typeof ({}).get",
                              Json::object()),
            Json("1undefined"));
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
  LibraryScriptEngine engine(short_limits());
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
  EXPECT_EQ(engine.processes_started(), 2);  // JavaScript is interrupted, jq has to be killed
}

TEST(Scripts, ManyInARowStayInTheirMemory) {
  LibraryScriptEngine engine(short_limits());
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(engine.javascript("$.i + 1", Json::object({{"i", i}})), Json(i + 1));
  }
  EXPECT_EQ(engine.processes_started(), 1);
}

TEST(Scripts, EnginesShareOneHelper) {
  LibraryScriptEngine first;
  LibraryScriptEngine second;
  EXPECT_TRUE(first.javascript("'first'", Json::object()));
  const int started = first.processes_started();
  EXPECT_TRUE(second.javascript("'second'", Json::object()));
  EXPECT_EQ(second.processes_started(), started);
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
