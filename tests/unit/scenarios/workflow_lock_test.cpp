// Two orchestrators without a lock, as Conductor runs without
// conductor.workflow-execution-lock.type (NoopLock): Netflix/conductor#1752, #3491.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/scenarios/effects_fixture.hpp"

namespace soundcheck {
namespace {

// Workflows whose two branches end at about the same time: two results reach two servers, and both
// may decide before the other one has written.
RunReport two_branches(const std::string& lock, const std::string& status,
                       const std::string& script = "true") {
  return test::report_of(fmt::format(
      "duration: 20s\n"
      "services: {{ orchestrator: {{ replicas: 2, lock: {} }} }}\n"
      "workflows:\n"
      "  - name: order\n    version: 1\n    schemaVersion: 2\n    failureWorkflow: undo\n"
      "    tasks:\n"
      "      - {{ name: fork, taskReferenceName: fork, type: FORK_JOIN, forkTasks: [\n"
      "          [ {{ name: pay, taskReferenceName: pay, type: SIMPLE }},\n"
      "            {{ name: look, taskReferenceName: look, type: INLINE, inputParameters: {{\n"
      "              evaluatorType: javascript, expression: '{}' }} }} ],\n"
      "          [ {{ name: pack, taskReferenceName: pack, type: SIMPLE }},\n"
      "            {{ name: send, taskReferenceName: send, type: SIMPLE }} ] ] }}\n"
      "      - {{ name: join, taskReferenceName: join, type: JOIN, joinOn: [ look, send ] }}\n"
      "  - {{ name: undo, version: 1, schemaVersion: 2,\n"
      "      tasks: [ {{ name: refund, taskReferenceName: refund, type: SIMPLE }} ] }}\n"
      "sagas: {{ order: {{ pay: {{ undo: refund }}, pack: {{ role: none }}, send: {{ role: none }} "
      "}} }}\n"
      "tasks: [ {{ name: pay, retryCount: 0 }}, {{ name: pack, retryCount: 0 }} ]\n"
      "workers:\n"
      "  pay: [ {{ status: {}, time: 'uniform(100ms, 103ms)' }} ]\n"
      "  pack: [ {{ status: {}, time: 'uniform(100ms, 103ms)' }} ]\n"
      "  send: [ {{ time: 100ms }} ]\n"
      "  refund: [ {{ time: 100ms }} ]\n"
      "workload: [ {{ arrivals: every 1s, workflow: order }} ]\n"
      "expect: {{ may-fail: true }}\n",
      lock, script, status, status));
}

const ExecutionReport& executions_of(const RunReport& report, const std::string& workflow) {
  return *std::ranges::find(report.executions, workflow, &ExecutionReport::workflow);
}

bool is_violated(const RunReport& report, const std::string& id) {
  return test::violated(report).contains(id);
}

TEST(WorkflowLock, WithItAFailureIsCompensatedOnce) {
  const RunReport report = two_branches("database", "FAILED");
  EXPECT_EQ(executions_of(report, "order").failed, 20U);
  EXPECT_EQ(executions_of(report, "undo").started, 20U);
  EXPECT_FALSE(is_violated(report, "E2"));
}

TEST(WorkflowLock, WithoutItAFailureMayBeCompensatedTwice) {
  const RunReport report = two_branches("none", "FAILED");
  const ExecutionReport& order = executions_of(report, "order");
  EXPECT_EQ(order.started, 20U);
  EXPECT_EQ(order.failed, 20U);  // each ends once, whoever has ended it
  EXPECT_GT(executions_of(report, "undo").started, 20U);
  EXPECT_TRUE(is_violated(report, "E2"));
}

// What decisions that overlap create twice is created once: Conductor's stores know one row for
// each reference and attempt. So no worker gets a task twice.
TEST(WorkflowLock, WithoutItNoAttemptIsMadeTwice) {
  const RunReport report = two_branches("none", "COMPLETED");
  EXPECT_EQ(executions_of(report, "order").completed, 20U);
  for (const TaskWorkReport& work : report.task_work) {
    EXPECT_EQ(work.executions, 20U) << work.task;
    EXPECT_EQ(work.repeated, 0U) << work.task;
  }
}

}  // namespace
}  // namespace soundcheck
