// Each seeded defect is reported by its invariants, and the same events without it are not. Which
// reply was lost decides what fires: the sets below are complete.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/models/services/services_world.hpp"

namespace soundcheck {
namespace {

using testing::IsEmpty;
using testing_support::Delivery;
using testing_support::every_call;
using testing_support::LocalRuntime;
using testing_support::nth_call;
using testing_support::People;
using testing_support::SagaRun;
using testing_support::ServicesWorld;
using Ids = std::set<std::string>;

// Runs one saga of a family with this network, with and without the defect.
struct Outcome {
  Ids with_defect;
  Ids without;
};
Outcome compare(const std::string& defect, const std::function<LocalRuntime::Network()>& network,
                People people = {.users = 20, .subscribers = 8}) {
  const auto run = [&](std::set<std::string, std::less<>> defects) {
    ServicesWorld world(std::move(defects), people);
    world.runtime.set_network(network());
    world.subscribe(10, "family");
    world.runtime.set_network({});
    world.runtime.advance(5_min);
    return world.violated();
  };
  return {run({defect}), run({})};
}

TEST(Defects, CaptureWithoutKeyAfterALostReplyOfTheBank) {
  const Outcome outcome = compare(
      "capture_without_key", [] { return nth_call("psp", "capture", 1, Delivery::kLostReply); });
  EXPECT_EQ(outcome.with_defect, (Ids{"P1", "P11", "L1"}));
  EXPECT_THAT(outcome.without, IsEmpty());
}

TEST(Defects, CaptureWithoutKeyAfterALostReplyOfPayments) {
  const Outcome outcome = compare("capture_without_key", [] {
    return nth_call("payments", "capture", 1, Delivery::kLostReply);
  });
  EXPECT_EQ(outcome.with_defect, (Ids{"P1", "L1", "E6"}));
  EXPECT_THAT(outcome.without, IsEmpty());
}

TEST(Defects, KeyPerAttemptChargesTheSamePurposeTwice) {
  const Outcome outcome = compare(
      "key_per_attempt", [] { return nth_call("payments", "capture", 1, Delivery::kLostReply); });
  EXPECT_THAT(outcome.with_defect, testing::IsSupersetOf(Ids{"P2", "S1"}));
  EXPECT_THAT(outcome.with_defect, testing::IsSubsetOf(Ids{"P2", "S1", "E6"}));
  EXPECT_THAT(outcome.without, IsEmpty());
}

TEST(Defects, KeyExpiredWithoutAStatusQuery) {
  const auto violated = [](std::set<std::string, std::less<>> defects) {
    ServicesWorld world(std::move(defects));
    world.runtime.set_network(nth_call("psp", "capture", 1, Delivery::kLostReply));
    world.subscribe(10, "individual", 4, [&](const std::string& step, int retry) {
      if (step == "charge_payment" && retry == 1) world.runtime.advance(25_h);
    });
    return world.violated();
  };
  EXPECT_EQ(violated({"key_expired"}), (Ids{"P1", "P11", "L1"}));
  EXPECT_THAT(violated({}), IsEmpty());
}

TEST(Defects, RefundWithoutKeyPaysBackTwice) {
  const auto network = [] {
    return [captures = every_call("payments", "capture", Delivery::kLostReply),
            refunds = nth_call("psp", "refund", 1, Delivery::kLostReply)](const RpcName& name) {
      return name.service == "psp" ? refunds(name) : captures(name);
    };
  };
  const Outcome outcome = compare("refund_without_key", network);
  EXPECT_EQ(outcome.with_defect, (Ids{"P4", "P7", "P9", "P11", "L1"}));
  EXPECT_THAT(outcome.without, IsEmpty());
}

TEST(Defects, UndoCompletedOnlyLeavesACaptureStanding) {
  const Outcome outcome = compare("undo_completed_only", [] {
    return every_call("payments", "capture", Delivery::kLostReply);
  });
  EXPECT_EQ(outcome.with_defect, (Ids{"S1", "E4", "E5", "E11"}));
  EXPECT_THAT(outcome.without, IsEmpty());
}

TEST(Defects, UndoCompletedOnlyLeavesAnAuthorizationStanding) {
  const Outcome outcome = compare("undo_completed_only", [] {
    return every_call("payments", "authorize", Delivery::kLostReply);
  });
  EXPECT_EQ(outcome.with_defect, (Ids{"E3", "P9"}));
  EXPECT_THAT(outcome.without, IsEmpty());
}

TEST(Defects, BlindUndoUndoesWhatNeverRan) {
  const Outcome outcome =
      compare("blind_undo", [] { return every_call("payments", "authorize", Delivery::kRefused); });
  EXPECT_EQ(outcome.with_defect, (Ids{"E7"}));
  EXPECT_THAT(outcome.without, IsEmpty());
}

// The bank never hears of the first attempt; it is delivered after the saga was undone.
Ids late_capture(std::set<std::string, std::less<>> defects) {
  ServicesWorld world(std::move(defects));
  world.runtime.set_network(every_call("payments", "capture", Delivery::kHeld));
  world.subscribe(10, "individual", 1);
  world.runtime.set_network({});
  world.runtime.deliver_held();
  world.runtime.advance(5_min);
  return world.violated();
}

TEST(Defects, NoFenceLetsALateCaptureThrough) {
  const Ids violated = late_capture({"no_fence"});
  EXPECT_EQ(violated, (Ids{"E4", "E5", "E8", "E11", "P5", "S1"}));
  EXPECT_THAT(late_capture({}), IsEmpty());
}

TEST(Defects, VoidOnUnknownVoidsWhatWasCaptured) {
  // The bank's answer to the first attempt is lost, and no later attempt gets to payments.
  const auto network = [] {
    return [captures = nth_call("psp", "capture", 1, Delivery::kLostReply),
            seen = std::make_shared<int>(0)](const RpcName& name) {
      if (name.service == "payments" && name.method == "capture") {
        return ++*seen == 1 ? Delivery::kNormal : Delivery::kRefused;
      }
      return captures(name);
    };
  };
  const Outcome outcome = compare("void_on_unknown", network);
  EXPECT_EQ(outcome.with_defect, (Ids{"P5", "P7", "P11", "L1"}));
  EXPECT_THAT(outcome.without, IsEmpty());
}

TEST(Defects, FailOpenAuthCapturesWithoutADecision) {
  const Outcome outcome = compare("fail_open_auth", [] {
    return every_call("auth", "authorize-billing", Delivery::kLostRequest);
  });
  EXPECT_EQ(outcome.with_defect, (Ids{"P6"}));
  EXPECT_THAT(outcome.without, IsEmpty());
}

TEST(Defects, DualWriteLosesTheRecord) {
  const Outcome outcome = compare("dual_write_log", [] {
    return nth_call("logging", "record-transactions", 1, Delivery::kLostRequest);
  });
  EXPECT_EQ(outcome.with_defect, (Ids{"L1", "E4", "E10"}));
  EXPECT_THAT(outcome.without, IsEmpty());
}

TEST(Defects, SoftFailureCallsADeclinedCaptureCompleted) {
  const People declining{.users = 20, .subscribers = 8, .declined_captures = 1};
  const Outcome outcome =
      compare("soft_failure", [] { return LocalRuntime::Network(); }, declining);
  EXPECT_THAT(outcome.with_defect, testing::IsSupersetOf(Ids{"E11", "S2"}));
  EXPECT_THAT(outcome.with_defect, testing::IsSubsetOf(Ids{"E11", "S2", "E3", "P9"}));
  EXPECT_THAT(outcome.without, IsEmpty());
}

TEST(Defects, PivotTooEarlyServesBeforeItIsPaid) {
  const auto served_unpaid = [](std::set<std::string, std::less<>> defects) {
    ServicesWorld world(std::move(defects));
    Ids during;
    world.runtime.set_network([&](const RpcName& name) {
      if (name.service == "psp" && name.method == "capture") during.merge(world.violated());
      return Delivery::kNormal;
    });
    world.subscribe(10, "individual");
    during.erase("P9");  // at rest only
    during.erase("S5");
    during.erase("S6");
    during.erase("E1");
    during.erase("E3");
    during.erase("E11");
    return during;
  };
  EXPECT_EQ(served_unpaid({"pivot_too_early"}), (Ids{"S2"}));
  EXPECT_THAT(served_unpaid({}), IsEmpty());
}

}  // namespace
}  // namespace soundcheck
