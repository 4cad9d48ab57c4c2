#include "models/orchestrator/decider/definition_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace soundcheck::conductor {
namespace {

std::vector<std::string> problems_in(std::string_view text) {
  std::vector<std::string> texts;
  for (const DefinitionProblem& problem : read_workflow_definition(text).problems)
    texts.push_back(to_text(problem));
  return texts;
}

TEST(DefinitionReader, GivesConductorsDefaults) {
  const auto workflow = read_workflow_definition(
      R"({"name": "w", "tasks": [{"name": "t", "taskReferenceName": "r"}]})");
  ASSERT_TRUE(workflow.ok());
  EXPECT_EQ(workflow.value.version, 1);
  EXPECT_TRUE(workflow.value.restartable);
  EXPECT_EQ(workflow.value.timeout_policy, TimeoutPolicy::kAlertOnly);
  EXPECT_EQ(workflow.value.tasks.front().type, TaskType::kSimple);
  const auto task = read_task_definition(Json::parse(R"({"name": "t"})"));
  ASSERT_TRUE(task.ok());
  EXPECT_EQ(task.value.retry_count, 3);
  EXPECT_EQ(task.value.retry_delay_seconds, 60);
  EXPECT_EQ(task.value.response_timeout_seconds, 3600);
  EXPECT_EQ(task.value.timeout_policy, TimeoutPolicy::kTimeOutWorkflow);
  EXPECT_EQ(task.value.retry_logic, RetryLogic::kFixed);
  EXPECT_FALSE(task.value.poll_timeout_seconds);
}

TEST(DefinitionReader, WarnsOfAnIgnoredFieldWithItsPlaceAndWhatWasMeant) {
  EXPECT_EQ(problems_in("{\"name\": \"w\",\n \"tasks\": [\n  {\"name\": \"t\", "
                        "\"taskReferenceName\": \"r\", \"retryCuont\": 2}]}"),
            std::vector<std::string>{
                "3:43: tasks[0].retryCuont: warning: ignored, Conductor knows no such field; did "
                "you mean 'retryCount'?"});
}

TEST(DefinitionReader, TakesAMisspeltFieldThatIsNeededForOneMistake) {
  EXPECT_EQ(problems_in("{\"name\": \"w\",\n \"tasks\": [\n  {\"name\": \"t\", "
                        "\"taskReferenceNme\": \"r\"}]}"),
            std::vector<std::string>{
                "3:17: tasks[0].taskReferenceNme: Conductor knows no such field, and one that it "
                "needs is missing; did you mean 'taskReferenceName'?"});
}

TEST(DefinitionReader, ReportsAllMistakesAtOnce) {
  const auto texts = problems_in(R"({"name": "w", "timeoutPolicy": "TIME_OUT", "version": 0,
 "tasks": [{"name": 5, "taskReferenceName": "r", "optional": "yes"}]})");
  const auto times = [&](std::string_view part) {
    return std::ranges::count_if(
        texts, [&](const std::string& text) { return text.find(part) != std::string::npos; });
  };
  EXPECT_EQ(texts.size(), 5u);
  EXPECT_EQ(times("true or false is needed here"), 1);
  EXPECT_EQ(times("timeoutPolicy: 'TIME_OUT' is none of ALERT_ONLY, TIME_OUT_WF"), 1);
  EXPECT_EQ(times("1:44: version: must be 1 or more, not 0"), 1);
  EXPECT_EQ(times("2:13: tasks[0].name: a text is needed here, not 5"), 1);
}

TEST(DefinitionReader, SaysWhereTextStopsBeingJson) {
  const auto texts = problems_in("{\"name\": \"w\",\n  \"tasks\": [}");
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_TRUE(texts[0].starts_with("2:13: this is no JSON")) << texts[0];
}

TEST(DefinitionReader, WarnsOfWhatIsNotSimulated) {
  const auto read = read_workflow_definition(
      R"({"name": "w", "cacheConfig": {"ttl": 1}, "maskedFields": [],
          "tasks": [{"name": "t", "taskReferenceName": "r"}]})");
  EXPECT_TRUE(read.ok());
  ASSERT_EQ(read.problems.size(), 1u);
  EXPECT_TRUE(read.problems[0].warning);
  EXPECT_EQ(read.problems[0].path, "cacheConfig");
}

// IdempotencyStrategy and RateLimitConfig have no reader in conductor-oss (findings/).
TEST(DefinitionReader, WarnsOfWhatConductorReadsAndDoesNotDo) {
  const auto texts = problems_in(
      R"({"name": "w", "rateLimitConfig": {"rateLimitKey": "k", "concurrentExecLimit": 1},
          "tasks": [{"name": "t", "taskReferenceName": "r", "type": "SUB_WORKFLOW",
                     "subWorkflowParam": {"name": "c", "version": 1, "idempotencyKey": "k"}}]})");
  ASSERT_EQ(texts.size(), 2u);
  for (const std::string& text : texts)
    EXPECT_NE(text.find("warning: ignored: conductor-oss"), std::string::npos) << text;
}

TEST(DefinitionReader, FindsWhatConductorWouldRefuseOrNeverFinish) {
  const auto texts = problems_in(R"({"name": "w!", "tasks": [
    {"name": "a", "taskReferenceName": "a"}, {"name": "b", "taskReferenceName": "a"},
    {"name": "f", "taskReferenceName": "f", "type": "FORK_JOIN", "forkTasks": [[]]},
    {"name": "s", "taskReferenceName": "s", "type": "SWITCH", "evaluatorType": "javascrpt",
     "expression": "x"},
    {"name": "l", "taskReferenceName": "l", "type": "DO_WHILE", "loopCondition": "false",
     "loopOver": [
      {"name": "m", "taskReferenceName": "m", "type": "DO_WHILE", "loopCondition": "false",
       "loopOver": [
        {"name": "n", "taskReferenceName": "n",
         "inputParameters": {"x": "${aa.output.y}"}}]}]}]})");
  const auto has = [&](const std::string& part) {
    return std::ranges::any_of(
        texts, [&](const std::string& text) { return text.find(part) != std::string::npos; });
  };
  EXPECT_TRUE(has("name: warning: only letters, digits, spaces"));
  EXPECT_TRUE(has("tasks[1].taskReferenceName: 'a' is already the reference of tasks[0]"));
  EXPECT_TRUE(has("tasks[2]: a JOIN task must follow directly after 'f'"));
  EXPECT_TRUE(has("tasks[2].forkTasks[0]: a branch needs at least one task"));
  EXPECT_TRUE(
      has("tasks[3].evaluatorType: 'javascrpt' is none of value-param, javascript, graaljs; did "
          "you mean 'javascript'?"));
  EXPECT_TRUE(has("tasks[4].loopOver[0]: Conductor does not support a DO_WHILE inside a DO_WHILE"));
  EXPECT_TRUE(has(
      "warning: the expression names 'aa', which is no task of this workflow; did you mean 'a'?"));
}

// Each is what WorkflowTaskTypeConstraint refuses; what it takes beside it is taken.
TEST(DefinitionReader, RefusesTasksThatConductorRefusesToRegister) {
  const auto task = [](const std::string& fields) {
    return R"({"name": "w", "tasks": [{"name": "t", "taskReferenceName": "r", )" + fields + "}]}";
  };
  const auto refused = [&](const std::string& fields, const std::string& part) {
    const auto texts = problems_in(task(fields));
    EXPECT_TRUE(std::ranges::any_of(texts, [&](const std::string& text) {
      return !text.starts_with("warning") && text.find(part) != std::string::npos;
    })) << fields;
  };
  const auto taken = [&](const std::string& fields) {
    EXPECT_TRUE(read_workflow_definition(task(fields)).ok()) << fields;
  };
  const std::string cases = R"("decisionCases": {"a": [{"name": "a", "taskReferenceName": "a"}]})";
  refused(R"("type": "WAIT", "inputParameters": {"duration": "5s", "until": "2026-01-01"})",
          "not both");
  refused(R"("type": "WAIT", "inputParameters": {"duration": "${a}", "until": "${b}"})",
          "not both");
  refused(R"("type": "WAIT", "inputParameters": {"duration": "soon"})", "'soon' is no duration");
  refused(R"("type": "WAIT", "inputParameters": {"until": "soon"})", "'soon' is no date");
  taken(R"("type": "WAIT", "inputParameters": {"duration": "2 days 1h"})");
  taken(R"("type": "WAIT", "inputParameters": {"duration": "${workflow.input.x}"})");
  taken(R"("type": "WAIT", "inputParameters": {"until": "2024-04-30 15:20 GMT+04:00"})");
  taken(R"("type": "WAIT")");
  refused(R"("type": "SWITCH", "evaluatorType": "value-param", "expression": "x")",
          "at least one case");
  refused(R"("type": "SWITCH", "evaluatorType": "value-param", )" + cases, "an 'expression'");
  taken(R"("type": "SWITCH", "evaluatorType": "value-param", "expression": "x", )" + cases);
  refused(R"("type": "DECISION", "caseValueParam": "x")", "at least one case");
  taken(R"("type": "DECISION", "caseValueParam": "x", )" + cases);
  refused(R"("type": "TERMINATE")", "needs 'terminationStatus'");
  refused(R"("type": "TERMINATE", "inputParameters": {"terminationStatus": "DONE"})",
          "'DONE' is none of");
  refused(R"("type": "TERMINATE", "inputParameters": {"terminationStatus": "${workflow.input.s}"})",
          "no expression");
  taken(R"("type": "TERMINATE", "inputParameters": {"terminationStatus": "TERMINATED"})");
  const std::string loop = R"("type": "DO_WHILE", "loopOver": [{"name": "a",
    "taskReferenceName": "a"}])";
  refused(loop, "needs a 'loopCondition'");
  refused(loop + R"(, "items": "${workflow.input.list}")", "needs a 'loopCondition'");
  taken(loop + R"(, "items": "${workflow.input.list}", "loopCondition": "")");
  taken(loop + R"(, "loopCondition": "")");
  // TaskReferenceNameUniqueConstraint: tasks that inputs at the top level name must be there.
  refused(R"("inputParameters": {"x": ["at ${nobody.output.y}"]})", "names 'nobody'");
  taken(R"("inputParameters": {"x": "$${nobody.output.y}"})");
}

// TaskTimeoutConstraint, over what is left to its default too; a definition inside a task is not
// checked (tried on conductor-server 3.32.3).
TEST(DefinitionReader, RefusesTimeoutsThatConductorRefusesToRegister) {
  const auto problem = [](const char* text) {
    const auto read = read_task_definition(Json::parse(text));
    return read.ok() ? std::string() : to_text(read.problems.front());
  };
  EXPECT_EQ(problem(R"({"name": "t", "timeoutSeconds": 60})"),
            "timeoutSeconds: responseTimeoutSeconds, by default an hour, is longer than "
            "timeoutSeconds: 3600 > 60");
  EXPECT_EQ(problem(R"({"name": "t", "timeoutSeconds": 60, "responseTimeoutSeconds": 61})"),
            "responseTimeoutSeconds: is longer than timeoutSeconds: 61 > 60");
  EXPECT_EQ(problem(R"({"name": "t", "timeoutSeconds": 60, "responseTimeoutSeconds": 60})"), "");
  EXPECT_EQ(problem(R"({"name": "t", "timeoutSeconds": 60, "responseTimeoutSeconds": 5,
                        "totalTimeoutSeconds": 30})"),
            "timeoutSeconds: is longer than totalTimeoutSeconds: 60 > 30");
  EXPECT_TRUE(read_workflow_definition(R"({"name": "w", "tasks": [{"name": "t",
    "taskReferenceName": "r", "taskDefinition": {"timeoutSeconds": 60}}]})")
                  .ok());
}

TEST(DefinitionReader, TakesAnUnknownTypeForAWorkerTaskButAsks) {
  const auto read = read_workflow_definition(
      R"({"name": "w", "tasks": [{"name": "t", "taskReferenceName": "r", "type": "SIMPEL"}]})");
  EXPECT_TRUE(read.ok());
  EXPECT_EQ(read.value.tasks[0].type, TaskType::kUserDefined);
  EXPECT_NE(to_text(read.problems[0]).find("did you mean 'SIMPLE'?"), std::string::npos);
}

}  // namespace
}  // namespace soundcheck::conductor
