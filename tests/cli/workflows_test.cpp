// Users' workflows, end to end: what scripted workers do, and what the report says of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

using testing::HasSubstr;

// Two steps; one order at 1 s, and no more.
const std::string kWorkflow = R"({ "name": "order", "failureWorkflow": "undo", "tasks": [
  { "name": "pay_task", "taskReferenceName": "pay", "type": "SIMPLE" },
  { "name": "ship", "taskReferenceName": "ship", "type": "SIMPLE" } ] })";
const std::string kScenario = R"(soundcheck: 1
architecture: own
fidelity: direct
duration: 4s
workflows:
  - order.json
  - { name: undo, tasks: [ { name: refund, taskReferenceName: refund, type: SIMPLE } ] }
workload: [ { arrivals: every 3s, workflow: order, input: { item: cup } } ]
)";

Json run_with(const std::string& more, const std::vector<std::string>& words = {}) {
  const Workplace workplace;
  workplace.write("order.json", kWorkflow);
  workplace.write("s.yaml", kScenario + more);
  std::vector<std::string> line{"run", "s.yaml", "--json"};
  line.insert(line.end(), words.begin(), words.end());
  const ProgramRun run = workplace.run(line);
  EXPECT_NE(run.exit_code, 65) << run.errors;
  EXPECT_NE(run.exit_code, 70) << run.errors;
  return run.json();
}

Json execution_of(const Json& report, const std::string& workflow) {
  for (const Json& one : report["workflows"]) {
    if (one["workflow"] == workflow) return one;
  }
  return Json();
}
Json work_on(const Json& report, const std::string& task) {
  for (const Json& one : report["task_work"]) {
    if (one["task"] == task) return one;
  }
  return Json();
}

TEST(Workflows, PlayTheNextEntryWithEachAttemptAndRepeatTheLast) {
  const Json report = run_with(R"(
tasks: [ { name: pay_task, retryCount: 3, retryDelaySeconds: 1 } ]
workers:
  pay: [ { status: FAILED }, { status: FAILED }, { time: 2s } ]
  ship: [ { time: 100ms } ]
  refund: [ { time: 1ms } ]
)");
  EXPECT_EQ(work_on(report, "pay")["executions"], 3);
  EXPECT_EQ(execution_of(report, "order")["COMPLETED"], 1);
  EXPECT_EQ(report["sagas"]["outcomes"]["completed"], 1);
  // Three attempts of 0.1, 0.1 and 2 s, two delays of 1 s, 0.1 s of shipping, and the overhead.
  EXPECT_NEAR(execution_of(report, "order")["longest_ms"].get<double>(), 4300, 300);
}

TEST(Workflows, AreCompensatedWhenTheirFailureWorkflowUndoesWhatWasDone) {
  const Json report = run_with(R"(
sagas: { order: { pay: { undo: refund } } }
workers:
  pay_task: [ { time: 10ms } ]
  order.ship: [ { status: FAILED_WITH_TERMINAL_ERROR, reason: no such street } ]
  refund: [ { time: 10ms } ]
)");
  EXPECT_EQ(work_on(report, "ship")["executions"], 1);
  EXPECT_EQ(execution_of(report, "order")["FAILED"], 1);
  EXPECT_EQ(execution_of(report, "undo")["COMPLETED"], 1);
  EXPECT_EQ(report["sagas"]["outcomes"]["compensated"], 1);
}

TEST(Workflows, ThatAreCancelledAfterAStepAreNotUndone) {
  const std::string workers = R"(
sagas: { order: { pay: { undo: refund }, ship: { role: none } } }
workers: { pay: [ { time: 10ms } ], ship: [ { time: 20s } ], refund: [ { } ] }
)";
  const Json report = run_with(workers, {"--set", "workload.0.cancel={after: 5s}"});
  EXPECT_EQ(execution_of(report, "order")["TERMINATED"], 1);
  EXPECT_TRUE(execution_of(report, "undo").is_null());
  EXPECT_EQ(report["sagas"]["outcomes"]["not-undone"], 1);
  // The worker goes on when its workflow is cancelled: whether it has paid is known when it is
  // done.
  const Json early = run_with(R"(
workers: { pay: [ { time: 20s, status: FAILED } ], ship: [ { time: 1s } ], refund: [ { } ] }
)",
                              {"--set", "workload.0.cancel={after: 5s}"});
  EXPECT_EQ(early["sagas"]["outcomes"]["failed-cleanly"], 1);
}

// The order waits; its event makes a workflow of its own, whose event completes the wait.
TEST(Workflows, GoOnWhenEventHandlersStartAndCompleteWhatTheyWaitFor) {
  const Workplace workplace;
  workplace.write("handlers.json", R"([
  { "name": "begin", "event": "conductor:order:tell", "active": true, "actions": [
    { "action": "start_workflow", "start_workflow": { "name": "pick",
      "input": { "order": "${workflowInstanceId}" } } } ] },
  { "name": "end", "event": "conductor:pick:done", "active": true, "actions": [
    { "action": "complete_task", "complete_task": { "workflowId": "${order}",
      "taskRefName": "picked", "output": { "shelf": 7 } } } ] } ])");
  workplace.write("s.yaml", R"(soundcheck: 1
architecture: own
fidelity: direct
duration: 4s
workflows:
  - name: order
    tasks:
      - { name: tell, taskReferenceName: tell, type: EVENT, sink: conductor }
      - { name: picked, taskReferenceName: picked, type: WAIT }
      - { name: ship, taskReferenceName: ship, type: SIMPLE }
  - name: pick
    tasks:
      - { name: fetch, taskReferenceName: fetch, type: SIMPLE }
      - { name: done, taskReferenceName: done, type: EVENT, sink: conductor,
          inputParameters: { order: "${workflow.input.order}" } }
event-handlers: [ handlers.json ]
workers: { fetch: [ { time: 2s } ], ship: [ { time: 1s } ] }
workload: [ { arrivals: every 3s, workflow: order } ]
)");
  const ProgramRun run = workplace.run({"run", "s.yaml", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  const Json report = run.json();
  EXPECT_EQ(execution_of(report, "order")["COMPLETED"], 1);
  EXPECT_EQ(execution_of(report, "pick")["COMPLETED"], 1);
  // 2 s of fetching and 1 s of shipping, and the overhead.
  EXPECT_NEAR(execution_of(report, "order")["longest_ms"].get<double>(), 3100, 300);
}

TEST(Workflows, ComeBackFromTheQueueAfterInProgress) {
  const Json report = run_with(R"(
workers:
  pay: [ { status: IN_PROGRESS, callback_after: 5s, time: 10ms }, { time: 10ms } ]
  ship: [ { time: 10ms } ]
  refund: [ { } ]
)");
  EXPECT_EQ(work_on(report, "pay")["executions"], 2);
  EXPECT_EQ(work_on(report, "pay")["repeated"], 0);
  EXPECT_NEAR(execution_of(report, "order")["longest_ms"].get<double>(), 5100, 300);
}

TEST(Workflows, SurviveTheCrashOfAWorkerByTheResponseTimeout) {
  const Json report = run_with(R"(
tasks: [ { name: pay_task, retryCount: 1, retryDelaySeconds: 1, responseTimeoutSeconds: 8 } ]
workers: { pay: [ { time: 2s } ], ship: [ { time: 10ms } ], refund: [ { } ] }
faults:
  - { at: 3500ms, kind: process.crash, target: { service: workers, replica: all }, restart: 1s }
)");
  // The first worker died before it was done: one execution, begun after timeout and delay.
  EXPECT_EQ(work_on(report, "pay")["executions"], 1);
  EXPECT_EQ(execution_of(report, "order")["COMPLETED"], 1);
  EXPECT_GT(execution_of(report, "order")["longest_ms"].get<double>(), 8000 + 1000 + 2000);
}

TEST(Workflows, AreKeptInTheRunFolderAsTheyWere) {
  const Workplace workplace;
  workplace.write("order.json", kWorkflow);
  workplace.write("s.yaml", kScenario + "workers: { pay: [ {} ], ship: [ {} ], refund: [ {} ] }\n");
  const ProgramRun first = workplace.run({"run", "s.yaml", "-o", "first"});
  EXPECT_EQ(first.exit_code, 0) << first.output << first.errors;
  const ProgramRun again = workplace.run({"run", "first/scenario.yaml", "-o", "again"});
  EXPECT_EQ(again.exit_code, 0) << again.errors;
  EXPECT_EQ(workplace.read("first/run.json"), workplace.read("again/run.json"));
}

TEST(Workflows, NeedAWorkerForEachTask) {
  const Workplace workplace;
  workplace.write("order.json", kWorkflow);
  workplace.write("s.yaml", kScenario + "workers: { pay: [ {} ], refund: [ {} ] }\n");
  const ProgramRun run = workplace.run({"run", "s.yaml"});
  EXPECT_EQ(run.exit_code, 65);
  EXPECT_THAT(run.errors, HasSubstr("order.json:3:42: error[E020]"));
  EXPECT_THAT(run.errors, HasSubstr("nobody works on 'ship'"));
}

}  // namespace
}  // namespace soundcheck::test
