#include "models/rpc/policies/breaker.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace soundcheck {
namespace {

using State = Breaker::State;

std::unique_ptr<Breaker> half() {
  return Strategy<Breaker>("sliding-window(50%, calls 4, window 10s, open 5s)").make();
}

// Whether an attempt at that time is let through; it ends at once.
bool attempt(Breaker& breaker, Duration at, bool failed) {
  const auto ticket = breaker.admit(Time::at(at));
  if (ticket) breaker.record(*ticket, failed, Time::at(at));
  return ticket.has_value();
}

TEST(SlidingWindow, OpensWhenTheShareOfErrorsIsReached) {
  const auto breaker = half();
  for (const bool failed : {false, false, true}) EXPECT_TRUE(attempt(*breaker, 1_s, failed));
  EXPECT_EQ(breaker->state(), State::kClosed);
  EXPECT_TRUE(attempt(*breaker, 1_s, true)) << "the second error of four opens it";
  EXPECT_EQ(breaker->state(), State::kOpen);
  EXPECT_FALSE(attempt(*breaker, 5999_ms, false));
}

// Sentinel 1.8.8 needs more than the share, and never opens (findings/sentinel-error-ratio-one.sh).
TEST(SlidingWindow, OfAllErrorsOpensWhenEverythingFails) {
  const auto breaker = Strategy<Breaker>("sliding-window(100%, calls 4)").make();
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(attempt(*breaker, 1_s, true));
  EXPECT_EQ(breaker->state(), State::kOpen);
}

// resilience4j 2.4.0 counts such results (findings/resilience4j-late-results.sh).
TEST(SlidingWindow, LateResultsOfEarlierAttemptsDecideNoProbe) {
  const auto breaker = half();
  std::vector<Breaker::Ticket> hanging;
  for (int i = 0; i < 5; ++i) hanging.push_back(breaker->admit(Time::at(1_s)).value());
  for (int i = 0; i < 4; ++i) attempt(*breaker, 1_s, true);
  ASSERT_TRUE(breaker->admit(Time::at(7_s)).has_value()) << "the probe";
  for (const auto ticket : hanging) breaker->record(ticket, false, Time::at(8_s));
  EXPECT_EQ(breaker->state(), State::kHalfOpen) << "the probe is still under way";
}

TEST(SlidingWindow, TakesNoShareOfFewCalls) {
  const auto breaker = half();
  for (int i = 0; i < 3; ++i) attempt(*breaker, 1_s, true);
  EXPECT_EQ(breaker->state(), State::kClosed);
}

TEST(SlidingWindow, ForgetsWhatIsOlderThanItsWindow) {
  const auto breaker = half();
  for (int i = 0; i < 3; ++i) attempt(*breaker, 1_s, true);
  attempt(*breaker, 11_s, true);
  EXPECT_EQ(breaker->state(), State::kClosed) << "the first three are ten seconds old";
  const auto other = half();
  for (int i = 0; i < 3; ++i) attempt(*other, 1_s, true);
  attempt(*other, 10_s, true);
  EXPECT_EQ(other->state(), State::kOpen);
}

TEST(SlidingWindow, AProbeDecidesWhatComesAfterOpen) {
  const auto breaker = half();
  for (int i = 0; i < 4; ++i) attempt(*breaker, 1_s, true);
  EXPECT_TRUE(attempt(*breaker, 6_s, true));
  EXPECT_EQ(breaker->state(), State::kOpen) << "the probe failed";
  EXPECT_FALSE(attempt(*breaker, 10_s, false));
  const auto probe = breaker->admit(Time::at(11_s));
  ASSERT_TRUE(probe.has_value());
  EXPECT_EQ(breaker->state(), State::kHalfOpen);
  EXPECT_FALSE(breaker->admit(Time::at(12_s)).has_value()) << "one probe at a time";
  breaker->record(*probe, false, Time::at(13_s));
  EXPECT_EQ(breaker->state(), State::kClosed);
  EXPECT_TRUE(attempt(*breaker, 13_s, true));
  EXPECT_EQ(breaker->state(), State::kClosed) << "it begins to count anew";
}

TEST(SlidingWindow, AProbeThatNeverEndsGivesWayToTheNext) {
  const auto breaker = half();
  for (int i = 0; i < 4; ++i) attempt(*breaker, 1_s, true);
  const auto lost = breaker->admit(Time::at(6_s));
  EXPECT_FALSE(breaker->admit(Time::at(10_s)).has_value());
  const auto next = breaker->admit(Time::at(11_s));
  ASSERT_TRUE(lost && next);
  breaker->record(*lost, true, Time::at(12_s));
  EXPECT_EQ(breaker->state(), State::kHalfOpen) << "its outcome comes too late";
  breaker->record(*next, false, Time::at(12_s));
  EXPECT_EQ(breaker->state(), State::kClosed);
}

TEST(SlidingWindow, OutcomesFromBeforeItOpenedDoNotDecideTheProbe) {
  const auto breaker = half();
  const auto slow = breaker->admit(Time::at(1_s));
  for (int i = 0; i < 4; ++i) attempt(*breaker, 1_s, true);
  breaker->admit(Time::at(6_s));
  breaker->record(*slow, false, Time::at(7_s));
  EXPECT_EQ(breaker->state(), State::kHalfOpen);
}

}  // namespace
}  // namespace soundcheck
