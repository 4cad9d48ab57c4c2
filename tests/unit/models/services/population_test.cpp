#include "models/services/population.hpp"

#include <gtest/gtest.h>

#include "models/outside/population.hpp"
#include "models/services/gateway/api.hpp"
#include "models/services/requests.hpp"
#include "tests/unit/models/services/services_world.hpp"

namespace soundcheck {
namespace {

using testing_support::ServicesWorld;

constexpr PopulationSettings kSettings{.users = 20'000,
                                       .subscribers = 8'000,
                                       .declined_authorizations = 0.1,
                                       .declined_captures = 0.05};

TEST(Population, IsTheSameForTheSameSettings) {
  for (const std::int64_t user : {0, 1, 7'999, 8'000, 19'999}) {
    EXPECT_EQ(seeded_user(kSettings, user).plan, seeded_user(kSettings, user).plan);
    EXPECT_EQ(bank_declines(kSettings, user), bank_declines(kSettings, user));
  }
  // More users change nothing for those who were there before.
  PopulationSettings more = kSettings;
  more.users *= 2;
  EXPECT_EQ(seeded_user(more, 5).paid_at_ms, seeded_user(kSettings, 5).paid_at_ms);
}

TEST(Population, HasThePlansAndDeclinesThatWereAskedFor) {
  int families = 0;
  int authorizations = 0;
  int captures = 0;
  for (std::int64_t user = 0; user < kSettings.users; ++user) {
    families += seeded_user(kSettings, user).plan == "family" ? 1 : 0;
    authorizations += bank_declines(kSettings, user) == "AUTH" ? 1 : 0;
    captures += bank_declines(kSettings, user) == "CAPTURE" ? 1 : 0;
  }
  // Binomial, five standard deviations.
  EXPECT_NEAR(families, 8'000 / 3.0, 5 * 42.2);
  EXPECT_NEAR(authorizations, 1'200, 5 * 32.9);
  EXPECT_NEAR(captures, 600, 5 * 23.9);
}

TEST(Population, IsAnotherForAnotherSeed) {
  PopulationSettings other = kSettings;
  other.seed = 2;
  int different = 0;
  for (std::int64_t user = 0; user < 1'000; ++user) {
    different += seeded_user(other, user).plan != seeded_user(kSettings, user).plan ? 1 : 0;
  }
  EXPECT_NEAR(different, 667, 100);
}

TEST(Population, HasNoNewcomersWithASubscription) {
  EXPECT_EQ(seeded_user(kSettings, 7'999).sub_id, "sub-u0007999");
  EXPECT_EQ(seeded_user(kSettings, 8'000).sub_id, "");
  EXPECT_EQ(bank_declines(kSettings, 10), "");
}

TEST(RequestTypes, AreAcceptedByTheGateway) {
  ServicesWorld world;
  RandomStream random(1, "requests");
  const PopulationSettings population{.users = 20, .subscribers = 8};
  for (const RequestType& type : request_types()) {
    const std::int64_t user = pick_user(population, type.users, random, 3);
    Payload request = type.make(random, user, 3);
    EXPECT_EQ(type.name, type.rpc.method);
    if (type.name == "subscribe") {
      EXPECT_TRUE(world.runtime.call(request.take<gateway::Subscribe>()).has_value());
    } else {
      EXPECT_TRUE(world.runtime.call(request.take<gateway::MySubscription>()).has_value());
    }
  }
  EXPECT_EQ(find_request_type("subscribe")->users, UserGroup::kNewcomers);
  EXPECT_EQ(find_request_type("unknown"), nullptr);
}

TEST(RequestTypes, MakeTheSameMessageForAClientsRetry) {
  RandomStream random(1, "requests");
  RandomStream again = random;
  const RequestType& subscribe = *find_request_type("subscribe");
  const Json first = subscribe.make(random, 9, 5).to_json();
  EXPECT_EQ(subscribe.make(again, 9, 5).to_json(), first);
  EXPECT_NE(subscribe.make(random, 9, 6).to_json()["client_key"], first["client_key"]);
}

TEST(RequestTypes, LetEveryNewcomerComeOnceBeforeAnybodyComesTwice) {
  const PopulationSettings population{.users = 20, .subscribers = 8};
  RandomStream random(1, "requests");
  std::set<std::int64_t> seen;
  for (std::uint64_t i = 0; i < 12; ++i) {
    const std::int64_t user = pick_user(population, UserGroup::kNewcomers, random, i);
    EXPECT_GE(user, 8);
    EXPECT_LT(user, 20);
    seen.insert(user);
  }
  EXPECT_EQ(seen.size(), 12u);
  EXPECT_LT(pick_user(population, UserGroup::kSubscribers, random, 0), 8);
  EXPECT_EQ(pick_user({.users = 5, .subscribers = 5}, UserGroup::kNewcomers, random, 0), -1);
  EXPECT_EQ(pick_user({}, UserGroup::kAnyone, random, 0), -1);
}

}  // namespace
}  // namespace soundcheck
