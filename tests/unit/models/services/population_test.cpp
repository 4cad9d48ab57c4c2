#include "models/services/common/population.hpp"

#include <gtest/gtest.h>

#include "models/outside/psp/psp.hpp"
#include "models/registry/registry.hpp"
#include "models/services/gateway/api.hpp"
#include "tests/unit/models/services/services_world.hpp"

namespace soundcheck {
namespace {

using psp::declines;
using testing_support::People;
using testing_support::population_of;
using testing_support::ServicesWorld;

const Population kPopulation = population_of({.users = 20'000,
                                              .subscribers = 8'000,
                                              .declined_authorizations = 0.1,
                                              .declined_captures = 0.05});

TEST(Population, IsTheSameForTheSameSettings) {
  for (const std::int64_t user : {0, 1, 7'999, 8'000, 19'999}) {
    EXPECT_EQ(seeded_user(kPopulation, user).plan, seeded_user(kPopulation, user).plan);
    EXPECT_EQ(declines(kPopulation, user), declines(kPopulation, user));
  }
  // More users change nothing for those who were there before.
  Population more = kPopulation;
  more.users *= 2;
  EXPECT_EQ(seeded_user(more, 5).paid_at_ms, seeded_user(kPopulation, 5).paid_at_ms);
}

TEST(Population, HasThePlansAndDeclinesThatWereAskedFor) {
  int families = 0;
  int authorizations = 0;
  int captures = 0;
  for (std::int64_t user = 0; user < kPopulation.users; ++user) {
    families += seeded_user(kPopulation, user).plan == "family" ? 1 : 0;
    authorizations += declines(kPopulation, user) == "AUTH" ? 1 : 0;
    captures += declines(kPopulation, user) == "CAPTURE" ? 1 : 0;
  }
  // Binomial, five standard deviations.
  EXPECT_NEAR(families, 8'000 / 3.0, 5 * 42.2);
  EXPECT_NEAR(authorizations, 1'200, 5 * 32.9);
  EXPECT_NEAR(captures, 600, 5 * 23.9);
}

TEST(Population, IsAnotherForAnotherSeed) {
  Population other = kPopulation;
  other.seed = 2;
  int different = 0;
  for (std::int64_t user = 0; user < 1'000; ++user) {
    different += seeded_user(other, user).plan != seeded_user(kPopulation, user).plan ? 1 : 0;
  }
  EXPECT_NEAR(different, 667, 100);
}

TEST(Population, HasNoNewcomersWithASubscription) {
  EXPECT_EQ(seeded_user(kPopulation, 7'999).sub_id, "sub-u0007999");
  EXPECT_EQ(seeded_user(kPopulation, 8'000).sub_id, "");
  EXPECT_EQ(declines(kPopulation, 10), "");
}

TEST(RequestTypes, AreTakenByTheServiceThatListsThem) {
  ServicesWorld world;
  RandomStream random(1, "requests");
  const Population population = population_of({.users = 20, .subscribers = 8});
  for (const ServiceBlueprint& service : registered_services()) {
    for (const RequestType& type : service.requests) {
      EXPECT_EQ(type.rpc.service, service.name);
      const std::int64_t user = type.user(population, random, 3);
      EXPECT_TRUE(world.runtime.send(type.rpc, type.make(random, user, 3))) << type.name;
    }
  }
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

TEST(RequestTypes, LetEveryNewcomerComeOnce) {
  const Population population = population_of({.users = 20, .subscribers = 8});
  RandomStream random(1, "requests");
  std::set<std::int64_t> seen;
  for (std::uint64_t i = 0; i < 12; ++i) {
    const std::int64_t user = the_next_newcomer(population, random, i);
    EXPECT_GE(user, 8);
    EXPECT_LT(user, 20);
    seen.insert(user);
  }
  EXPECT_EQ(seen.size(), 12u);
  EXPECT_EQ(newcomers(population), 12);
  EXPECT_EQ(the_next_newcomer(population, random, 12), -1);
  EXPECT_LT(a_subscriber(population, random, 0), 8);
  const Population subscribed = population_of({.users = 5, .subscribers = 5});
  EXPECT_EQ(the_next_newcomer(subscribed, random, 0), -1);
  EXPECT_EQ(anyone(Population{}, random, 0), -1);
}

}  // namespace
}  // namespace soundcheck
