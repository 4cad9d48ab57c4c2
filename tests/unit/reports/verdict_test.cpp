#include <gtest/gtest.h>

#include "tests/unit/reports/judged_run.hpp"

namespace soundcheck {
namespace {

TEST(Verdict, CallsAFaultWhatTheScenarioCallsIt) {
  FaultReport fault{.fact = {.number = 2, .kind = "process.crash", .target = "payments"}};
  EXPECT_EQ(fault.label(), "F3 (process.crash payments)");
  fault.fact.name = "friday night";
  EXPECT_EQ(fault.label(), "F3 (friday night)");
}

TEST(Verdict, IsUnknownWhenNothingWasThereToCheck) {
  RunDriver run;
  const RunReport report = judged(run, {});
  EXPECT_EQ(report.exit_code, ExitCode::kUnknown);
  EXPECT_EQ(report.sentence, "UNKNOWN: nothing was there to check.");
}

TEST(Verdict, PassesWhenObjectivesAreMetInTheirPeriods) {
  RunDriver run;
  play_outage(run);
  Expectations expectations;
  Objective before = objective("subscribe", Period::kBefore);
  before.success = Bound<double>{Comparison::kAtLeast, 0.999};
  before.latency.push_back({0.99, {Comparison::kLess, 60_ms}});
  expectations.objectives = {before};
  expectations.recovery_within = 5_s;
  const RunReport report = judged(run, expectations);
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  ASSERT_EQ(report.checks.size(), 3U);
  EXPECT_EQ(report.checks[1].expectation, "subscribe p99 < 60ms (before faults)");
  EXPECT_EQ(report.checks[1].observed, "52.0 ms");
  EXPECT_EQ(report.checks[2].observed, "4.00 s");
}

TEST(Verdict, FailsWithTwoForObjectivesAndRecovery) {
  RunDriver run;
  play_outage(run);
  Expectations expectations;
  Objective during = objective("subscribe", Period::kFaults);
  during.success = Bound<double>{Comparison::kAtLeast, 0.95};
  expectations.objectives = {during};
  expectations.recovery_within = 3_s;
  const RunReport report = judged(run, expectations);
  EXPECT_EQ(report.exit_code, ExitCode::kObjectiveMissed);
  EXPECT_EQ(report.checks[0].status, CheckStatus::kFail);
  EXPECT_EQ(report.checks[1].status, CheckStatus::kFail);
  EXPECT_NE(report.sentence.find("FAIL: subscribe success >= 95 % (during faults)"),
            std::string::npos)
      << report.sentence;
}

TEST(Verdict, JudgesMeanAndRatesOfAllRequestsTogether) {
  RunDriver run;
  play_outage(run);
  Expectations expectations;
  Objective all = objective("", Period::kBefore);
  all.mean = Bound<Duration>{Comparison::kAtMost, 52_ms};
  all.throughput = Bound<double>{Comparison::kAtLeast, 20};
  all.answered = Bound<double>{Comparison::kGreater, 20};
  expectations.objectives = {all};
  const RunReport report = judged(run, expectations);
  ASSERT_EQ(report.checks.size(), 3U);
  EXPECT_EQ(report.checks[0].expectation, "requests throughput > 20.0/s (before faults)");
  EXPECT_EQ(report.checks[0].status, CheckStatus::kFail);
  EXPECT_EQ(report.checks[1].status, CheckStatus::kPass);
  EXPECT_EQ(report.checks[2].status, CheckStatus::kPass);
}

TEST(Verdict, DoesNotJudgeRequestsThatNobodyMade) {
  RunDriver run;
  play_outage(run);
  Expectations expectations;
  Objective never = objective("cancel");
  never.success = Bound<double>{Comparison::kAtLeast, 0.5};
  expectations.objectives = {never};
  EXPECT_EQ(judged(run, expectations).exit_code, ExitCode::kUnknown);
}

TEST(Verdict, FailsWithOneForASagaThatDidNotEndWhateverElseHolds) {
  RunDriver run;
  play_outage(run);
  run.saga(61_s, 7);
  Expectations expectations;
  expectations.recovery_within = 1_s;  // missed as well, but soundness weighs more
  const RunReport report = judged(run, expectations);
  EXPECT_EQ(report.exit_code, ExitCode::kUnsound);
  EXPECT_EQ(report.sentence,
            "FAIL: 1 saga stuck, first at t = 61.000 s, 41.0 s after F1 (process.crash payments).");
}

TEST(Verdict, LetsTheScenarioAllowSagas) {
  RunDriver run;
  run.saga(1_s, 7);
  Expectations expectations;
  expectations.sagas.emplace();
  (*expectations.sagas)[static_cast<std::size_t>(SagaOutcome::kStuck)] = 1;
  EXPECT_EQ(judged(run, expectations).exit_code, ExitCode::kPass);
}

TEST(Verdict, IsUnknownAboutSagasAskedForThatNeverStarted) {
  RunDriver run;
  Expectations expectations;
  expectations.sagas.emplace();
  (*expectations.sagas)[static_cast<std::size_t>(SagaOutcome::kStuck)] = 0;
  EXPECT_EQ(judged(run, expectations).exit_code, ExitCode::kUnknown);
}

TEST(Verdict, IsUnknownAboutARecoveryThatTheLoadWasTooShortToShow) {
  RunDriver run;
  run.phase(0_s, "load");
  run.load(0_s, 20_s, 20, 10_ms);
  run.fault(20_s, true);
  run.load(20_s, 25_s, 20, 10_ms, RequestOutcome::kFailed);
  run.phase(25_s, "settle");
  run.fault(25_s, false);
  Expectations expectations;
  expectations.recovery_within = 3_s;
  EXPECT_EQ(judged(run, expectations).exit_code, ExitCode::kUnknown);
}

TEST_F(JudgedInvariants, PassThoughOneOfAllHadNothingToCheck) {
  const RunReport report = play(false, {});
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  EXPECT_EQ(report.sentence, "PASS: 3 sagas sound, 2 invariants held, 1 fault survived.");
  EXPECT_EQ(report.checks.back().observed, "2 hold, 1 had nothing to check");
}

TEST_F(JudgedInvariants, AreUnknownWhenOneThatWasAskedForHadNothingToCheck) {
  Expectations expectations;
  expectations.all_invariants = false;
  expectations.invariants = {"S1", "G1"};
  EXPECT_EQ(play(false, expectations).exit_code, ExitCode::kUnknown);
}

TEST_F(JudgedInvariants, FailAndMakeTheSagaInconsistent) {
  const RunReport report = play(true, {});
  EXPECT_EQ(report.exit_code, ExitCode::kUnsound);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kInconsistent), 1U);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kCompleted), 2U);
  EXPECT_EQ(report.sentence,
            "FAIL: 1 saga inconsistent, invariant S1 violated, first at t = 28.000 s, 8.00 s "
            "after F1 (process.crash payments).");
  EXPECT_EQ(report.worst_sagas.at(0).violated, std::vector<std::string>{"S1"});
}

}  // namespace
}  // namespace soundcheck
