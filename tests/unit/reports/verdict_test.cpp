#include <gtest/gtest.h>

#include "reports/output/run_json.hpp"
#include "reports/summary/progress.hpp"
#include "reports/summary/quantities.hpp"
#include "reports/summary/summary.hpp"
#include "reports/summary/text_table.hpp"
#include "reports/verdict/judge.hpp"
#include "tests/unit/reports/checker_fixture.hpp"

namespace soundcheck {
namespace {

RunFacts facts() {
  return {.scenario = "payments-outage",
          .about = "Payments crashes between the capture and its reply.",
          .seed = 7,
          .version = "0.1.0",
          .fidelity = "direct",
          .digest = "00112233445566778899aabbccddeeff",
          .events = 1'204'511,
          .faults = {{0, "process.crash", "payments"}, {1, "network.partition", "payments | auth"}},
          .ended = Time::at(95_s)};
}

Objective objective(std::string request, Period during = Period::kAlways) {
  Objective objective;
  objective.request = std::move(request);
  objective.during = during;
  return objective;
}

// A minute of load with a fault from 20 s to 25 s.
void play_outage(RunDriver& run) {
  run.phase(0_s, "load");
  run.load(0_s, 20_s, 20, 52_ms);
  run.fault(20_s, true);
  run.load(20_s, 25_s, 20, 400_ms, RequestOutcome::kUnknown);
  run.fault(25_s, false);
  run.load(25_s, 29_s, 20, 700_ms);
  run.load(29_s, 60_s, 20, 52_ms);
  run.phase(60_s, "settle");
}

RunReport judged(RunDriver& run, const Expectations& expectations, RunFacts known = facts()) {
  run.recorder.finish(known.ended);
  return judge(run.recorder, run.ledger, nullptr, nullptr, expectations, std::move(known));
}

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

struct JudgedInvariants : CheckerFixture {
  static constexpr Sql kPay{"INSERT INTO shop.payments (id, state, saga_id) VALUES (?1, ?2, ?3)"};
  static constexpr Sql kServe{"INSERT INTO shop.periods (id, payment_id) VALUES (?1, ?2)"};
  static constexpr std::string_view kInvariants = R"(
-- S1: no captured payment without a period of service, or a full refund
-- class: W
-- key: id
-- changed: shop.payments(id)
-- changed: shop.periods: SELECT id FROM shop.payments WHERE id = :payment_id
-- saga: SELECT saga_id FROM shop.payments WHERE id = ?1
-- over: SELECT COUNT(*) FROM shop.payments WHERE state = 'CAPTURED'
SELECT p.id FROM shop.payments p WHERE p.state = 'CAPTURED' AND {key p.id}
  AND NOT EXISTS (SELECT 1 FROM shop.periods q WHERE q.payment_id = p.id);
-- G1: a gift buys one period of service at most
-- class: Q
-- over: SELECT COUNT(*) FROM shop.payments WHERE state = 'GIFT'
SELECT id FROM shop.payments WHERE state = 'GIFT' AND saga_id IS NULL;
-- P9: no payment is left half way
-- class: Q
-- over: SELECT COUNT(*) FROM shop.payments
SELECT id FROM shop.payments WHERE state = 'CREATED';
)";

  // Three sagas; the last one ends without the service that was paid for, if `broken`.
  RunReport play(bool broken, const Expectations& expectations) {
    InvariantChecker checked = checker(kInvariants);
    driver.phase(0_s, "load");
    driver.load(0_s, 20_s, 20, 52_ms);
    driver.fault(20_s, true);
    driver.load(20_s, 25_s, 20, 400_ms, RequestOutcome::kUnknown);
    driver.load(20_s, 25_s, 4, 2_ms, RequestOutcome::kOk, "read-subscription");
    driver.fault(25_s, false);
    for (const std::uint64_t saga : {6U, 7U, 8U}) {
      const std::string name = "p" + std::to_string(saga);
      driver.saga(26_s, saga);
      driver.step(27_s, saga, "capture", SagaTaskStatus::kScheduled, 1);
      execute(28_s, saga, kPay, name, "CAPTURED", to_text(saga));
      if (!broken || saga != 8) execute(31_s, saga, kServe, "q" + name, name);
      driver.saga_ends(32_s, saga, SagaStatus::kCompleted);
    }
    driver.load(32_s, 60_s, 20, 52_ms);
    driver.phase(60_s, "settle");
    checked.check_at_rest(Time::at(95_s));
    driver.recorder.finish(Time::at(95_s));
    return judge(driver.recorder, driver.ledger, &checked, &observer, expectations, facts());
  }
};

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

TEST_F(JudgedInvariants, AreSummedUpInAHundredColumnsWithTheReplayLast) {
  Expectations expectations;
  Objective during = objective("subscribe", Period::kFaults);
  during.success = Bound<double>{Comparison::kAtLeast, 0.95};
  expectations.objectives = {during};
  expectations.recovery_within = 30_s;
  const RunReport report = play(true, expectations);
  const std::string replay = "soundcheck run scenarios/payments-outage.yaml --seed 7";
  const std::string text = summary_text(report, {}, {"runs/payments-outage/7", replay});
  EXPECT_TRUE(text.starts_with("FAIL: 1 saga inconsistent")) << text;
  EXPECT_TRUE(text.ends_with("\n" + replay + "\n"));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("✗  no saga inconsistent"), std::string::npos) << text;
  EXPECT_NE(text.find("F2 (network.partition payments | auth) never struck"), std::string::npos);
  EXPECT_LT(text.find("✗  S1"), text.find("✓  all other invariants"));
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    EXPECT_LE(columns_of_text(text.substr(start, end - start)), 100U)
        << text.substr(start, end - start);
    start = end + 1;
  }
  const std::string coloured = summary_text(report, {.colour = true}, {"", replay});
  EXPECT_TRUE(coloured.starts_with("\x1b[31mFAIL\x1b[0m: 1 saga"));
}

TEST_F(JudgedInvariants, AreWrittenAsJsonWithoutAnythingOfTheMachine) {
  const RunReport report = play(true, {});
  const Json json = to_json(report);
  EXPECT_EQ(json["faults"][0]["never_struck"], false);
  EXPECT_EQ(json["faults"][1]["never_struck"], true) << "a rehearsal that did not take place";
  EXPECT_EQ(json["schema"], kRunSchema);
  EXPECT_EQ(json["verdict"], "fail");
  EXPECT_EQ(json["exit_code"], 1);
  EXPECT_EQ(json["sagas"]["outcomes"]["inconsistent"], 1);
  EXPECT_EQ(json["invariants"][0]["first_violations"][0]["broken_s"], 28.0);
  EXPECT_TRUE(json["invariants"][0]["first_violations"][0]["repaired_s"].is_null());
  EXPECT_EQ(json["faults"][1]["strikes"], 0);
  EXPECT_EQ(json["requests"]["subscribe"]["during"]["unknown"], 100);
  EXPECT_EQ(Json::parse(json.dump(2)), json);
}

TEST(Quantities, AreWrittenWithThreeDigitsAndTheirUnit) {
  EXPECT_EQ(short_text(999_ns), "999 ns");
  EXPECT_EQ(short_text(52'134_us), "52.1 ms");
  EXPECT_EQ(short_text(999'700_us), "1.00 s");
  EXPECT_EQ(short_text(1240_ms), "1.24 s");
  EXPECT_EQ(short_text(920_s), "15m20s");
  EXPECT_EQ(short_text(25_h), "25h00m");
  EXPECT_EQ(short_text(Time::at(131'204_ms)), "131.204 s");
  EXPECT_EQ(percent_text(0.99999), "99.99 %");
  EXPECT_EQ(percent_text(1), "100 %");
  EXPECT_EQ(percent_text(0.9725), "97.25 %");
  EXPECT_EQ(count_text(1'204'511), "1 204 511");
  EXPECT_EQ(count_text(12), "12");
}

TEST(Progress, IsOneLine) {
  RunDriver run;
  run.phase(0_s, "load");
  run.request(1_s, "subscribe", 10_ms);
  run.start(2_s, "subscribe");
  run.saga(2_s, 7);
  const Progress progress = progress_of(run.recorder, run.ledger, Time::at(15_s), 60_s);
  EXPECT_EQ(progress_line(progress, 240),
            "[=====               ]  25 %  t = 15.0 s of 60.0 s  240x  1 request, 1 open  "
            "1 saga open");
}

}  // namespace
}  // namespace soundcheck
