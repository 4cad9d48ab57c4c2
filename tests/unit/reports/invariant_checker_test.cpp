#include "reports/checkers/invariant_checker.hpp"

#include "tests/unit/reports/checker_fixture.hpp"

namespace soundcheck {
namespace {

using InvariantCheckerTest = CheckerFixture;

constexpr Sql kPay{"INSERT INTO shop.payments (id, state, saga_id) VALUES (?1, ?2, ?3)"};
constexpr Sql kSetState{"UPDATE shop.payments SET state = ?2 WHERE id = ?1"};
constexpr Sql kSetSaga{"UPDATE shop.payments SET saga_id = ?2 WHERE id = ?1"};
constexpr Sql kServe{"INSERT INTO shop.periods (id, payment_id) VALUES (?1, ?2)"};
constexpr Sql kUnserve{"DELETE FROM shop.periods WHERE id = ?1"};

constexpr std::string_view kNoNegative = R"(
-- N1: no payment is bad
-- class: S
-- key: id
-- changed: shop.payments(id)
-- saga: SELECT saga_id FROM shop.payments WHERE id = ?1
-- over: SELECT COUNT(*) FROM shop.payments
SELECT id FROM shop.payments WHERE state = 'BAD' AND {key id};
)";
constexpr std::string_view kServed = R"(
-- S1: a captured payment is served
-- class: W
-- key: id
-- changed: shop.payments(id)
-- changed: shop.periods: SELECT id FROM shop.payments WHERE id = :payment_id
-- saga: SELECT saga_id FROM shop.payments WHERE id = ?1
-- over: SELECT COUNT(*) FROM shop.payments WHERE state = 'CAPTURED'
SELECT p.id FROM shop.payments p WHERE p.state = 'CAPTURED' AND {key p.id}
  AND NOT EXISTS (SELECT 1 FROM shop.periods q WHERE q.payment_id = p.id);
)";
constexpr std::string_view kAtRest = R"(
-- Q1: no payment is left half way
-- class: Q
-- over: SELECT COUNT(*) FROM shop.payments
SELECT id, state FROM shop.payments WHERE state = 'CREATED';
)";

const std::string kSaga7 = to_text(std::uint64_t{7});

// ----- S: at every instant -----

TEST_F(InvariantCheckerTest, PassesAnInvariantThatHoldsAtEveryInstant) {
  auto checked = checker(kNoNegative);
  execute(1_s, 7, kPay, "p1", "CAPTURED", kSaga7);
  checked.check_at_rest(Time::at(9_s));
  EXPECT_EQ(checked.results()[0].status, InvariantStatus::kHolds);
  EXPECT_EQ(checked.results()[0].over, 1U);
  EXPECT_EQ(checked.results()[0].checks, 2U);  // one key, and all at rest
}

TEST_F(InvariantCheckerTest, ReportsAKeyThatWasBrokenForAMoment) {
  auto checked = checker(kNoNegative);
  execute(1_s, 7, kPay, "p1", "BAD", kSaga7);
  execute(2_s, 7, kPay, "p2", "CAPTURED", kSaga7);  // another key: nothing to do with it
  execute(4_s, 7, kSetState, "p1", "CAPTURED");
  checked.check_at_rest(Time::at(9_s));
  const InvariantResult& result = checked.results()[0];
  EXPECT_EQ(result.status, InvariantStatus::kViolated);
  ASSERT_EQ(result.kept.size(), 1U);
  EXPECT_EQ(result.kept[0].key, "p1");
  EXPECT_EQ(result.kept[0].saga, 7U);
  EXPECT_EQ(result.kept[0].broken, Time::at(1_s));
  EXPECT_EQ(result.kept[0].repaired, Time::at(4_s));
  EXPECT_EQ(result.windows.maximum(), 3_s);
  EXPECT_EQ(checked.sagas().violated, std::set<std::uint64_t>{7});
}

TEST_F(InvariantCheckerTest, KnowsNothingWhenThereIsNothingToCheck) {
  auto checked = checker(kNoNegative);
  checked.check_at_rest(Time::at(9_s));
  EXPECT_EQ(checked.results()[0].status, InvariantStatus::kNothingToCheck);
}

// ----- What did not end -----

TEST_F(InvariantCheckerTest, FindsSagasThatDidNotEndUnlessTheyWaitForAPerson) {
  auto checked = checker(R"(
-- E1: every payment came to an end
-- class: Q
-- finds: unended
-- key: id
-- saga: SELECT saga_id FROM shop.payments WHERE id = ?1
SELECT id FROM shop.payments WHERE state = 'OPEN' AND {key id};
)");
  for (const std::uint64_t saga : {6U, 7U}) {
    driver.saga(1_s, saga);
    execute(2_s, saga, kPay, "p" + std::to_string(saga), "OPEN", to_text(saga));
  }
  driver.human(3_s, 6, "approve");
  checked.check_at_rest(Time::at(9_s));
  EXPECT_EQ(checked.results()[0].violations, 1U);
  EXPECT_EQ(checked.sagas().unended, std::set<std::uint64_t>{7});
  EXPECT_TRUE(checked.sagas().violated.empty());
}

TEST_F(InvariantCheckerTest, FindsSagasThatLeftSomething) {
  auto checked = checker(R"(
-- E3: every payment is given back
-- class: Q
-- finds: left
-- key: id
-- saga: SELECT saga_id FROM shop.payments WHERE id = ?1
SELECT id FROM shop.payments WHERE state = 'OPEN' AND {key id};
)");
  driver.saga(1_s, 7);
  execute(2_s, 7, kPay, "p7", "OPEN", kSaga7);
  checked.check_at_rest(Time::at(9_s));
  EXPECT_EQ(checked.sagas().left, std::set<std::uint64_t>{7});
  EXPECT_TRUE(checked.sagas().violated.empty());
}

// ----- W: between sagas -----

TEST_F(InvariantCheckerTest, ForgivesWhatAnOpenSagaBreaksAndRepairs) {
  auto checked = checker(kServed);
  driver.saga(0_s, 7);
  execute(1_s, 7, kPay, "p1", "CAPTURED", kSaga7);
  execute(3_s, 7, kServe, "q1", "p1");
  driver.saga_ends(4_s, 7, SagaStatus::kCompleted);
  checked.check_at_rest(Time::at(9_s));
  EXPECT_EQ(checked.results()[0].status, InvariantStatus::kHolds);
  EXPECT_EQ(checked.results()[0].windows.count(), 1U);
  EXPECT_EQ(checked.results()[0].windows.maximum(), 2_s);
}

TEST_F(InvariantCheckerTest, ConvictsAtTheEndOfTheSagaWhatItLeftBroken) {
  auto checked = checker(kServed);
  driver.saga(0_s, 7);
  execute(1_s, 7, kPay, "p1", "CAPTURED", kSaga7);
  driver.saga_ends(4_s, 7, SagaStatus::kCompleted);
  const InvariantResult& result = checked.results()[0];
  ASSERT_EQ(result.kept.size(), 1U);
  EXPECT_EQ(result.kept[0].broken, Time::at(1_s));
  EXPECT_EQ(result.kept[0].convicted, Time::at(4_s));
  checked.check_at_rest(Time::at(9_s));
  EXPECT_EQ(result.violations, 1U);
  EXPECT_EQ(result.never_repaired, 1U);
}

TEST_F(InvariantCheckerTest, WaitsForTheCompensationOfAFailedSaga) {
  auto checked = checker(kServed);
  driver.saga(0_s, 7);
  execute(1_s, 7, kPay, "p1", "CAPTURED", kSaga7);
  driver.saga_ends(2_s, 7, SagaStatus::kFailed);
  EXPECT_EQ(checked.results()[0].violations, 0U);
  driver.saga(3_s, 7, true, "undo");
  execute(4_s, 7, kSetState, "p1", "REFUNDED");
  driver.saga_ends(5_s, 7, SagaStatus::kCompleted, true, "", "undo");
  checked.check_at_rest(Time::at(9_s));
  EXPECT_EQ(checked.results()[0].violations, 0U);
  EXPECT_EQ(checked.results()[0].windows.maximum(), 3_s);
}

TEST_F(InvariantCheckerTest, ConvictsAtOnceWhatNoOpenSagaBroke) {
  auto checked = checker(kServed);
  driver.saga(0_s, 7);
  execute(1_s, 7, kPay, "p1", "CAPTURED", kSaga7);
  execute(1_s, 7, kServe, "q1", "p1");
  driver.saga_ends(2_s, 7, SagaStatus::kCompleted);
  execute(3_s, 0, kUnserve, "q1");
  ASSERT_EQ(checked.results()[0].violations, 1U);
  EXPECT_EQ(checked.results()[0].kept[0].convicted, Time::at(3_s));
}

TEST_F(InvariantCheckerTest, ConvictsAtRestWhatAnOpenSagaStillBreaks) {
  auto checked = checker(kServed);
  driver.saga(0_s, 7);
  execute(1_s, 7, kPay, "p1", "CAPTURED", kSaga7);
  EXPECT_EQ(checked.results()[0].violations, 0U);
  checked.check_at_rest(Time::at(9_s));
  EXPECT_EQ(checked.results()[0].violations, 1U);
}

TEST_F(InvariantCheckerTest, FollowsAKeyThatMoves) {
  auto checked = checker(R"(
-- K1: a saga pays once
-- class: S
-- key: saga_id
-- changed: shop.payments(saga_id)
SELECT saga_id FROM shop.payments WHERE {key saga_id} GROUP BY saga_id HAVING COUNT(*)>1;
)");
  execute(1_s, 7, kPay, "p1", "CAPTURED", "a");
  execute(2_s, 7, kPay, "p2", "CAPTURED", "a");
  execute(5_s, 7, kSetSaga, "p2", "b");  // repairs a by leaving it
  checked.check_at_rest(Time::at(9_s));
  EXPECT_EQ(checked.results()[0].violations, 1U);
  EXPECT_EQ(checked.results()[0].windows.maximum(), 3_s);
}

// ----- Q: at rest -----

TEST_F(InvariantCheckerTest, LooksAtQuietInvariantsOnlyAtRest) {
  auto checked = checker(kAtRest);
  execute(1_s, 7, kPay, "p1", "CREATED", kSaga7);
  EXPECT_EQ(checked.results()[0].checks, 0U);
  execute(2_s, 7, kSetState, "p1", "CAPTURED");
  checked.check_at_rest(Time::at(9_s));
  EXPECT_EQ(checked.results()[0].status, InvariantStatus::kHolds);
}

TEST_F(InvariantCheckerTest, ReportsRowsThatAreWrongAtRest) {
  auto checked = checker(kAtRest);
  execute(1_s, 7, kPay, "p1", "CREATED", kSaga7);
  checked.check_at_rest(Time::at(9_s));
  ASSERT_EQ(checked.results()[0].violations, 1U);
  EXPECT_EQ(checked.results()[0].kept[0].key, "p1, CREATED");
  EXPECT_EQ(checked.results()[0].found_only_at_rest, 0U);
}

TEST_F(InvariantCheckerTest, KnowsNothingOfAnEmptyWorldAtRest) {
  auto checked = checker(kAtRest);
  checked.check_at_rest(Time::at(9_s));
  EXPECT_EQ(checked.results()[0].status, InvariantStatus::kNothingToCheck);
}

// ----- without a key, without tables, with mistakes -----

TEST_F(InvariantCheckerTest, SamplesAnInvariantWithoutAKey) {
  auto checked =
      checker("-- U1: no bad\n-- class: S\nSELECT id FROM shop.payments WHERE state='BAD';",
              {.sample_every = 10_s});
  execute(1_s, 7, kPay, "p1", "CAPTURED", kSaga7);
  execute(5_s, 7, kSetState, "p1", "BAD");  // not yet time to look again
  EXPECT_EQ(checked.results()[0].violations, 0U);
  execute(12_s, 7, kPay, "p2", "CAPTURED", kSaga7);
  EXPECT_EQ(checked.results()[0].violations, 1U);
  EXPECT_TRUE(checked.invariants()[0].sampled());
}

TEST_F(InvariantCheckerTest, LeavesOutWhatNamesTablesThatAreNotThere) {
  auto checked = checker("-- X1: other\n-- class: Q\nSELECT id FROM albums.orders;");
  EXPECT_TRUE(checked.invariants().empty());
  EXPECT_EQ(checked.left_out(), std::vector<std::string>{"X1"});
  checked.check_at_rest(Time::at(9_s));
}

TEST_F(InvariantCheckerTest, TellsOfARuleThatIsMissing) {
  auto checked = checker(R"(
-- S1: a captured payment is served
-- class: S
-- key: id
-- changed: shop.payments(id)
SELECT p.id FROM shop.payments p WHERE p.state = 'CAPTURED' AND {key p.id}
  AND NOT EXISTS (SELECT 1 FROM shop.periods q WHERE q.payment_id = p.id);
)");
  commit(1_s, 7, [](Transaction& transaction) {
    transaction.execute(kPay, "p1", "CAPTURED", "a");
    transaction.execute(kServe, "q1", "p1");
  });
  execute(2_s, 7, kUnserve, "q1");
  EXPECT_EQ(checked.results()[0].violations, 0U);
  checked.check_at_rest(Time::at(9_s));
  EXPECT_EQ(checked.results()[0].violations, 1U);
  EXPECT_EQ(checked.results()[0].found_only_at_rest, 1U);
}

TEST_F(InvariantCheckerTest, FindsMistakesInQueriesBeforeARun) {
  const auto mistakes = check_queries(
      observer,
      parse("-- A: x\n-- class: Q\nSELECT nothing FROM shop.payments;\n"
            "-- B: y\n-- class: Q\n-- key: state\nSELECT id FROM shop.payments WHERE {key id};\n"
            "-- B: z\n-- class: Q\nSELECT id FROM shop.payments;\n"));
  ASSERT_EQ(mistakes.size(), 3U);
  EXPECT_NE(mistakes[0].sentence.find("nothing"), std::string::npos);
  EXPECT_EQ(to_text(mistakes[1]),
            "shop.sql:4:1: B: the key is 'state', but the first column of the query is 'id'");
  EXPECT_EQ(to_text(mistakes[2]), "shop.sql:8:1: an invariant 'B' was already there");
}

TEST_F(InvariantCheckerTest, ReadsTheFleetsTablesThroughTheTablesOfServices) {
  auto checked = checker(R"(
-- E6: a step takes effect once
-- class: S
-- key: saga_id
-- changed: fleet.effects(saga_id)
SELECT saga_id FROM fleet.effects WHERE state='APPLIED' AND {key saga_id}
  GROUP BY saga_id, step, kind HAVING COUNT(*)>1;
)");
  static constexpr Sql kEffect{
      "INSERT INTO shop.effects VALUES (?1, ?2, 'PIVOT', ?3, 'APPLIED', commit_seq())"};
  execute(1_s, 7, kEffect, kSaga7, "capture", "DO");
  EXPECT_EQ(checked.results()[0].violations, 0U);
  execute(2_s, 7, kEffect, kSaga7, "capture", "DO");
  EXPECT_EQ(checked.results()[0].violations, 1U);
}

TEST_F(InvariantCheckerTest, TheLedgerReadsEffectsFromTheFenceTables) {
  static constexpr Sql kEffect{
      "INSERT INTO shop.effects VALUES (?1, 'capture', 'PIVOT', ?2, 'APPLIED', commit_seq())"};
  for (const std::uint64_t saga : {7U, 8U, 9U}) {
    driver.saga(0_s, saga);
    driver.saga_ends(1_s, saga, SagaStatus::kFailed);
  }
  execute(1_s, 7, kEffect, to_text(std::uint64_t{7}), "DO");
  execute(2_s, 7, kEffect, to_text(std::uint64_t{7}), "UNDO");
  execute(3_s, 8, kEffect, to_text(std::uint64_t{8}), "DO");
  const LedgerBalance balance = driver.ledger.balance(&observer, {});
  EXPECT_EQ(balance[SagaOutcome::kCompensated], 1U);
  EXPECT_EQ(balance[SagaOutcome::kNotUndone], 1U);
  EXPECT_EQ(balance[SagaOutcome::kFailedCleanly], 1U);
}

}  // namespace
}  // namespace soundcheck
