// People who end tasks that wait for them. The situation: Netflix/conductor#1606.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

using testing::HasSubstr;

Checked<Scenario> loaded_people(const std::string& text) {
  const std::filesystem::path path = test::own_file();
  std::ofstream(path) << "soundcheck: 1\narchitecture: own\nfidelity: direct\nduration: 20s\n"
                      << text;
  return load_scenario(path, {}, reference_catalogue());
}

RunReport report_of_people(const std::string& text) {
  const auto scenario = loaded_people(text);
  if (!scenario) throw std::runtime_error(scenario.diagnostics.text());
  Run run(*scenario, {.seed = 3});
  run.execute();
  return run.report();
}

// Four workflows, one every 5 s, whose tasks and workers are these.
std::string four(const std::string& tasks, const std::string& workers,
                 const std::string& more = {}) {
  return fmt::format(
      "workflows:\n"
      "  - {{ name: flow, version: 1, schemaVersion: 2{},\n      tasks: [ {} ] }}\n"
      "workers: {{ {} }}\n"
      "workload: [ {{ arrivals: every 5s, workflow: flow }} ]\n"
      "expect: {{ may-fail: true }}\n",
      more, tasks, workers);
}

constexpr const char* kApproval =
    "{ name: approval, taskReferenceName: approval, type: HUMAN }, "
    "{ name: carry_out, taskReferenceName: carry_out, type: SIMPLE }";

std::uint64_t completed(const RunReport& report) {
  return report.sagas_in(SagaOutcome::kCompleted);
}

TEST(People, ApproveAfterAWhile) {
  const RunReport report =
      report_of_people(four(kApproval,
                            "approval: [ { time: exponential(2m), output: { approved: true } } "
                            "], carry_out: [ {} ]"));
  EXPECT_EQ(completed(report), 4U);
  EXPECT_TRUE(report.facts.came_to_rest);
}

// A WAIT without a time is ended from outside, too.
TEST(People, SendSignals) {
  const RunReport report =
      report_of_people(four("{ name: paid, taskReferenceName: paid, type: WAIT }, "
                            "{ name: carry_out, taskReferenceName: carry_out, type: SIMPLE }",
                            "paid: [ { time: 2m } ], carry_out: [ { time: 1s } ]"));
  EXPECT_EQ(completed(report), 4U);
  ASSERT_FALSE(report.facts.ended < Time::at(2_min));
}

TEST(People, RefuseWithAReason) {
  const RunReport report = report_of_people(
      four(kApproval,
           "approval: [ { status: FAILED_WITH_TERMINAL_ERROR, reason: too dear, time: 1m } ], "
           "carry_out: [ {} ]"));
  EXPECT_EQ(completed(report), 0U);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kFailedCleanly), 4U);
}

// A workflow that waits for a person for ever is right to.
TEST(People, WhoNeverDoItLeaveTheWorkflowWaiting) {
  const RunReport report =
      report_of_people(four(kApproval, "approval: [ { chance: 0% } ], carry_out: [ {} ]"));
  EXPECT_EQ(completed(report), 0U);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kNeedsHuman), 4U);
  EXPECT_NE(report.exit_code, ExitCode::kUnsound);
}

// One after the other in a loop, in a child, and after a failure: all are the same person's.
TEST(People, StandInLoopsChildrenAndFailureWorkflows) {
  const RunReport loop = report_of_people(
      four("{ name: twice, taskReferenceName: twice, type: DO_WHILE, loopCondition: "
           "\"if ($.twice['iteration'] < 2) { true; } else { false; }\", loopOver: [ { name: sign, "
           "taskReferenceName: sign, type: HUMAN } ] }",
           "sign: [ { time: 10s }, { time: 1m } ]"));
  EXPECT_EQ(completed(loop), 4U);
  const RunReport child = report_of_people(
      "workflows:\n"
      "  - { name: flow, version: 1, schemaVersion: 2, tasks: [ { name: c, taskReferenceName: c, "
      "type: SUB_WORKFLOW, subWorkflowParam: { name: inner, version: 1 } } ] }\n"
      "  - { name: inner, version: 1, schemaVersion: 2, tasks: [ { name: sign, taskReferenceName: "
      "sign, type: HUMAN } ] }\n"
      "workers: { inner.sign: [ { time: 30s } ] }\n"
      "workload: [ { arrivals: every 5s, workflow: flow } ]\n");
  EXPECT_EQ(completed(child), 4U);
  const RunReport undone = report_of_people(
      "workflows:\n"
      "  - { name: flow, version: 1, schemaVersion: 2, failureWorkflow: undo, tasks: [ { name: a, "
      "taskReferenceName: a, type: SIMPLE }, { name: b, taskReferenceName: b, type: SIMPLE } ] }\n"
      "  - { name: undo, version: 1, schemaVersion: 2, tasks: [ { name: confirm, "
      "taskReferenceName: confirm, type: HUMAN } ] }\n"
      "workers: { a: [ {} ], b: [ { status: FAILED_WITH_TERMINAL_ERROR } ], confirm: [ { time: 30s "
      "} ] }\n"
      "workload: [ { arrivals: every 5s, workflow: flow } ]\nexpect: { may-fail: true }\n");
  EXPECT_EQ(undone.sagas_in(SagaOutcome::kNeedsHuman), 0U);
  EXPECT_EQ(undone.sagas_in(SagaOutcome::kStuck), 0U);
}

// An orchestrator that is down is asked again.
TEST(People, TryAgainUntilTheyAreHeard) {
  const RunReport report = report_of_people(
      four(kApproval, "approval: [ { time: 3s } ], carry_out: [ {} ]") +
      "faults: [ { at: 7s, for: 10s, kind: host.down, target: { service: orchestrator } } ]\n");
  EXPECT_EQ(report.sagas_in(SagaOutcome::kNeedsHuman), 0U);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kStuck), 0U);
}

TEST(People, AreNoWorkers) {
  EXPECT_THAT(loaded_people(four(kApproval, "approval: [ { heartbeat: {} } ], carry_out: [ {} ]"))
                  .diagnostics.text(),
              HasSubstr("persons give no signs of life"));
  EXPECT_THAT(loaded_people(four(kApproval, "approval: [ {} ], carry_out: [ { chance: 50% } ]"))
                  .diagnostics.text(),
              HasSubstr("only persons may never do a task"));
}

}  // namespace
}  // namespace soundcheck
