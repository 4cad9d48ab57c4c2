#include "reports/ledger/ledger.hpp"

#include <gtest/gtest.h>

#include "tests/unit/reports/run_driver.hpp"

namespace soundcheck {
namespace {

SagaOutcome only_outcome(const LedgerBalance& balance) {
  for (const SagaOutcome outcome : kAllSagaOutcomes) {
    if (balance[outcome] == 1) return outcome;
  }
  ADD_FAILURE() << "no outcome";
  return SagaOutcome::kStuck;
}

TEST(Ledger, StartsEmpty) {
  RunDriver run;
  const LedgerBalance balance = run.ledger.balance(nullptr, {});
  EXPECT_EQ(balance.started, 0U);
  EXPECT_FALSE(run.ledger.open(1));
}

TEST(Ledger, CountsACompletedSaga) {
  RunDriver run;
  run.saga(1_s, 7);
  EXPECT_TRUE(run.ledger.open(7));
  EXPECT_EQ(run.ledger.open_sagas(), 1U);
  run.saga_ends(3_s, 7, SagaStatus::kCompleted);
  EXPECT_FALSE(run.ledger.open(7));
  EXPECT_EQ(run.ledger.open_sagas(), 0U);
  const LedgerBalance balance = run.ledger.balance(nullptr, {});
  EXPECT_EQ(only_outcome(balance), SagaOutcome::kCompleted);
  EXPECT_EQ(balance.workflows.at(0).duration.maximum(), 2_s);
}

TEST(Ledger, KeepsAFailedSagaOpenUntilItsCompensationHasEnded) {
  RunDriver run;
  run.saga(1_s, 7);
  run.saga_ends(2_s, 7, SagaStatus::kFailed, false, "capture");
  EXPECT_TRUE(run.ledger.open(7));  // the watchdog may yet start it
  run.saga(60_s, 7, true, "subscribe_undo");
  EXPECT_EQ(run.ledger.open_sagas(), 1U);
  run.saga_ends(61_s, 7, SagaStatus::kCompleted, true, "", "subscribe_undo");
  EXPECT_FALSE(run.ledger.open(7));
  EXPECT_EQ(run.ledger.open_sagas(), 0U);
  EXPECT_EQ(only_outcome(run.ledger.balance(nullptr, {})), SagaOutcome::kFailedCleanly)
      << "no step of it was done";
}

TEST(Ledger, CallsASagaStuckThatDidNotEndAndSaysWhere) {
  RunDriver run;
  run.saga(1_s, 7);
  run.step(2_s, 7, "capture", SagaTaskStatus::kScheduled);
  run.step(3_s, 7, "capture", SagaTaskStatus::kScheduled, 1);
  const LedgerBalance balance = run.ledger.balance(nullptr, {});
  EXPECT_EQ(only_outcome(balance), SagaOutcome::kStuck);
  EXPECT_EQ(run.events.names().text(balance.worst.at(0).saga.step), "capture");
  EXPECT_EQ(balance.worst.at(0).saga.retries, 1U);
}

TEST(Ledger, CallsASagaStuckWhoseCompensationGaveUp) {
  RunDriver run;
  run.saga(1_s, 7);
  run.saga_ends(2_s, 7, SagaStatus::kTimedOut, false, "capture");
  run.saga(3_s, 7, true, "subscribe_undo");
  run.saga_ends(4_s, 7, SagaStatus::kFailed, true, "void", "subscribe_undo");
  const LedgerBalance balance = run.ledger.balance(nullptr, {});
  EXPECT_EQ(only_outcome(balance), SagaOutcome::kStuck);
  EXPECT_EQ(run.events.names().text(balance.worst.at(0).saga.step), "void");
}

TEST(Ledger, WaitsForAPersonWhileAHumanTaskIsOpen) {
  RunDriver run;
  run.saga(1_s, 7);
  run.human(2_s, 7, "approve");
  EXPECT_EQ(only_outcome(run.ledger.balance(nullptr, {})), SagaOutcome::kNeedsHuman);
  run.step(3_s, 7, "approve", SagaTaskStatus::kCompleted);
  EXPECT_EQ(only_outcome(run.ledger.balance(nullptr, {})), SagaOutcome::kStuck);
}

TEST(Ledger, CallsACompletedSagaInconsistentWhenAViolationNamesIt) {
  RunDriver run;
  run.saga(1_s, 7);
  run.saga(1_s, 8);
  run.saga_ends(2_s, 7, SagaStatus::kCompleted);
  run.saga_ends(2_s, 8, SagaStatus::kCompleted);
  const LedgerBalance balance = run.ledger.balance(nullptr, {.violated = {8}});
  EXPECT_EQ(balance[SagaOutcome::kCompleted], 1U);
  EXPECT_EQ(balance[SagaOutcome::kInconsistent], 1U);
  EXPECT_EQ(balance.worst.at(0).saga.id, 8U);
}

// Stuck, waiting and inconsistent exclude one another, whatever invariants name the saga.
TEST(Ledger, DoesNotCallASagaInconsistentThatHasNotEnded) {
  SagaRecord saga{.id = 1};
  EXPECT_EQ(outcome_of(saga, {}, {.violated = true, .unended = true}), SagaOutcome::kStuck);
  saga.human_step = NameId(2);
  EXPECT_EQ(outcome_of(saga, {}, {.violated = true, .unended = true}), SagaOutcome::kNeedsHuman);
  saga = {.id = 1, .status = SagaStatus::kFailed};
  EXPECT_EQ(outcome_of(saga, {}, {.violated = true, .unended = true}), SagaOutcome::kStuck)
      << "its compensation never began";
  saga.compensation = NameId(3);
  saga.undo_status = SagaStatus::kFailed;
  EXPECT_EQ(outcome_of(saga, {}, {.violated = true}), SagaOutcome::kStuck)
      << "its compensation gave up";
  saga.undo_status = SagaStatus::kCompleted;
  EXPECT_EQ(outcome_of(saga, {}, {.unended = true}), SagaOutcome::kInconsistent)
      << "compensated twice";
}

TEST(Ledger, TellsByEffectsWhatAFailedSagaLeft) {
  SagaRecord failed{.id = 1, .status = SagaStatus::kFailed};
  EXPECT_EQ(outcome_of(failed, {.known = true}), SagaOutcome::kFailedCleanly);
  EXPECT_EQ(outcome_of(failed, {.known = true, .any = true}), SagaOutcome::kCompensated);
  EXPECT_EQ(outcome_of(failed, {.known = true, .any = true, .left = true}),
            SagaOutcome::kNotUndone);
  EXPECT_EQ(outcome_of(failed, {.known = true, .any = true, .left = true, .undone = true}),
            SagaOutcome::kInconsistent);
  EXPECT_EQ(outcome_of(failed, {.known = true, .any = true, .unstated = true}),
            SagaOutcome::kUnjudged);
  EXPECT_EQ(outcome_of(failed, {.known = true, .any = true, .left = true, .unstated = true}),
            SagaOutcome::kNotUndone)
      << "what is known to be wrong is not made right by what is not";
  const SagaRecord completed{.id = 1, .status = SagaStatus::kCompleted};
  EXPECT_EQ(outcome_of(completed, {.known = true, .unstated = true}), SagaOutcome::kCompleted);
  EXPECT_EQ(outcome_of(completed, {}, {.left = true}), SagaOutcome::kInconsistent);
}

TEST(Ledger, WithoutEffectsDoesNotJudgeASagaThatDidSomething) {
  SagaRecord ended{.id = 1, .status = SagaStatus::kTerminated};
  EXPECT_EQ(outcome_of(ended, {}), SagaOutcome::kFailedCleanly);
  ended.did_something = true;
  EXPECT_EQ(outcome_of(ended, {}), SagaOutcome::kUnjudged);
  EXPECT_EQ(outcome_of(ended, {.known = true}), SagaOutcome::kFailedCleanly);
  ended.compensation = NameId(3);
  EXPECT_EQ(outcome_of(ended, {}), SagaOutcome::kUnjudged) << "it may have undone nothing";
  ended.undo_status = SagaStatus::kFailed;
  EXPECT_EQ(outcome_of(ended, {}), SagaOutcome::kStuck);
}

TEST(Ledger, FindsEachOfManySagas) {
  RunDriver run;
  for (std::uint64_t id = 1; id <= 5'000; ++id) run.saga(1_s, id * 0x9e3779b97f4a7c15ULL);
  for (std::uint64_t id = 1; id <= 5'000; ++id) {
    const SagaRecord* const saga = run.ledger.find(id * 0x9e3779b97f4a7c15ULL);
    ASSERT_NE(saga, nullptr);
    ASSERT_EQ(saga->id, id * 0x9e3779b97f4a7c15ULL);
  }
  EXPECT_EQ(run.ledger.find(17), nullptr);
  EXPECT_EQ(run.ledger.balance(nullptr, {}).worst.size(), Ledger::kWorstCases);
}

}  // namespace
}  // namespace soundcheck
