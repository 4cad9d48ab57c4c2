#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/services/gateway/api.hpp"
#include "tests/unit/models/services/services_world.hpp"

namespace soundcheck {
namespace {

using testing::Contains;
using testing_support::Delivery;
using testing_support::nth_call;
using testing_support::SagaRun;
using testing_support::ServicesWorld;

gateway::Subscribe subscribe_of(std::int64_t user, const char* key = "k") {
  return {user_id_of(user), token_of(user), key, "individual"};
}

TEST(Gateway, StartsOneSagaForAllRetriesOfAClient) {
  ServicesWorld world;
  const auto first = world.runtime.call(subscribe_of(10));
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->http_status, 202);
  EXPECT_EQ(first->saga_id.size(), 16u);
  EXPECT_EQ(world.runtime.call(subscribe_of(10))->saga_id, first->saga_id);
  EXPECT_NE(world.runtime.call(subscribe_of(10, "another key"))->saga_id, first->saga_id);
  EXPECT_NE(world.runtime.call(subscribe_of(11))->saga_id, first->saga_id);
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM orchestrator.workflows"), 3);
}

TEST(Gateway, KeepsTheRequestBeforeItStartsTheSaga) {
  ServicesWorld world;
  world.runtime.set_network(nth_call("orchestrator", "start-workflow", 1, Delivery::kLostReply));
  EXPECT_FALSE(world.runtime.call(subscribe_of(10)).has_value());
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM gateway.requests WHERE http_status IS NULL"), 1);
  EXPECT_TRUE(world.runtime.call(subscribe_of(10)).has_value());
  EXPECT_EQ(world.number("SELECT http_status FROM gateway.requests"), 202);
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM orchestrator.workflows"), 1);
}

TEST(Gateway, RefusesWhoIsNotLoggedIn) {
  ServicesWorld world;
  gateway::Subscribe forged = subscribe_of(10);
  forged.token = token_of(11);
  EXPECT_EQ(world.runtime.call(forged).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(world.runtime.call(gateway::MySubscription{user_id_of(1), "x"}).error().code,
            ErrorCode::kForbidden);
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM gateway.requests"), 0);
}

TEST(Gateway, WantsAnIdempotencyKey) {
  ServicesWorld world;
  EXPECT_EQ(world.runtime.call(subscribe_of(10, "")).error().code, ErrorCode::kInvalid);
}

TEST(Gateway, LetsNobodyInWhenAuthDoesNotAnswer) {
  ServicesWorld world;
  world.runtime.set_network(nth_call("auth", "authenticate", 1, Delivery::kLostReply));
  EXPECT_EQ(world.runtime.call(subscribe_of(10)).error().code, ErrorCode::kTimeout);
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM gateway.requests"), 0);
}

TEST(Gateway, ShowsOnesOwnSubscription) {
  ServicesWorld world;
  const auto mine = world.runtime.call(gateway::MySubscription{user_id_of(1), token_of(1)});
  EXPECT_TRUE(mine->found);
  EXPECT_EQ(mine->state, "ACTIVE");
  EXPECT_GT(mine->paid_until_ms, 0);
  EXPECT_FALSE(world.runtime.call(gateway::MySubscription{user_id_of(10), token_of(10)})->found);
}

TEST(Gateway, TellsItsOwnUserHowFarASagaIs) {
  ServicesWorld world;
  const SagaRun open = world.start(10, "individual");
  const auto ask = [&](std::int64_t user, const std::string& saga) {
    return world.runtime.call(gateway::SagaStatus{user_id_of(user), token_of(user), saga});
  };
  EXPECT_EQ(ask(10, open.saga_id)->status, "RUNNING");
  EXPECT_EQ(world.number("SELECT http_status FROM gateway.requests"), 202);
  const SagaRun done = world.subscribe(11, "individual");
  EXPECT_EQ(ask(11, done.saga_id)->status, "COMPLETED");
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM gateway.requests WHERE http_status = 200"), 1);
  EXPECT_EQ(ask(10, done.saga_id).error().code, ErrorCode::kNotFound);
}

TEST(Gateway, WithoutDedupeStartsASecondSagaForAClientsRetry) {
  ServicesWorld world({"gateway_no_dedupe"});
  world.runtime.call(subscribe_of(10));
  world.runtime.call(subscribe_of(10));
  EXPECT_THAT(world.violated(), Contains("W2"));
}

}  // namespace
}  // namespace soundcheck
