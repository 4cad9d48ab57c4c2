#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "models/services/payments/api.hpp"
#include "tests/unit/models/services/services_world.hpp"

namespace soundcheck {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;
using testing_support::Delivery;
using testing_support::every_call;
using testing_support::nth_call;
using testing_support::ServicesWorld;

constexpr const char* kSaga = "00000000000000aa";
const std::string kIdem = std::string(kSaga) + ":authorize_payment";

class Payments : public testing::Test {
 protected:
  Result<payments::Receipt> authorize() {
    return world.runtime.call(
        payments::Authorize{kIdem, user_id_of(10), "SUBSCRIBE", "sub-10", 1099},
        world.runtime.saga(kSaga, "authorize_payment"));
  }
  Result<payments::Receipt> capture() {
    return world.runtime.call(
        payments::Capture{payment_id(), std::string(kSaga) + ":charge_payment"},
        world.runtime.saga(kSaga, "charge_payment"));
  }
  std::string release(bool capture_only) {
    const auto released = world.runtime.call(
        payments::Release{kIdem, capture_only},
        world.runtime.saga(kSaga, capture_only ? "undo_charge_payment" : "undo_authorize_payment"));
    return released ? released->outcome : std::string(name_of(released.error().code));
  }
  std::string payment_id() {
    return world.text("SELECT payment_id FROM payments.payments WHERE idem = '" + kIdem + "'");
  }
  std::string state() {
    return world.text("SELECT state FROM payments.payments WHERE idem = '" + kIdem + "'");
  }
  std::int64_t bank(const std::string& kind) {
    return world.number("SELECT COUNT(*) FROM psp.operations WHERE kind = '" + kind + "'");
  }
  // "DO APPLIED, UNDO NOOP": what the fence says about a step.
  std::string fence(const std::string& step) {
    return world.text(
        "SELECT group_concat(kind || ' ' || state, ', ') FROM (SELECT * FROM payments.effects "
        "WHERE step = '" +
        step + "' ORDER BY seq)");
  }
  void expect_sound() {
    world.runtime.advance(2_min);
    std::set<std::string> violated = world.violated();
    violated.erase("S1");  // there is no subscription around these payments
    violated.erase("P9");
    EXPECT_THAT(violated, IsEmpty());
  }

  ServicesWorld world{{}, {.users = 20}};
};

TEST_F(Payments, TakeMoneyOnceAndTellEveryBookOfIt) {
  EXPECT_EQ(authorize()->state, "AUTHORIZED");
  EXPECT_EQ(capture()->state, "CAPTURED");
  world.runtime.advance(1_s);
  EXPECT_EQ(bank("AUTH"), 1);
  EXPECT_EQ(bank("CAPTURE"), 1);
  EXPECT_EQ(world.number("SELECT SUM(amount) FROM payments.ledger WHERE account = 'CASH'"), 1099);
  EXPECT_EQ(world.number("SELECT SUM(amount) FROM payments.ledger"), 0);
  EXPECT_EQ(fence("authorize_payment"), "DO APPLIED");
  EXPECT_EQ(fence("charge_payment"), "DO APPLIED");
  EXPECT_EQ(world.text("SELECT role FROM payments.effects WHERE step = 'charge_payment'"), "PIVOT");
  EXPECT_EQ(world.text("SELECT event FROM logging.transactions"), "CAPTURE");
  expect_sound();
}

TEST_F(Payments, AnswerTheSameReceiptWhenRetried) {
  const auto first = authorize();
  const auto second = authorize();
  EXPECT_EQ(first->payment_id, second->payment_id);
  capture();
  EXPECT_EQ(capture()->state, "CAPTURED");
  EXPECT_EQ(authorize()->state, "CAPTURED");
  EXPECT_EQ(bank("AUTH"), 1);
  EXPECT_EQ(bank("CAPTURE"), 1);
  EXPECT_EQ(world.runtime.calls_to("psp", "authorize"), 1u);
  expect_sound();
}

TEST_F(Payments, TakeNothingWhenAuthDoesNotAnswer) {
  world.runtime.set_network(every_call("auth", "authorize-billing", Delivery::kLostRequest));
  const auto receipt = authorize();
  ASSERT_FALSE(receipt.has_value());
  EXPECT_FALSE(receipt.error().definite);
  EXPECT_EQ(bank("AUTH"), 0);
  EXPECT_EQ(fence("authorize_payment"), "");
}

TEST_F(Payments, AreDeclinedByAuthWithoutAskingTheBank) {
  world.sql("UPDATE auth.billing SET state = 'VOID'");
  EXPECT_EQ(authorize()->decline_reason, "no verified billing profile");
  EXPECT_EQ(world.runtime.calls_to("psp", "authorize"), 0u);
  expect_sound();
  EXPECT_EQ(world.text("SELECT event FROM logging.transactions"), "DECLINE");
}

TEST_F(Payments, KeepADecline) {
  world.sql("INSERT INTO psp.blocked_customers VALUES ('" + user_id_of(10) + "', 'AUTH')");
  EXPECT_EQ(authorize()->state, "DECLINED");
  world.sql("DELETE FROM psp.blocked_customers");
  EXPECT_EQ(authorize()->decline_reason, "card declined");
  EXPECT_EQ(world.runtime.calls_to("psp", "authorize"), 1u);
  expect_sound();
}

TEST_F(Payments, AskTheBankBeforeTheyCaptureAgain) {
  authorize();
  world.runtime.set_network(nth_call("psp", "capture", 1, Delivery::kLostReply));
  const auto unknown = capture();
  ASSERT_FALSE(unknown.has_value());
  EXPECT_FALSE(unknown.error().definite);
  EXPECT_EQ(state(), "AUTHORIZED");
  EXPECT_EQ(capture()->state, "CAPTURED");
  EXPECT_EQ(world.runtime.calls_to("psp", "status"), 1u);
  EXPECT_EQ(world.runtime.calls_to("psp", "capture"), 1u);
  expect_sound();
}

TEST_F(Payments, CaptureOnceEvenAfterTheBankForgotTheKey) {
  authorize();
  world.runtime.set_network(nth_call("psp", "capture", 1, Delivery::kLostReply));
  ASSERT_FALSE(capture().has_value());
  world.runtime.advance(25_h);
  EXPECT_EQ(capture()->state, "CAPTURED");
  EXPECT_EQ(bank("CAPTURE"), 1);
}

TEST_F(Payments, AskAuthAgainWhenTheDecisionIsAboutToExpire) {
  authorize();
  world.runtime.advance(59_min);
  EXPECT_EQ(capture()->state, "CAPTURED");
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM auth.decisions"), 2);
  expect_sound();
}

TEST_F(Payments, CaptureNothingWithoutAFreshDecision) {
  authorize();
  world.runtime.advance(2_h);
  world.sql("UPDATE auth.credentials SET state = 'REVOKED'");
  EXPECT_EQ(capture()->decline_reason, "the user may not log in");
  EXPECT_EQ(bank("CAPTURE"), 0);
  EXPECT_EQ(release(true), "NOOP");
  EXPECT_EQ(release(false), "VOIDED");
}

TEST_F(Payments, ReleaseVoidsWhatIsAuthorized) {
  authorize();
  EXPECT_EQ(release(true), "NOOP");
  EXPECT_EQ(release(false), "VOIDED");
  EXPECT_EQ(release(false), "VOIDED");  // asked again
  EXPECT_EQ(bank("VOID"), 1);
  EXPECT_EQ(fence("charge_payment"), "UNDO NOOP");
  EXPECT_EQ(fence("authorize_payment"), "DO APPLIED, UNDO APPLIED");
  expect_sound();
}

TEST_F(Payments, ReleasePaysBackWhatWasCapturedAndNeverBooked) {
  authorize();
  world.runtime.set_network(nth_call("psp", "capture", 1, Delivery::kLostReply));
  ASSERT_FALSE(capture().has_value());
  EXPECT_EQ(release(true), "REFUNDED");
  EXPECT_EQ(release(false), "REFUNDED");
  EXPECT_EQ(bank("REFUND"), 1);
  EXPECT_EQ(bank("VOID"), 0);
  EXPECT_EQ(fence("charge_payment"), "DO APPLIED, UNDO APPLIED");
  EXPECT_EQ(fence("authorize_payment"), "DO APPLIED, UNDO APPLIED");
  expect_sound();
}

TEST_F(Payments, ReleaseOfTheAuthorizationAloneAlsoUndoesTheCapture) {
  authorize();
  capture();
  EXPECT_EQ(release(false), "REFUNDED");
  EXPECT_EQ(fence("charge_payment"), "DO APPLIED, UNDO APPLIED");
  EXPECT_EQ(fence("authorize_payment"), "DO APPLIED, UNDO APPLIED");
  expect_sound();
}

TEST_F(Payments, ReleaseFindsAnAuthorizationWhoseReplyWasLost) {
  world.runtime.set_network(nth_call("psp", "authorize", 1, Delivery::kLostReply));
  ASSERT_FALSE(authorize().has_value());
  EXPECT_EQ(state(), "CREATED");
  EXPECT_EQ(release(false), "VOIDED");
  EXPECT_EQ(fence("authorize_payment"), "DO APPLIED, UNDO APPLIED");
  expect_sound();
}

TEST_F(Payments, ReleaseOfWhatNeverArrivedLeavesAFence) {
  EXPECT_EQ(release(true), "NOOP");
  EXPECT_EQ(release(false), "NOOP");
  const auto late = authorize();
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, ErrorCode::kConflict);
  EXPECT_EQ(fence("authorize_payment"), "UNDO NOOP, DO REFUSED");
  EXPECT_EQ(bank("AUTH"), 0);
  ASSERT_FALSE(authorize().has_value());  // one row, however often it comes
  EXPECT_EQ(fence("authorize_payment"), "UNDO NOOP, DO REFUSED");
}

TEST_F(Payments, ReleaseStopsAnAuthorizationThatIsStillOnItsWayToTheBank) {
  world.runtime.set_network(nth_call("psp", "authorize", 1, Delivery::kHeld));
  ASSERT_FALSE(authorize().has_value());
  EXPECT_EQ(release(false), "NOOP");
  EXPECT_EQ(state(), "VOIDED");
  world.runtime.deliver_held();
  EXPECT_EQ(bank("AUTH"), 0);
  expect_sound();
}

TEST_F(Payments, ReleaseStopsACaptureThatIsStillOnItsWayToTheBank) {
  authorize();
  world.runtime.set_network(nth_call("psp", "capture", 1, Delivery::kHeld));
  ASSERT_FALSE(capture().has_value());
  EXPECT_EQ(release(true), "NOOP");
  EXPECT_EQ(release(false), "VOIDED");
  world.runtime.deliver_held();
  EXPECT_EQ(bank("CAPTURE"), 0);
  expect_sound();
}

TEST_F(Payments, ReleaseStopsACaptureOnItsWayThatAuthHasMeanwhileDenied) {
  authorize();
  world.runtime.advance(59_min);
  world.runtime.set_network(nth_call("psp", "capture", 1, Delivery::kHeld));
  ASSERT_FALSE(capture().has_value());
  world.sql("UPDATE auth.credentials SET state = 'REVOKED'");
  world.sql("UPDATE auth.decisions SET expires_at = at");
  world.sql("UPDATE payments.payments SET decision_expires_at = 0");
  EXPECT_EQ(capture()->decline_reason, "the user may not log in");
  release(true);
  release(false);
  world.runtime.deliver_held();
  EXPECT_EQ(bank("CAPTURE"), 0);
}

TEST_F(Payments, RefuseACaptureThatComesAfterItsUndo) {
  authorize();
  EXPECT_EQ(release(true), "NOOP");
  const auto late = capture();
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, ErrorCode::kConflict);
  EXPECT_EQ(fence("charge_payment"), "UNDO NOOP, DO REFUSED");
  EXPECT_EQ(bank("CAPTURE"), 0);
}

TEST_F(Payments, VoidOnceEvenAfterTheBankForgotTheKey) {
  authorize();
  world.runtime.set_network(nth_call("psp", "void", 1, Delivery::kLostReply));
  EXPECT_EQ(release(false), "timeout");
  world.runtime.advance(25_h);
  EXPECT_EQ(release(false), "VOIDED");
  EXPECT_EQ(bank("VOID"), 1);
  expect_sound();
}

TEST_F(Payments, RefundOnceEvenAfterTheBankForgotTheKey) {
  authorize();
  capture();
  world.runtime.set_network(nth_call("psp", "refund", 1, Delivery::kLostReply));
  EXPECT_EQ(release(true), "timeout");
  world.runtime.advance(25_h);
  EXPECT_EQ(release(true), "REFUNDED");
  EXPECT_EQ(release(false), "REFUNDED");
  EXPECT_EQ(bank("REFUND"), 1);
  expect_sound();
}

TEST_F(Payments, RefundOnceForEachReasonAndNeverMoreThanIsLeft) {
  authorize();
  capture();
  const auto refund = [&](const char* reason, std::int64_t amount) {
    return world.runtime.call(payments::Refund{payment_id(), reason, amount});
  };
  EXPECT_EQ(refund("CANCEL:1", 500)->refunded, 500);
  EXPECT_EQ(refund("CANCEL:1", 500)->refunded, 500);
  EXPECT_EQ(refund("CANCEL:2", 600).error().code, ErrorCode::kConflict);
  EXPECT_EQ(refund("CANCEL:3", 599)->refunded, 1099);
  EXPECT_EQ(bank("REFUND"), 2);
  expect_sound();
}

TEST_F(Payments, VoidOnlyWhatNobodyCaptures) {
  const payments::Authorize no_saga{kIdem, user_id_of(10), "SUBSCRIBE", "sub-10", 1099};
  EXPECT_EQ(world.runtime.call(no_saga)->state, "AUTHORIZED");
  EXPECT_EQ(world.runtime.call(payments::Void{payment_id()})->state, "VOIDED");
  EXPECT_EQ(world.runtime.call(payments::Void{payment_id()})->state, "VOIDED");
  EXPECT_EQ(bank("VOID"), 1);
  EXPECT_EQ(world.runtime.call(payments::Void{"nothing"}).error().code, ErrorCode::kNotFound);
  expect_sound();
}

TEST_F(Payments, DoNotVoidWhatMayHaveBeenCaptured) {
  authorize();
  world.runtime.set_network(nth_call("psp", "capture", 1, Delivery::kLostReply));
  ASSERT_FALSE(capture().has_value());
  EXPECT_EQ(world.runtime.call(payments::Void{payment_id()}).error().code, ErrorCode::kConflict);
}

TEST_F(Payments, KeepTheEventUntilLoggingHasIt) {
  authorize();
  world.runtime.set_network(every_call("logging", "record-transactions", Delivery::kLostRequest));
  capture();
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM payments.outbox WHERE published_at IS NULL"), 1);
  EXPECT_THAT(world.violated(), Contains("E10"));
  world.runtime.restart("payments");  // whoever was about to send it is dead
  world.runtime.set_network({});
  world.runtime.advance(1_s);
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM logging.transactions"), 1);
  EXPECT_THAT(world.violated(), Not(Contains("E10")));
}

// A database that acknowledged a commit and lost it in a crash (fsync: never): the row that the
// service read a moment ago is gone when the other party answers. That is damage of the simulated
// world; the service says what a real one would.
class LostPayment : public Payments {
 protected:
  // `lost` leaves the books while the call to `service`.`method` is under way.
  void lose(const std::string& lost, const std::string& service, const std::string& method) {
    world.runtime.set_network([this, lost, service, method](const RpcName& rpc) {
      if (rpc.service == service && rpc.method == method) world.sql("DELETE FROM " + lost);
      return Delivery::kNormal;
    });
  }
  template <class T>
  void expect_not_found(const Result<T>& answer) {
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code, ErrorCode::kNotFound);
    EXPECT_TRUE(answer.error().definite);
  }
  Result<payments::Released> give_back() {
    return world.runtime.call(payments::Release{kIdem, false},
                              world.runtime.saga(kSaga, "undo_authorize_payment"));
  }
};

TEST_F(LostPayment, IsNotFoundByItsAuthorization) {
  lose("payments.payments", "psp", "authorize");
  expect_not_found(authorize());
}

TEST_F(LostPayment, IsNotFoundByADeclineOfAuth) {
  world.sql("UPDATE auth.credentials SET state = 'DISABLED'");
  lose("payments.payments", "auth", "authorize-billing");
  expect_not_found(authorize());
}

TEST_F(LostPayment, IsNotFoundByItsCapture) {
  authorize();
  lose("payments.payments", "psp", "capture");
  expect_not_found(capture());
}

TEST_F(LostPayment, IsNotFoundByADeclinedCapture) {
  authorize();
  world.sql("INSERT INTO psp.blocked_customers (customer_id, kind) VALUES ('" + user_id_of(10) +
            "', 'CAPTURE')");
  lose("payments.payments", "psp", "capture");
  expect_not_found(capture());
}

TEST_F(LostPayment, IsNotFoundByAVoid) {
  authorize();
  lose("payments.payments", "psp", "status");
  expect_not_found(world.runtime.call(payments::Void{payment_id()}));
}

TEST_F(LostPayment, IsNothingToUndoWhenTheUndoComesAgain) {
  authorize();
  capture();
  lose("payments.payments", "psp", "refund");
  expect_not_found(give_back());
  EXPECT_EQ(give_back()->outcome, "NOOP");
}

TEST_F(LostPayment, IsNotFoundByARefundThatWasLost) {
  authorize();
  capture();
  lose("payments.refunds", "psp", "refund");
  expect_not_found(world.runtime.call(payments::Refund{payment_id(), "CANCEL:1", 100}));
  world.runtime.set_network({});
  EXPECT_EQ(world.runtime.call(payments::Refund{payment_id(), "CANCEL:1", 100})->refunded, 100);
  EXPECT_EQ(bank("REFUND"), 1) << "the bank knows the key";
}

}  // namespace
}  // namespace soundcheck
