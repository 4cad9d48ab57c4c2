#include <gtest/gtest.h>

#include "models/services/auth/api.hpp"
#include "tests/unit/models/services/services_world.hpp"

namespace soundcheck {
namespace {

using testing_support::SagaRun;
using testing_support::ServicesWorld;

class Auth : public testing::Test {
 protected:
  Result<auth::BillingDecision> decide(std::int64_t amount = 1099,
                                       std::int64_t min_validity_ms = 0) {
    return world.runtime.call(
        auth::AuthorizeBilling{"pay-1", user_id_of(0), amount, min_validity_ms});
  }
  ServicesWorld world{{}, {.users = 3}};
};

TEST_F(Auth, KnowsAUserByTheToken) {
  EXPECT_TRUE(world.runtime.call(auth::Authenticate{user_id_of(1), token_of(1)})->valid);
  EXPECT_FALSE(world.runtime.call(auth::Authenticate{user_id_of(1), token_of(2)})->valid);
  EXPECT_FALSE(world.runtime.call(auth::Authenticate{"nobody", token_of(1)})->valid);
}

TEST_F(Auth, LetsNobodyInWhoseCredentialIsDisabled) {
  world.sql("UPDATE auth.credentials SET state = 'DISABLED'");
  EXPECT_FALSE(world.runtime.call(auth::Authenticate{user_id_of(1), token_of(1)})->valid);
}

TEST_F(Auth, GivesTheSameApprovalAsLongAsItIsGood) {
  const auto first = decide();
  EXPECT_TRUE(first->approved);
  EXPECT_EQ(first->expires_at_ms, 3'600'000);
  world.runtime.advance(30_min);
  EXPECT_EQ(decide()->decision_id, first->decision_id);
  EXPECT_NE(decide(1099, 31 * 60'000)->decision_id, first->decision_id);
}

TEST_F(Auth, DecidesAnewWhenTheAmountIsAnother) {
  const auto first = decide();
  EXPECT_NE(decide(1100)->decision_id, first->decision_id);
}

TEST_F(Auth, DeniesAboveTheLimit) {
  EXPECT_EQ(decide(100'001)->reason, "above the user's limit");
  EXPECT_EQ(world.text("SELECT result FROM auth.decisions"), "DENIED");
}

TEST_F(Auth, DeniesWithoutVerifiedBilling) {
  world.sql("UPDATE auth.billing SET state = 'PENDING'");
  EXPECT_EQ(decide()->reason, "no verified billing profile");
  world.sql("UPDATE auth.billing SET state = 'VERIFIED'");
  EXPECT_TRUE(decide()->approved);
}

TEST_F(Auth, GrantsAccessOnce) {
  SagaRun run = world.start(0, "premium");
  run.outputs["reserve_subscription"] = Json{{"sub_id", "sub-1"}};
  EXPECT_EQ(world.attempt(run, "grant_access").status, TaskStatus::kCompleted);
  EXPECT_EQ(world.attempt(run, "grant_access", 1).status, TaskStatus::kCompleted);
  EXPECT_EQ(world.text("SELECT scope FROM auth.grants"), "premium");
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM auth.effects"), 1);
}

}  // namespace
}  // namespace soundcheck
