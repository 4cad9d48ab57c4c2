// What workflows and sagas suffer is told: how many, how long, how many at once, and why.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "tests/unit/scenarios/reported.hpp"

namespace soundcheck {
namespace {

// Workflow `w` with one task, started `arrivals` for 10 s.
std::string started(const std::string& task, const std::string& more = "") {
  return fmt::format(
      "architecture: own\nduration: 10s\n"
      "workflows:\n  - name: w\n    version: 1\n    schemaVersion: 2\n    tasks:\n      - {}\n"
      "workload: [ {{ arrivals: every 1s, workflow: w }} ]\n{}",
      task, more);
}

const FailureReason& reason_of(const RunReport& report, std::string_view task) {
  const auto found = std::ranges::find(report.facts.failures, task, &FailureReason::task);
  if (found == report.facts.failures.end()) throw std::runtime_error("it did not fail");
  return *found;
}

// Source: ../shared/cases/2026-11/newcomer/script-does-not-parse.yaml; the reason stood nowhere.
TEST(Reasons, SayThatAScriptFailed) {
  const RunReport report = report_of(
      started("{ name: s, taskReferenceName: s, type: INLINE, inputParameters: { evaluatorType: "
              "javascript, expression: 'null.x' } }"));
  const FailureReason& task = reason_of(report, "s");
  EXPECT_EQ(task.status, "FAILED_WITH_TERMINAL_ERROR");
  EXPECT_EQ(task.count, 10U);
  EXPECT_NE(task.reason.find("null"), std::string::npos) << task.reason;
  const FailureReason& workflow = reason_of(report, "");
  EXPECT_EQ(workflow.workflow, "w");
  EXPECT_EQ(workflow.count, 10U) << workflow.reason;
}

TEST(Reasons, SayWhatAWorkerSaid) {
  const RunReport report =
      report_of(started("{ name: book, taskReferenceName: book, type: SIMPLE }",
                        "tasks: [ { name: book, retryCount: 0 } ]\n"
                        "workers: { book: [ { status: FAILED, reason: no room in 2026 } ] }\n"));
  EXPECT_EQ(reason_of(report, "book").reason, "no room in 2026");
}

// Of an attempt that was tried again, too: the workflow completes.
TEST(Reasons, SayWhyAnAttemptFailedThatWasTriedAgain) {
  const RunReport report =
      report_of(started("{ name: book, taskReferenceName: book, type: SIMPLE }",
                        "tasks: [ { name: book, retryCount: 1, retryDelaySeconds: 1 } ]\n"
                        "workers: { book: [ { status: FAILED, reason: no room }, {} ] }\n"));
  EXPECT_EQ(report.sagas_in(SagaOutcome::kCompleted), report.sagas_started);
  EXPECT_EQ(reason_of(report, "book").reason, "no room");
  EXPECT_EQ(reason_of(report, "book").status, "FAILED");
}

// The ids of tasks in Conductor's texts would make a reason of its own of each.
TEST(Reasons, AreCountedWithoutTheIdsOfSingleTasks) {
  const RunReport report = report_of(started(
      "{ name: slow, taskReferenceName: slow, type: SIMPLE }",
      "tasks: [ { name: slow, retryCount: 0, responseTimeoutSeconds: 1, timeoutSeconds: 60 } ]\n"
      "workers: { slow: [ { time: 30s } ] }\n"));
  EXPECT_EQ(reason_of(report, "slow").count, 10U) << reason_of(report, "slow").reason;
  EXPECT_EQ(reason_of(report, "slow").status, "TIMED_OUT");
}

// Little's law: one a second that takes five seconds, five are open; while nobody answers they pile
// up.
TEST(Sagas, TellHowManyWereOpenAtOnce) {
  const RunReport report =
      report_of(started("{ name: slow, taskReferenceName: slow, type: SIMPLE }",
                        "workers: { slow: [ { time: 5s } ] }\n"
                        "services: { workers: { workers: 100 } }\n"));
  EXPECT_NEAR(static_cast<double>(report.saga_work.at(0).overall.most_open), 5, 1);
}

// A step that takes 2 s, for ten sagas; expected of all workflows together.
std::string expected(const std::string& sagas) {
  return started("{ name: slow, taskReferenceName: slow, type: SIMPLE }",
                 "workers: { slow: [ { time: 2s } ] }\nservices: { workers: { workers: 100 } }\n"
                 "expect: { sagas: { " +
                     sagas + " } }\n");
}

TEST(Sagas, AreHeldAgainstPercentilesRatesAndShares) {
  EXPECT_EQ(report_of(expected("p95: '< 3s', completed: '>= 100%', compensated: '< 1%'")).exit_code,
            ExitCode::kPass);
  EXPECT_EQ(report_of(expected("p95: '< 2s'")).exit_code, ExitCode::kObjectiveMissed);
  EXPECT_EQ(report_of(expected("mean: '> 3s'")).exit_code, ExitCode::kObjectiveMissed);
  EXPECT_EQ(report_of(expected("goodput: '> 1.5/s'")).exit_code, ExitCode::kObjectiveMissed);
  const RunReport slow = report_of(expected("throughput: '>= 0.7/s', max: '< 1s'"));
  EXPECT_EQ(check_of(slow, "sagas throughput").status, CheckStatus::kPass);
  EXPECT_EQ(check_of(slow, "sagas max < 1s").status, CheckStatus::kFail);
}

// Source: ../shared/cases/2026-11/newcomer/cert-expired.yaml: a bank that nobody reaches for a
// minute. Clients are told "accepted"; the sagas are undone.
TEST(Sagas, AreHeldAgainstObjectivesDuringFaults) {
  const RunReport report = report_of(
      "duration: 2m\n"
      "workload:\n"
      "  - { arrivals: poisson(20/s), mix: { subscribe: 10, my-subscription: 90 } }\n"
      "faults:\n"
      "  - { at: 30s, for: 1m, kind: rpc.error, status: 526, target: { from: payments, to: psp } "
      "}\n"
      "expect:\n"
      "  sagas: { during: faults, completed: '>= 99%' }\n"
      "  slo: [ { request: subscribe, success: '>= 99%', during: faults } ]\n");
  EXPECT_EQ(report.exit_code, ExitCode::kObjectiveMissed) << report.sentence;
  EXPECT_EQ(check_of(report, "subscribe success").status, CheckStatus::kPass);
  EXPECT_EQ(check_of(report, "sagas completed").status, CheckStatus::kFail);
  const WindowSummaries& windows = report.faults.at(0).sagas.at(0).windows;
  EXPECT_EQ(windows[0].success(), 1);
  EXPECT_LT(windows[1].success(), 0.2);
  EXPECT_EQ(windows[2].success(), 1);
  EXPECT_GT(windows[1].most_open, windows[0].most_open);
  const bool named = std::ranges::any_of(report.calls, [](const CallReport& call) {
    return call.caller == "payments" && call.method.starts_with("psp.") && call.failed > 0;
  });
  EXPECT_TRUE(named) << "the errors of the bank are told at its caller";
}

}  // namespace
}  // namespace soundcheck
