#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/reports/judged_run.hpp"

namespace soundcheck {
namespace {

TEST(Verdict, CallsAFaultWhatTheScenarioCallsIt) {
  FaultReport fault{.fact = {.number = 2, .kind = "process.crash", .target = "payments"}};
  EXPECT_EQ(fault.label(), "F3 (process.crash payments)");
  fault.fact.name = "friday night";
  EXPECT_EQ(fault.label(), "F3 (friday night)");
}

// What the check of a fault says that struck `strikes` times, each with that many effects.
std::vector<Check> fault_checks(int strikes, std::uint64_t effects, bool by_chance = false,
                                bool may_miss = false, bool hits_by_chance = false) {
  RunDriver run;
  RunFacts known = facts();
  known.faults = {{.number = 0,
                   .kind = "process.crash",
                   .target = "payments",
                   .by_chance = by_chance,
                   .hits_by_chance = hits_by_chance,
                   .may_miss = may_miss}};
  run.phase(0_s, "load");
  for (int i = 0; i < strikes; ++i) {
    run.fault(Duration::seconds(10 * i), true);
    run.fault(Duration::seconds(10 * i + 5), false, 0, "process.crash", effects);
  }
  Expectations expectations;
  expectations.may_fail = true;  // nothing is asked
  return judged(run, expectations, known).checks;
}

TEST(Verdict, IsUnknownWhenAFaultChangedNothing) {
  const std::vector<Check> idle = fault_checks(3, 0);
  ASSERT_EQ(idle.size(), 1U);
  EXPECT_EQ(idle[0].kind, Check::Kind::kFault);
  EXPECT_EQ(idle[0].status, CheckStatus::kUnknown);
  EXPECT_EQ(idle[0].expectation, "F1 (process.crash payments) has an effect");
  EXPECT_EQ(idle[0].observed, "3 strikes, and nothing was different");
  ASSERT_EQ(fault_checks(0, 0).size(), 1U);
  EXPECT_EQ(fault_checks(0, 0)[0].observed, "it never struck");
  EXPECT_TRUE(fault_checks(3, 2).empty());
  EXPECT_TRUE(fault_checks(0, 0, true).empty()) << "it had no luck";
  EXPECT_EQ(fault_checks(1, 0, true).size(), 1U) << "it had, and did nothing";
  EXPECT_TRUE(fault_checks(3, 0, false, true).empty()) << "may-miss";
  EXPECT_TRUE(fault_checks(1, 0, false, false, true).empty()) << "whom it hits is drawn, too";
}

TEST(Verdict, IsUnknownWhenNothingWasThereToCheck) {
  RunDriver run;
  const RunReport report = judged(run, {}, calm());
  EXPECT_EQ(report.exit_code, ExitCode::kUnknown);
  EXPECT_EQ(report.sentence, "UNKNOWN: something worked: nothing was asked.");
}

// A population that has run out is told; only what was cut short leaves open how it would have
// ended.
TEST(Verdict, IsUnknownWhenSomethingWouldHaveGoneOnForEverAndOnlyThen) {
  for (const WarningKind kind : {WarningKind::kNote, WarningKind::kEndless}) {
    RunDriver run;
    run.phase(0_s, "load");
    run.load(0_s, 10_s, 10, 1_ms);
    run.emit(5_s, ServiceWarning{.text = run.name("it was stopped"), .kind = kind});
    run.emit(6_s, ServiceWarning{.text = run.name("it was stopped"), .kind = kind});
    Objective answered = objective("subscribe");
    answered.success = Bound<Percentage>{Comparison::kAtLeast, Percentage::of(0.99)};
    const RunReport report = judged(run, {.objectives = {answered}}, calm());
    ASSERT_EQ(report.warnings.size(), 1U);
    const bool endless = kind == WarningKind::kEndless;
    EXPECT_EQ(report.exit_code, endless ? ExitCode::kUnknown : ExitCode::kPass) << report.sentence;
    if (!endless) continue;
    const auto check =
        std::ranges::find(report.checks, "nothing goes on for ever", &Check::expectation);
    ASSERT_NE(check, report.checks.end());
    EXPECT_EQ(check->observed, "it was stopped (2 times)");
  }
}

TEST(Verdict, PassesWhenObjectivesAreMetInTheirPeriods) {
  RunDriver run;
  play_outage(run);
  Expectations expectations;
  Objective before = objective("subscribe", Period::kBefore);
  before.success = Bound<Percentage>{Comparison::kAtLeast, Percentage::of(0.999)};
  before.p99 = Bound<Duration>{Comparison::kLess, 60_ms};
  expectations.objectives = {before};
  expectations.recovery.within = 5_s;
  const RunReport report = judged(run, expectations);
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  ASSERT_EQ(report.checks.size(), 3U);
  EXPECT_EQ(report.checks[1].expectation, "subscribe p99 < 60ms (before faults)");
  EXPECT_EQ(report.checks[1].observed, "52.0 ms, of only 400");
  EXPECT_EQ(report.checks[2].observed, "4.00 s");
}

// Of 400 requests in the window 20 succeed: a twentieth is enough to speak of, 19 are not.
TEST(Verdict, PassesOnlyWhenSomethingWorked) {
  for (const int succeed : {0, 19, 20}) {
    RunDriver run;
    run.phase(0_s, "load");
    for (int i = 0; i < 400; ++i)
      run.request(100_ms * (i + 1), "subscribe", 10_ms,
                  i < succeed ? RequestOutcome::kOk : RequestOutcome::kFailed);
    Expectations expectations;
    Objective quick = objective("subscribe");
    quick.goodput = Bound<Rate>{Comparison::kAtMost, Rate::per_second(1000)};
    expectations.objectives = {quick};
    const RunReport report = judged(run, expectations, calm());
    EXPECT_EQ(report.exit_code, succeed == 20 ? ExitCode::kPass : ExitCode::kUnknown) << succeed;
    if (succeed == 19)
      EXPECT_EQ(report.sentence, "UNKNOWN: something worked: 19 of 400 requests succeeded.");
    expectations.may_fail = true;
    EXPECT_EQ(judge(run.recorder, run.ledger, nullptr, nullptr, expectations, calm()).exit_code,
              ExitCode::kPass);
  }
}

TEST(Verdict, PassesOnlyWhenASagaDidWhatItWasAsked) {
  for (const bool human : {false, true}) {
    RunDriver run;
    run.phase(0_s, "load");
    run.load(0_s, 20_s, 20, 52_ms);  // "accepted"
    for (std::uint64_t saga = 1; saga <= 3; ++saga) {
      run.saga(21_s, saga);
      human ? run.human(22_s, saga, "approve") : run.saga_ends(22_s, saga, SagaStatus::kFailed);
    }
    const RunReport report = judged(run, {}, calm());
    EXPECT_EQ(report.exit_code, human ? ExitCode::kPass : ExitCode::kUnknown) << report.sentence;
  }
}

TEST(Verdict, JudgesSagasFromEndToEndInTheirPeriods) {
  RunDriver run;
  run.phase(0_s, "load");
  std::uint64_t next = 1;
  const auto sagas = [&](Duration from, Duration until, Duration took, SagaStatus status) {
    for (Duration at = from; at < until; at += 1_s, ++next) {
      run.saga(at, next);
      run.saga_ends(at + took, next, status);
    }
  };
  sagas(0_s, 20_s, 500_ms, SagaStatus::kCompleted);
  run.fault(20_s, true);
  sagas(20_s, 25_s, 800_ms, SagaStatus::kFailed);
  run.fault(25_s, false);
  sagas(25_s, 60_s, 500_ms, SagaStatus::kCompleted);
  Expectations expectations;
  WorkflowGoal during;
  during.workflow = "subscribe";
  during.during = Period::kFaults;
  during.completed = Bound<Percentage>{Comparison::kAtLeast, Percentage::of(0.5)};
  WorkflowGoal before = during;
  before.during = Period::kBefore;
  before.completed = Bound<Percentage>{Comparison::kAtLeast, Percentage::of(1)};
  before.p50 = Bound<Duration>{Comparison::kLess, 501_ms};
  before.goodput = Bound<Rate>{Comparison::kAtLeast, Rate::per_second(1)};
  expectations.workflows = {during, before};
  const RunReport report = judged(run, expectations);
  ASSERT_GE(report.checks.size(), 4U);
  EXPECT_EQ(report.checks[0].expectation, "subscribe completed >= 50 % (during faults)");
  EXPECT_EQ(report.checks[0].observed, "0 % of 5");
  EXPECT_EQ(report.exit_code, ExitCode::kObjectiveMissed);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_NE(report.checks[i].status, CheckStatus::kFail) << i;
  EXPECT_EQ(report.saga_work.at(0).overall.ok, 55U);
}

TEST(Verdict, FailsWithTwoForObjectivesAndRecovery) {
  RunDriver run;
  play_outage(run);
  Expectations expectations;
  Objective during = objective("subscribe", Period::kFaults);
  during.success = Bound<Percentage>{Comparison::kAtLeast, Percentage::of(0.95)};
  expectations.objectives = {during};
  expectations.recovery.within = 3_s;
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
  all.goodput = Bound<Rate>{Comparison::kAtLeast, Rate::per_second(20)};
  all.throughput = Bound<Rate>{Comparison::kGreater, Rate::per_second(20)};
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
  never.success = Bound<Percentage>{Comparison::kAtLeast, Percentage::of(0.5)};
  expectations.objectives = {never};
  EXPECT_EQ(judged(run, expectations, calm()).exit_code, ExitCode::kUnknown);
}

TEST(Verdict, FailsWithOneForASagaThatDidNotEndWhateverElseHolds) {
  RunDriver run;
  play_outage(run);
  run.saga(61_s, 7);
  Expectations expectations;
  expectations.recovery.within = 1_s;  // missed as well, but soundness weighs more
  const RunReport report = judged(run, expectations);
  EXPECT_EQ(report.exit_code, ExitCode::kUnsound);
  EXPECT_EQ(report.sentence,
            "FAIL: 1 saga stuck, first at t = 61.000 s, 41.0 s after F1 (process.crash payments).");
}

TEST(Verdict, LetsTheScenarioAllowSagas) {
  RunDriver run;
  run.saga(1_s, 7);
  run.saga(1_s, 8);
  run.saga_ends(2_s, 8, SagaStatus::kCompleted);
  Expectations expectations;
  expectations.sagas.stuck = SagaLimit{.count = 1};
  EXPECT_EQ(judged(run, expectations, calm()).exit_code, ExitCode::kPass);
}

TEST(Verdict, DoesNotJudgeAnAbortedRun) {
  RunDriver run;
  play_outage(run);
  run.saga(61_s, 7);
  run.saga(61_s, 8);
  run.saga_ends(62_s, 8, SagaStatus::kCompleted);
  RunFacts aborted = facts();
  aborted.aborted = 143;
  run.recorder.finish(aborted.ended, true);
  Expectations expectations;
  expectations.recovery.within = 1_s;
  const RunReport report = judge(run.recorder, run.ledger, nullptr, nullptr, expectations, aborted);
  EXPECT_EQ(report.sentence,
            "ABORTED at t = 95.000 s, not judged: 1 100 of 1 200 requests answered with success, "
            "1 of 2 sagas completed, 1 open.");
  EXPECT_EQ(report.process_exit(), 143);
  EXPECT_TRUE(report.checks.empty());
  EXPECT_EQ(report.sagas_in(SagaOutcome::kStuck), 0U);
}

TEST(Verdict, IsUnknownAboutSagasAskedForThatNeverStarted) {
  RunDriver run;
  Expectations expectations;
  expectations.sagas.needs_human = SagaLimit();
  EXPECT_EQ(judged(run, expectations, calm()).exit_code, ExitCode::kUnknown);
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
  expectations.recovery.within = 3_s;
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
  expectations.invariants = {InvariantSelection::Kind::kSome, {"S1", "G1"}};
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
