#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string explained(const std::string& name) {
  const ProgramRun run = Workplace().run({"explain", name});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_LE(widest_line(run.output), 100U) << run.output;
  return run.output;
}

TEST(Explain, KnowsEverythingThatIsListed) {
  const Json topics = Workplace().run({"list", "--json"}).json();
  for (const auto& [topic, entries] : topics.items()) {
    for (const Json& entry : entries) {
      const std::string name = entry["name"];
      EXPECT_THAT(explained(name), HasSubstr(name)) << topic;
    }
  }
}

TEST(Explain, PrintsTheParametersOfAFaultWithUnitsAndDefaults) {
  EXPECT_THAT(explained("process.crash"),
              AllOf(HasSubstr("restart"), HasSubstr("a duration such as"), HasSubstr("default ")));
}

TEST(Explain, FindsErrorsInSmallLetters) {
  EXPECT_THAT(explained("e004"), HasSubstr("a field is given twice"));
}

TEST(Explain, FollowsThePathOfAField) {
  EXPECT_THAT(explained("services.calls.retry"), HasSubstr("attempts"));
  // The names of services stand in a scenario, not in its declaration.
  EXPECT_EQ(explained("services.payments.calls.auth.retry"), explained("services.calls.retry"));
}

TEST(Explain, ListsTheChoicesOfAField) {
  EXPECT_THAT(explained("services.calls.balancer"),
              AllOf(HasSubstr("power-of-two"), HasSubstr("the less busy one of two")));
  EXPECT_THAT(explained("services.calls.breaker"),
              AllOf(HasSubstr("consecutive"), HasSubstr("failures in a row"), HasSubstr("window")));
  EXPECT_THAT(explained("hosts.cpu"), HasSubstr("processor sharing"));
}

TEST(Explain, SuggestsTheNameThatWasMeant) {
  const ProgramRun run = Workplace().run({"explain", "proces.crash"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_EQ(run.output, "");
  EXPECT_THAT(run.errors, HasSubstr("did you mean 'process.crash'?"));
}

TEST(Explain, DrawsTheWorkflowsOfAFile) {
  const Workplace workplace;
  workplace.write("order.json", R"({ "name": "order", "tasks": [
    { "name": "pay", "taskReferenceName": "pay", "type": "SIMPLE" } ] })");
  const ProgramRun run = workplace.run({"explain", "order.json"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_EQ(run.output,
            "flowchart TD\n  begin([\"order\"])\n  t1[\"pay\"]\n  finish([\"end\"])\n"
            "  begin --> t1\n  t1 --> finish\n");
}

TEST(Explain, RefusesAFileWithMistakesOrWithoutAWorkflow) {
  const Workplace workplace;
  workplace.write("bad.json", "{ \"name\": \"order\", \"tasks\": [ 3 ] }");
  workplace.write("pay.json", "{ \"name\": \"pay\" }");
  for (const char* file : {"bad.json", "pay.json", "nowhere.json"}) {
    const ProgramRun run = workplace.run({"explain", file});
    EXPECT_EQ(run.exit_code, 65) << file;
    EXPECT_EQ(run.output, "") << file;
  }
}

TEST(Explain, DrawsSagasOfTheProgram) {
  EXPECT_THAT(explained("subscribe"),
              AllOf(HasSubstr("flowchart TD\n"), HasSubstr("failure[[\"subscribe_undo\"]]")));
}

}  // namespace
}  // namespace soundcheck::test
