#include "models/orchestrator/diagram/flow_chart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/orchestrator/decider/definition_reader.hpp"

namespace soundcheck::conductor {
namespace {

using testing::HasSubstr;
using testing::Not;

// The chart of a workflow "w" with these tasks, without its first line and its beginning.
std::string chart_of(const std::string& tasks, const std::string& more = "") {
  const auto read = read_workflow_definition(R"({"name":"w","version":1,"schemaVersion":2,)" +
                                             more + R"("tasks":)" + tasks + "}");
  EXPECT_TRUE(read.ok()) << to_text(read.problems.front());
  const std::string chart = flow_chart(read.value);
  const std::string head = "flowchart TD\n  begin([\"w\"])\n";
  EXPECT_TRUE(chart.starts_with(head)) << chart;
  return chart.substr(head.size());
}

std::string task(const std::string& reference, const std::string& type,
                 const std::string& more = "") {
  return R"({"name":")" + reference + R"(","taskReferenceName":")" + reference + R"(","type":")" +
         type + "\"" + more + "}";
}

TEST(FlowChart, DrawsTasksOfWorkersInTheirOrder) {
  EXPECT_EQ(chart_of("[" + task("a", "SIMPLE") +
                     R"(,{"name":"pay","taskReferenceName":"b","type":"SIMPLE","optional":true}])"),
            "  t1[\"a\"]\n"
            "  t2[\"b<br/>pay<br/>optional\"]\n"
            "  finish([\"end\"])\n"
            "  begin --> t1\n"
            "  t1 --> t2\n"
            "  t2 --> finish\n");
}

TEST(FlowChart, DrawsTheFailureWorkflowBesideThePath) {
  EXPECT_THAT(chart_of("[" + task("a", "SIMPLE") + "]", R"("failureWorkflow":"undo",)"),
              testing::AllOf(HasSubstr("  failure[[\"undo\"]]\n"),
                             HasSubstr("  begin -.->|\"if it fails\"| failure\n")));
}

TEST(FlowChart, DrawsEveryCaseOfASwitchAndWhereTheyMeet) {
  EXPECT_EQ(
      chart_of("[" +
               task("s", "SWITCH",
                    R"(,"evaluatorType":"value-param","expression":"x","decisionCases":{"1":[)" +
                        task("a", "SIMPLE") + R"(],"2":[]},"defaultCase":[)" + task("b", "SIMPLE") +
                        "]") +
               "," + task("c", "SIMPLE") + "]"),
      "  t1{\"s\"}\n"
      "  t2[\"a\"]\n"
      "  t3[\"b\"]\n"
      "  t4[\"c\"]\n"
      "  finish([\"end\"])\n"
      "  begin --> t1\n"
      "  t1 -->|\"1\"| t2\n"
      "  t1 -->|\"else\"| t3\n"
      "  t2 --> t4\n"
      "  t1 -->|\"2\"| t4\n"
      "  t3 --> t4\n"
      "  t4 --> finish\n");
}

TEST(FlowChart, DrawsBranchesOfAForkToTheirJoinAndMarksThoseThatAreNotAwaited) {
  EXPECT_EQ(chart_of("[" +
                     task("f", "FORK_JOIN",
                          R"(,"forkTasks":[[)" + task("a", "SIMPLE") + "],[" + task("b", "SIMPLE") +
                              "]]") +
                     "," + task("j", "JOIN", R"(,"joinOn":["a"])") + "]"),
            "  t1{{\"f<br/>FORK\"}}\n"
            "  t2[\"a\"]\n"
            "  t3[\"b\"]\n"
            "  t4{{\"j<br/>JOIN\"}}\n"
            "  finish([\"end\"])\n"
            "  begin --> t1\n"
            "  t1 --> t2\n"
            "  t1 --> t3\n"
            "  t2 --> t4\n"
            "  t3 -.->|\"not awaited\"| t4\n"
            "  t4 --> finish\n");
}

TEST(FlowChart, DrawsWhatAJoinWaitsForInsideABranch) {
  const std::string carrier =
      task("carrier", "SWITCH",
           R"(,"evaluatorType":"value-param","expression":"x","decisionCases":{"air":[)" +
               task("flight", "SIMPLE") + R"(]},"defaultCase":[)" + task("truck", "SIMPLE") + "]");
  const auto joined_on = [&](const std::string& references) {
    return chart_of(
        "[" +
        task("f", "FORK_JOIN",
             R"(,"forkTasks":[[)" + task("invoice", "SIMPLE") + "],[" + carrier + "]]") +
        "," + task("both", "JOIN", R"(,"joinOn":[)" + references + "]") + "]");
  };
  const std::string inside = joined_on(R"("invoice","flight")");
  EXPECT_THAT(inside, HasSubstr("  t2 --> t6\n"));                    // invoice
  EXPECT_THAT(inside, HasSubstr("  t4 --> t6\n"));                    // flight
  EXPECT_THAT(inside, HasSubstr("  t5 -.->|\"not awaited\"| t6\n"));  // truck
  const std::string choice = joined_on(R"("invoice","carrier")");
  EXPECT_THAT(choice, HasSubstr("  t4 -.->|\"not awaited\"| t6\n"));
  EXPECT_THAT(choice, HasSubstr("  t5 -.->|\"not awaited\"| t6\n"));
  EXPECT_THAT(choice, HasSubstr("  t3 -->|\"awaited\"| t6\n"));  // the choice alone
}

TEST(FlowChart, DrawsADynamicFork) {
  const std::string chart =
      chart_of("[" +
               task("f", "FORK_JOIN_DYNAMIC",
                    R"(,"dynamicForkTasksParam":"t","dynamicForkTasksInputParamName":"i")") +
               "," + task("j", "JOIN") + "]");
  EXPECT_THAT(chart, HasSubstr("  t1{{\"f<br/>one branch for each\"}}\n"));
  EXPECT_THAT(chart, HasSubstr("  t1 -->|\"each\"| t2\n"));
}

// Arrows into the loop stand behind the frame, or the nodes at their other ends would be drawn
// inside it.
TEST(FlowChart, DrawsALoopAsAFrameWithAWayBack) {
  EXPECT_EQ(chart_of("[" + task("a", "SIMPLE") + "," +
                     task("l", "DO_WHILE",
                          R"(,"loopCondition":"false","loopOver":[)" + task("b", "SIMPLE") + "]") +
                     "]"),
            "  t1[\"a\"]\n"
            "  subgraph loop1[\"l<br/>DO_WHILE\"]\n"
            "    t2[\"b\"]\n"
            "    t3{\"loop condition?\"}\n"
            "  end\n"
            "  finish([\"end\"])\n"
            "  begin --> t1\n"
            "  t1 --> t2\n"
            "  t2 --> t3\n"
            "  t3 -->|\"again\"| t2\n"
            "  t3 -->|\"done\"| finish\n");
}

TEST(FlowChart, DrawsASubWorkflowWithItsName) {
  EXPECT_THAT(
      chart_of("[" + task("s", "SUB_WORKFLOW", R"(,"subWorkflowParam":{"name":"child"})") + "]"),
      HasSubstr("  t1[[\"s<br/>child\"]]\n"));
}

TEST(FlowChart, EndsAtATerminateTask) {
  const std::string chart = chart_of(
      "[" + task("t", "TERMINATE", R"(,"inputParameters":{"terminationStatus":"FAILED"})") + "]");
  EXPECT_THAT(chart, HasSubstr("  t1([\"t<br/>ends as FAILED\"])\n"));
  EXPECT_THAT(chart, Not(HasSubstr("finish")));
}

TEST(FlowChart, TellsWhoTakesPartByTheShape) {
  for (const auto& [type, more, shape] :
       {std::tuple{"WAIT", "", "[/\"x<br/>WAIT\"\\]"},
        {"HUMAN", "", "[/\"x<br/>HUMAN\"\\]"},
        {"HTTP", "", "[/\"x<br/>HTTP\"/]"},
        {"EVENT", R"(,"sink":"conductor")", "[/\"x<br/>EVENT\"/]"},
        {"START_WORKFLOW", "", "[/\"x<br/>START_WORKFLOW\"/]"},
        {"DYNAMIC", R"(,"dynamicTaskNameParam":"n")", "(\"x<br/>DYNAMIC\")"},
        {"EXCLUSIVE_JOIN", "", "{{\"x<br/>EXCLUSIVE_JOIN\"}}"},
        {"DECISION",
         R"(,"caseValueParam":"c","decisionCases":{"a":[{"name":"a","taskReferenceName":"a"}]})",
         "{\"x\"}"},
        {"SET_VARIABLE", "", "(\"x<br/>SET_VARIABLE\")"},
        {"INLINE", "", "(\"x<br/>INLINE\")"},
        {"LAMBDA", "", "(\"x<br/>LAMBDA\")"},
        {"JSON_JQ_TRANSFORM", "", "(\"x<br/>JSON_JQ_TRANSFORM\")"},
        {"NOOP", "", "(\"x<br/>NOOP\")"}}) {
    EXPECT_THAT(chart_of("[" + task("x", type, more) + "]"),
                HasSubstr("  t1" + std::string(shape) + "\n"))
        << type;
  }
}

TEST(FlowChart, KeepsTextsFromBecomingSyntax) {
  EXPECT_THAT(chart_of(R"([{"name":"n","taskReferenceName":"a\"]; #<b>`","type":"SIMPLE"}])"),
              HasSubstr("  t1[\"a#quot;]; #35;#lt;b#gt;#96;<br/>n\"]\n"));
}

}  // namespace
}  // namespace soundcheck::conductor
