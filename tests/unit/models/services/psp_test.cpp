#include <gtest/gtest.h>

#include "models/outside/psp/api.hpp"
#include "tests/unit/models/services/services_world.hpp"

namespace soundcheck {
namespace {

using testing_support::ServicesWorld;

class Psp : public testing::Test {
 protected:
  Result<psp::Answer> authorize(const char* key = "a") {
    return world.runtime.call(psp::Authorize{"ref", key, "customer", 100});
  }
  Result<psp::Answer> capture(const char* key, std::int64_t amount = 100) {
    return world.runtime.call(psp::Capture{.merchant_ref = "ref", .key = key, .amount = amount});
  }
  psp::KeyStatus status(const char* key, bool close = false) {
    return *world.runtime.call(psp::Status{key, close});
  }
  std::int64_t count(const std::string& kind) {
    return world.number("SELECT COUNT(*) FROM psp.operations WHERE kind = '" + kind + "'");
  }
  ServicesWorld world{{}, {.users = 0}};
};

TEST_F(Psp, ReplaysTheStoredAnswerUnderAKey) {
  const auto first = authorize();
  EXPECT_TRUE(first->approved);
  EXPECT_EQ(authorize()->operation_id, first->operation_id);
  EXPECT_EQ(count("AUTH"), 1);
}

TEST_F(Psp, ReplaysADeclineEvenWhenTheCardIsFineAgain) {
  world.sql("INSERT INTO psp.blocked_customers VALUES ('customer', 'AUTH')");
  EXPECT_FALSE(authorize()->approved);
  world.sql("DELETE FROM psp.blocked_customers");
  EXPECT_EQ(authorize()->reason, "card declined");
  EXPECT_TRUE(authorize("another key")->approved);
}

TEST_F(Psp, DeclinesACaptureOfABlockedCustomer) {
  world.sql("INSERT INTO psp.blocked_customers VALUES ('customer', 'CAPTURE')");
  EXPECT_TRUE(authorize()->approved);
  EXPECT_EQ(capture("c")->reason, "card declined");
}

TEST_F(Psp, ForgetsAKeyAfter24HoursButNotWhatBecameOfIt) {
  authorize();
  capture("c");
  world.runtime.advance(24_h - 1_ms);
  capture("c");
  EXPECT_EQ(count("CAPTURE"), 1);
  world.runtime.advance(1_ms);
  EXPECT_TRUE(status("c").answer.approved);
  capture("c");
  EXPECT_EQ(count("CAPTURE"), 2);
}

TEST_F(Psp, ExecutesARequestWithoutAKeyEveryTime) {
  authorize();
  capture("");
  capture("");
  EXPECT_EQ(count("CAPTURE"), 2);
}

TEST_F(Psp, RefusesAKeyThatWasUsedForSomethingElse) {
  authorize();
  EXPECT_EQ(capture("a").error().code, ErrorCode::kInvalid);
  capture("c");
  EXPECT_EQ(capture("c", 50).error().code, ErrorCode::kInvalid);
}

TEST_F(Psp, KnowsNoKeyThatItNeverSaw) {
  EXPECT_FALSE(status("c").known);
  authorize();
  EXPECT_TRUE(capture("c")->approved);
  EXPECT_TRUE(status("c").known);
}

TEST_F(Psp, DeclinesARequestWhoseKeyWasClosedBeforeItCame) {
  authorize();
  EXPECT_FALSE(status("c", true).known);
  const auto late = capture("c");
  EXPECT_FALSE(late->approved);
  EXPECT_TRUE(late->key_closed);
  EXPECT_EQ(count("CAPTURE"), 0);
}

TEST_F(Psp, ClosesNoKeyThatItHasSeen) {
  authorize();
  capture("c");
  EXPECT_TRUE(status("c", true).answer.approved);
}

TEST_F(Psp, RefusesAnOrderThatComesAfterItsTime) {
  authorize();
  world.runtime.advance(10_s);
  psp::Capture late{.merchant_ref = "ref", .key = "c", .amount = 100, .valid_until_ms = 9'999};
  EXPECT_EQ(world.runtime.call(late).error().code, ErrorCode::kInvalid);
  late.valid_until_ms = 10'000;
  EXPECT_TRUE(world.runtime.call(late)->approved);  // the refusal was not stored under the key
}

TEST_F(Psp, CapturesWithinWhatWasAuthorizedOnly) {
  EXPECT_EQ(capture("c")->reason, "unknown reference");
  authorize();
  EXPECT_EQ(capture("d", 101)->reason, "amount too high");
  EXPECT_TRUE(capture("e", 40)->approved);
}

TEST_F(Psp, VoidsTheAuthorizedAmount) {
  authorize();
  EXPECT_TRUE(world.runtime.call(psp::Void{"ref", "v"})->approved);
  EXPECT_EQ(world.number("SELECT amount FROM psp.operations WHERE kind = 'VOID'"), 100);
}

}  // namespace
}  // namespace soundcheck
