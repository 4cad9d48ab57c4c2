#include <gtest/gtest.h>

#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {
namespace {

constexpr Duration kConnectionRoundTrip = CallFixture::kRoundTrip;

TEST(RpcConnection, CostsOneRoundTripOnceThenIsKeptAlive) {
  CallFixture calls({});
  ObservedCall& first = calls.call();
  calls.run_until(100_ms);
  ObservedCall& second = calls.call();
  calls.run();
  EXPECT_EQ(first.took(), kConnectionRoundTrip * 2);
  EXPECT_EQ(second.took(), kConnectionRoundTrip);
}

TEST(RpcConnection, CostsTwoRoundTripsWithTls) {
  CallFixture calls({.policy = {.tls = true}});
  ObservedCall& first = calls.call();
  calls.run_until(100_ms);
  ObservedCall& second = calls.call();
  calls.run();
  EXPECT_EQ(first.took(), kConnectionRoundTrip * 3);
  EXPECT_EQ(second.took(), kConnectionRoundTrip);
}

TEST(RpcConnection, CarriesOneCallAtATime) {
  CallFixture calls({});
  ObservedCall& first = calls.call();
  ObservedCall& at_once = calls.call();
  calls.run_until(100_ms);
  ObservedCall& third = calls.call();
  ObservedCall& fourth = calls.call();
  ObservedCall& fifth = calls.call();
  calls.run();
  EXPECT_EQ(first.took(), kConnectionRoundTrip * 2);
  EXPECT_EQ(at_once.took(), kConnectionRoundTrip * 2) << "HTTP/1.1: a connection of its own";
  EXPECT_EQ(third.took(), kConnectionRoundTrip);
  EXPECT_EQ(fourth.took(), kConnectionRoundTrip);
  EXPECT_EQ(fifth.took(), kConnectionRoundTrip * 2) << "two were kept alive";
}

TEST(RpcConnection, IsClosedByATimeout) {
  CallFixture calls({.policy = {.timeout = 20_ms}});
  calls.call(ping_that_takes(100_ms));
  calls.run_until(1_s);
  ObservedCall& next = calls.call();
  calls.run();
  EXPECT_EQ(next.took(), kConnectionRoundTrip * 2);
}

TEST(RpcConnection, OutlivesAnErrorThatTheCalleeAnswers) {
  CallFixture calls({});
  calls.call({.refuse = static_cast<std::int64_t>(ErrorCode::kConflict) + 1});
  calls.run_until(1_s);
  ObservedCall& next = calls.call();
  calls.run();
  EXPECT_EQ(next.took(), kConnectionRoundTrip);
}

TEST(RpcConnection, OutlivesARefusal) {
  CallFixture calls({.server = {.workers = 1, .queue = 0}});
  calls.call(ping_that_takes(10_ms));
  ObservedCall& refused = calls.call();
  calls.run_until(1_s);
  ObservedCall& first = calls.call();
  ObservedCall& second = calls.call();
  calls.run();
  EXPECT_TRUE(refused.failed_with(ErrorCode::kConnectionRefused));
  EXPECT_TRUE(refused.definite());
  EXPECT_EQ(first.took(), kConnectionRoundTrip);
  EXPECT_EQ(second.took(), kConnectionRoundTrip);
}

}  // namespace
}  // namespace soundcheck
