#include <gtest/gtest.h>

#include "models/services/subscriptions/api.hpp"
#include "tests/unit/models/services/services_world.hpp"

namespace soundcheck {
namespace {

using testing_support::Delivery;
using testing_support::every_call;
using testing_support::nth_call;
using testing_support::SagaRun;
using testing_support::ServicesWorld;

class Subscriptions : public testing::Test {
 protected:
  std::string state_of(const SagaRun& run) {
    return world.text("SELECT state FROM subscriptions.subs WHERE sub_id = 'sub-" + run.saga_id +
                      "'");
  }
  std::string fence(const std::string& step) {
    return world.text(
        "SELECT group_concat(kind || ' ' || state, ', ') FROM (SELECT * FROM "
        "subscriptions.effects WHERE step = '" +
        step + "' ORDER BY seq)");
  }
  ServicesWorld world;
};

TEST_F(Subscriptions, ReserveOncePerSaga) {
  SagaRun run = world.start(10, "premium");
  const TaskResult first = world.attempt(run, "reserve_subscription");
  EXPECT_EQ(first.output["price"], 1499);
  EXPECT_EQ(world.attempt(run, "reserve_subscription", 1).output, first.output);
  EXPECT_EQ(state_of(run), "PENDING");
  EXPECT_EQ(fence("reserve_subscription"), "DO APPLIED");
}

TEST_F(Subscriptions, ReserveNothingForWhoHasOneOrWantsAnUnknownPlan) {
  SagaRun has_one = world.start(1, "premium");
  EXPECT_EQ(world.attempt(has_one, "reserve_subscription").status,
            TaskStatus::kFailedWithTerminalError);
  SagaRun unknown = world.start(10, "gold");
  EXPECT_EQ(world.attempt(unknown, "reserve_subscription").status,
            TaskStatus::kFailedWithTerminalError);
  SagaRun first = world.start(11, "premium", "a");
  SagaRun second = world.start(11, "premium", "b");
  EXPECT_EQ(world.attempt(first, "reserve_subscription").status, TaskStatus::kCompleted);
  EXPECT_EQ(world.attempt(second, "reserve_subscription").status,
            TaskStatus::kFailedWithTerminalError);
}

TEST_F(Subscriptions, RefuseAReservationThatComesAfterItsUndo) {
  SagaRun run = world.start(10, "premium");
  EXPECT_EQ(world.attempt(run, "undo_reserve_subscription").status, TaskStatus::kCompleted);
  EXPECT_EQ(world.attempt(run, "reserve_subscription").status,
            TaskStatus::kFailedWithTerminalError);
  EXPECT_EQ(state_of(run), "-");
  EXPECT_EQ(fence("reserve_subscription"), "UNDO NOOP, DO REFUSED");
}

TEST_F(Subscriptions, UndoAReservationOnce) {
  SagaRun run = world.start(10, "premium");
  world.attempt(run, "reserve_subscription");
  world.attempt(run, "undo_reserve_subscription");
  world.attempt(run, "undo_reserve_subscription", 1);
  EXPECT_EQ(state_of(run), "REJECTED");
  EXPECT_EQ(fence("reserve_subscription"), "DO APPLIED, UNDO APPLIED");
}

TEST_F(Subscriptions, RetryAPaymentWhoseOutcomeIsUnknown) {
  SagaRun run = world.start(10, "premium");
  world.attempt(run, "reserve_subscription");
  world.runtime.set_network(nth_call("payments", "authorize", 1, Delivery::kLostReply));
  EXPECT_EQ(world.attempt(run, "authorize_payment").status, TaskStatus::kFailed);
  EXPECT_EQ(world.attempt(run, "authorize_payment", 1).status, TaskStatus::kCompleted);
  world.runtime.set_network(nth_call("payments", "capture", 1, Delivery::kRefused));
  EXPECT_EQ(world.attempt(run, "charge_payment").status, TaskStatus::kFailed);
  EXPECT_EQ(world.attempt(run, "charge_payment", 1).output["state"], "CAPTURED");
}

TEST_F(Subscriptions, ActivateOncePaidAndFindOutWhenAskedAgain) {
  const SagaRun run = world.subscribe(10, "premium");
  SagaRun again = run;
  EXPECT_EQ(world.attempt(again, "activate_subscription", 1).status, TaskStatus::kCompleted);
  EXPECT_EQ(state_of(run), "ACTIVE");
  EXPECT_EQ(
      world.number("SELECT end_at - start_at FROM subscriptions.periods WHERE sub_id = 'sub-" +
                   run.saga_id + "'"),
      30LL * 86'400'000);
  EXPECT_EQ(fence("activate_subscription"), "DO APPLIED");
}

TEST_F(Subscriptions, ActivateNothingThatIsNotTheirs) {
  SagaRun run = world.start(10, "premium");
  run.outputs["reserve_subscription"] = Json{{"sub_id", "sub-u0000001x"}};
  EXPECT_EQ(world.attempt(run, "activate_subscription").status,
            TaskStatus::kFailedWithTerminalError);
}

// An orchestrator that died in the middle of a retry took the older attempt for the end of the
// step, while `${charge_payment.output...}` means the newer one, which has no output yet.
TEST_F(Subscriptions, ActivateAgainWhenThePaymentIsNotKnownYet) {
  SagaRun run = world.subscribe(10, "premium");
  run.outputs["charge_payment"] = Json{{"payment_id", nullptr}};
  EXPECT_EQ(world.attempt(run, "activate_subscription").status, TaskStatus::kFailed);
}

TEST_F(Subscriptions, UndoWhatWasHandedOutWhateverItsStatusSays) {
  // The bank holds the money, but the answer is lost four times.
  world.runtime.set_network(every_call("payments", "authorize", Delivery::kLostReply));
  const SagaRun run = world.subscribe(10, "premium");
  EXPECT_EQ(run.status, "FAILED");
  EXPECT_EQ(run.undone, (std::vector<std::string>{"authorize_payment", "reserve_subscription"}));
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM psp.operations WHERE kind = 'VOID'"), 1);
  EXPECT_TRUE(world.violated().empty());
}

TEST_F(Subscriptions, PayBackACaptureThatNobodyEverHeardOf) {
  world.runtime.set_network(every_call("payments", "capture", Delivery::kLostReply));
  const SagaRun run = world.subscribe(10, "family");
  EXPECT_EQ(run.status, "FAILED");
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM psp.operations WHERE kind = 'REFUND'"), 1);
  EXPECT_EQ(world.text("SELECT state FROM users.households WHERE household_id = 'house-" +
                       run.saga_id + "'"),
            "DISSOLVED");
  EXPECT_TRUE(world.violated().empty());
}

TEST_F(Subscriptions, AnswerWhatAUserHas) {
  EXPECT_EQ(world.runtime.call(subscriptions::GetSubscription{user_id_of(2)})->sub_id,
            "sub-" + user_id_of(2));
  EXPECT_FALSE(world.runtime.call(subscriptions::GetSubscription{user_id_of(15)})->found);
}

}  // namespace
}  // namespace soundcheck
