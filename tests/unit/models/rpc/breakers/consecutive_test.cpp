#include <gtest/gtest.h>

#include "models/rpc/policies/breaker.hpp"

namespace soundcheck {
namespace {

TEST(ConsecutiveBreaker, OpensAfterSoManyFailuresInARow) {
  const auto breaker = Strategy<Breaker>("consecutive(3, open 5s)").make();
  const auto attempt = [&breaker](Duration at, bool failed) {
    const auto ticket = breaker->admit(Time::at(at));
    if (ticket) breaker->record(*ticket, failed, Time::at(at));
    return ticket.has_value();
  };
  for (const bool failed : {true, true, false, true, true}) attempt(1_s, failed);
  EXPECT_EQ(breaker->state(), Breaker::State::kClosed) << "a success in between";
  attempt(1_s, true);
  EXPECT_EQ(breaker->state(), Breaker::State::kOpen);
  EXPECT_FALSE(attempt(5_s, false));
  EXPECT_TRUE(attempt(6_s, false)) << "the probe";
  EXPECT_EQ(breaker->state(), Breaker::State::kClosed);
  for (const bool failed : {true, true}) attempt(7_s, failed);
  EXPECT_EQ(breaker->state(), Breaker::State::kClosed) << "it begins to count anew";
}

}  // namespace
}  // namespace soundcheck
