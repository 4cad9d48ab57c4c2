// Nothing runs for ever without saying so: what certainly would is refused, the rest is stopped at
// a stated bound, with the loop named, and a signal always ends the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <string>

#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

using testing::HasSubstr;

const std::string kHead = R"(soundcheck: 1
architecture: own
fidelity: direct
duration: 3s
)";

std::string starts_w(const std::string& tasks, const std::string& input = "{}") {
  return kHead + "workflows:\n  - { name: w, version: 1, schemaVersion: 2, tasks: [ " + tasks +
         " ] }\nworkload: [ { arrivals: every 2s, workflow: w, input: " + input + " } ]\n";
}

std::string inline_script(const std::string& script) {
  return "{ name: i, taskReferenceName: i, type: INLINE, inputParameters: "
         "{ evaluatorType: javascript, expression: \"" +
         script + "\" } }";
}

std::string loop(const std::string& condition, const std::string& tasks) {
  return "{ name: d, taskReferenceName: d, type: DO_WHILE, inputParameters: "
         "{ more: '${workflow.input.more}' }, loopCondition: \"" +
         condition + "\", loopOver: [ " + tasks + " ] }";
}

struct Endless : testing::Test {
  // What `validate` says of it.
  std::string refusal(const std::string& scenario) {
    workplace.write("s.yaml", scenario);
    const ProgramRun run = workplace.run({"validate", "s.yaml"});
    EXPECT_EQ(run.exit_code, 65) << scenario;
    return run.output + run.errors;
  }
  // What a run that the program has to stop says first.
  std::string sentence(const std::string& scenario) {
    workplace.write("s.yaml", scenario);
    const ProgramRun run = workplace.run({"run", "s.yaml", "--json"});
    EXPECT_TRUE(run.exit_code == 1 || run.exit_code == 3) << run.output << run.errors;
    if (run.exit_code != 1 && run.exit_code != 3) return "";
    EXPECT_FALSE(run.json()["warnings"].empty());
    return run.json()["warnings"].begin().key();
  }
  Workplace workplace;
};

// endless-inline-loop.yaml: decided at one instant, it would never come back.
TEST_F(Endless, LoopsWithoutACondition) {
  for (const char* always : {"true", "1", "1 == 1", "!false"}) {
    EXPECT_THAT(refusal(starts_w(loop(always, inline_script("1")))),
                HasSubstr("'d' would go round for ever, at one instant"))
        << always;
  }
  EXPECT_THAT(
      refusal(starts_w(loop("true",
                            "{ name: v, taskReferenceName: v, type: SET_VARIABLE, inputParameters: "
                            "{ a: 1 } }"))),
      HasSubstr("for ever"));
}

TEST_F(Endless, LoopsWhoseConditionNeverChangesAreStopped) {
  EXPECT_THAT(sentence(starts_w(loop("$.more", inline_script("1")), "{ more: true }")),
              HasSubstr("workflow 'w' was stopped: the DO_WHILE 'd' goes on for ever: iteration"));
}

TEST_F(Endless, LoopsThatEndAreNot) {
  workplace.write("s.yaml", starts_w(loop("$.d['iteration'] < 300", inline_script("1"))));
  const ProgramRun run = workplace.run({"run", "s.yaml", "--json"});
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_TRUE(run.json()["warnings"].empty());
}

// script-does-not-parse.yaml: every run of it fails.
TEST_F(Endless, ScriptsThatCannotBeReadAreRefused) {
  EXPECT_THAT(refusal(starts_w(inline_script("if ("))),
              testing::AllOf(HasSubstr("E023"),
                             HasSubstr("workflows.0.tasks.0.inputParameters."
                                       "expression"),
                             HasSubstr("SyntaxError")));
  EXPECT_THAT(refusal(starts_w(loop("$.a <", inline_script("1")))), HasSubstr("loopCondition"));
  EXPECT_THAT(
      refusal(starts_w("{ name: s, taskReferenceName: s, type: SWITCH, evaluatorType: javascript, "
                       "expression: 'var', decisionCases: { a: [ " +
                       inline_script("1") + " ] } }")),
      HasSubstr("tasks.0.expression"));
  workplace.write("s.yaml", starts_w(inline_script("(function () { return $.a ?? 1; })();")));
  EXPECT_EQ(workplace.run({"validate", "s.yaml"}).exit_code, 0);
}

// Of a LAMBDA the script is the body of a function.
TEST_F(Endless, ScriptsOfLambdasMayReturn) {
  const auto lambda = [](const std::string& script) {
    return "{ name: l, taskReferenceName: l, type: LAMBDA, inputParameters: { scriptExpression: '" +
           script + "' } }";
  };
  workplace.write("s.yaml", starts_w(lambda("return { a: $.a }")));
  EXPECT_EQ(workplace.run({"validate", "s.yaml"}).exit_code, 0);
  EXPECT_THAT(refusal(starts_w(lambda("return {"))), HasSubstr("inputParameters.scriptExpression"));
}

std::string jq(const std::string& filter) {
  return "{ name: q, taskReferenceName: q, type: JSON_JQ_TRANSFORM, inputParameters: "
         "{ queryExpression: '" +
         filter + "' } }";
}

// Conductor registers it, as its own jq may know more than libjq; it fails in every run here.
TEST_F(Endless, JqThatCannotBeReadIsAWarning) {
  for (const char* wrong : {".a |", "{ a: ", "nobody_knows(.)", "1) | (2", ". as [$a | $a"}) {
    workplace.write("s.yaml", starts_w(jq(wrong)));
    const ProgramRun run = workplace.run({"validate", "s.yaml"});
    EXPECT_EQ(run.exit_code, 0) << wrong;
    EXPECT_THAT(
        run.errors,
        testing::AllOf(HasSubstr("warning[E023]: workflows.0.tasks.0.inputParameters."
                                 "queryExpression: the jq filter of 'q' cannot be read: jq: error"),
                       HasSubstr("the task fails in every run")))
        << wrong;
  }
  for (const char* right : {".a", "def f(x): x + 1; f(.a)", ".a, .b | length",
                            "reduce .[] as $x (0; . + $x)", "error(\"no\")", "repeat(.)"}) {
    workplace.write("s.yaml", starts_w(jq(right)));
    EXPECT_THAT(workplace.run({"validate", "s.yaml"}).output, HasSubstr("no mistakes")) << right;
  }
}

TEST_F(Endless, FilesOfDefinitionsAreCheckedToo) {
  const auto errors = [this](const std::string& tasks) {
    workplace.write("w.json", R"({"name": "w", "schemaVersion": 2, "tasks": [)" + tasks + "]}");
    return workplace.run({"validate", "w.json"}).errors;
  };
  EXPECT_THAT(errors(R"({"name": "i", "taskReferenceName": "i", "type": "INLINE",
    "inputParameters": {"evaluatorType": "javascript", "expression": "if ("}})"),
              testing::AllOf(HasSubstr("w.json:2:"),
                             HasSubstr("error[E023]: tasks.0.inputParameters.expression")));
  EXPECT_THAT(errors(R"({"name": "q", "taskReferenceName": "q", "type": "JSON_JQ_TRANSFORM",
    "inputParameters": {"queryExpression": ".a |"}})"),
              HasSubstr("warning[E023]: tasks.0.inputParameters.queryExpression"));
}

// It is in a script, which takes all the time that scripts are given, when the signal comes.
TEST_F(Endless, ASignalEndsARunThatIsInAScript) {
  workplace.write("s.yaml", starts_w(inline_script("for (;;) {}")) + "settle: 1h\n");
  const ProgramRun run = workplace.run(
      {"run", "s.yaml"},
      {.errors_on_terminal = true,
       .interrupt_when = [](const std::string& errors) { return errors.contains(" of 3.00 s"); },
       .interrupt_by = SIGTERM});
  EXPECT_EQ(run.exit_code, 128 + SIGTERM) << run.output << run.errors;
}

}  // namespace
}  // namespace soundcheck::test
