// What an operator asks of workflows, and HTTP tasks: a workflow that operates another one through
// the orchestrator's own API.
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

const std::string kOrder = R"({ "name": "order", "tasks": [
  { "name": "pay", "taskReferenceName": "pay", "type": "SIMPLE" },
  { "name": "ship", "taskReferenceName": "ship", "type": "SIMPLE" } ] })";

// Starts an order, then makes the calls given, each a pair of method and the rest of the path.
std::string operator_with(const std::vector<std::pair<std::string, std::string>>& calls) {
  Json tasks = Json::array();
  tasks.push_back({{"name", "start"},
                   {"taskReferenceName", "start"},
                   {"type", "START_WORKFLOW"},
                   {"inputParameters", {{"startWorkflow", {{"name", "order"}}}}}});
  for (const auto& [method, path] : calls) {
    const std::string reference = "call_" + std::to_string(tasks.size());
    if (method == "WAIT") {
      tasks.push_back({{"name", reference},
                       {"taskReferenceName", reference},
                       {"type", "WAIT"},
                       {"inputParameters", {{"duration", path}}}});
      continue;
    }
    const std::string uri = "http://orchestrator/api/workflow/${start.output.workflowId}" + path;
    tasks.push_back({{"name", reference},
                     {"taskReferenceName", reference},
                     {"type", "HTTP"},
                     {"inputParameters", {{"http_request", {{"uri", uri}, {"method", method}}}}}});
  }
  return Json({{"name", "operator"}, {"tasks", tasks}}).dump();
}

Json executions_with(const std::vector<std::pair<std::string, std::string>>& calls,
                     const std::string& workers) {
  const Workplace workplace;
  workplace.write("order.json", kOrder);
  workplace.write("operator.json", operator_with(calls));
  workplace.write("s.yaml", R"(soundcheck: 1
architecture: own
fidelity: direct
duration: 4s
workflows: [ order.json, operator.json ]
workload: [ { arrivals: every 3s, workflow: operator } ]
)" + workers);
  const ProgramRun run = workplace.run({"run", "s.yaml", "--json"});
  EXPECT_NE(run.exit_code, 65) << run.errors;
  EXPECT_NE(run.exit_code, 70) << run.errors;
  Json result;
  const Json report = run.json();
  for (const Json& one : report["workflows"]) result[one["workflow"].get<std::string>()] = one;
  return result;
}

const std::string kQuick = "workers: { pay: [ { time: 1s } ], ship: [ { time: 100ms } ] }\n";

TEST(Operations, APausedWorkflowWaitsUntilItIsResumed) {
  const Json executions =
      executions_with({{"PUT", "/pause"}, {"WAIT", "20 seconds"}, {"PUT", "/resume"}}, kQuick);
  EXPECT_EQ(executions["operator"]["COMPLETED"], 1) << executions;
  EXPECT_EQ(executions["order"]["COMPLETED"], 1) << executions;
  EXPECT_GE(executions["order"]["longest_ms"], 20'000) << executions;
}

TEST(Operations, WhatTheStatusDoesNotAllowFailsTheHttpTask) {
  const Json executions = executions_with({{"PUT", "/resume"}}, kQuick);
  EXPECT_EQ(executions["operator"]["FAILED"], 1) << executions;
  EXPECT_EQ(executions["order"]["COMPLETED"], 1) << executions;
}

TEST(Operations, APathThatNobodyServesFailsTheHttpTask) {
  const Json executions = executions_with({{"PUT", "/nothing"}}, kQuick);
  EXPECT_EQ(executions["operator"]["FAILED"], 1) << executions;
}

TEST(Operations, ATerminatedWorkflowCanBeRestarted) {
  const Json executions =
      executions_with({{"DELETE", ""}, {"WAIT", "2 seconds"}, {"POST", "/restart"}}, kQuick);
  EXPECT_EQ(executions["operator"]["COMPLETED"], 1) << executions;
  EXPECT_EQ(executions["order"]["COMPLETED"], 1) << executions;
}

TEST(Operations, AFailedWorkflowGoesOnWhenItIsRetried) {
  const Json executions = executions_with(
      {{"WAIT", "5 seconds"}, {"POST", "/retry"}},
      "workers: { pay: [ { status: FAILED_WITH_TERMINAL_ERROR }, { time: 1s } ], ship: [ { time: "
      "100ms } ] }\n");
  EXPECT_EQ(executions["operator"]["COMPLETED"], 1) << executions;
  EXPECT_EQ(executions["order"]["COMPLETED"], 1) << executions;
}

TEST(Operations, ASkippedTaskIsNotWorkedOn) {
  const Json executions = executions_with(
      {{"PUT", "/skiptask/ship"}}, "workers: { pay: [ { time: 1s } ], ship: [ { time: 1h } ] }\n");
  EXPECT_EQ(executions["operator"]["COMPLETED"], 1) << executions;
  EXPECT_EQ(executions["order"]["COMPLETED"], 1) << executions;
  EXPECT_LT(executions["order"]["longest_ms"], 60'000) << executions;  // not the hour of its work
}

TEST(Operations, AWorkflowCanBeRerunFromTheBeginning) {
  const Json executions = executions_with({{"WAIT", "10 seconds"}, {"POST", "/rerun"}}, kQuick);
  EXPECT_EQ(executions["operator"]["COMPLETED"], 1) << executions;
  EXPECT_EQ(executions["order"]["COMPLETED"], 2) << executions;  // it has ended twice
}

}  // namespace
}  // namespace soundcheck::test
