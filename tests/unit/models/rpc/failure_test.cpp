// How calls fail, and what their callers can know: architecture.md, section 4.
#include <gtest/gtest.h>

#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {
namespace {

using namespace literals;
constexpr Duration kRoundTrip = CallFixture::kRoundTrip;
constexpr Duration kOneWay = CallFixture::kOneWay;

NetworkRuleId cut_both_ways(CallFixture& calls) {
  NetworkRule rule;
  rule.from.assign(calls.world.process_count(), false);
  rule.to.assign(calls.world.process_count(), false);
  for (const ProcessId process : calls.callers) rule.from[process.index()] = true;
  for (const ProcessId process : calls.callees) rule.to[process.index()] = true;
  rule.both_ways = rule.cut = true;
  return calls.world.network().add_rule(rule);
}

TEST(RpcFailure, AProcessThatIsDownRefusesConnectionsOneRoundTripLater) {
  CallFixture calls({});
  calls.world.crash(calls.callees[0]);
  ObservedCall& call = calls.call();
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kConnectionRefused));
  EXPECT_TRUE(call.definite());
  EXPECT_EQ(call.took(), kRoundTrip);
}

TEST(RpcFailure, ACrashUnderACallResetsItOneLatencyLater) {
  CallFixture calls({});
  ObservedCall& call = calls.call(ping_that_takes(50_ms));
  calls.run_until(10_ms);
  calls.world.crash(calls.callees[0]);
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kConnectionReset));
  EXPECT_FALSE(call.definite()) << "the handler had begun";
  EXPECT_EQ(call.at, Time::at(10_ms + kOneWay));
  EXPECT_EQ(calls.finished[0], 0);
}

TEST(RpcFailure, ACrashBehindAPartitionIsSilence) {
  CallFixture calls({.policy = {.timeout = 500_ms}});
  ObservedCall& call = calls.call(ping_that_takes(50_ms));
  calls.run_until(10_ms);
  cut_both_ways(calls);
  calls.world.crash(calls.callees[0]);
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kTimeout)) << "the reset cannot get through";
  EXPECT_EQ(call.took(), 500_ms);
}

TEST(RpcFailure, ARequestThatMeetsANewIncarnationIsReset) {
  CallFixture calls({});
  calls.call();
  calls.run_until(1_s);
  ObservedCall& call = calls.call();
  calls.run_until(1_s + 500_us);  // the request is on its way on the old connection
  calls.world.crash(calls.callees[0]);
  calls.world.start(calls.callees[0]);
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kConnectionReset));
  EXPECT_FALSE(call.definite());
  EXPECT_EQ(calls.begun[0], 1);
}

TEST(RpcFailure, AHostThatIsDownIsSilenceUntilTheTimeout) {
  CallFixture calls({.policy = {.timeout = 500_ms}});
  calls.call();
  calls.run_until(1_s);
  calls.world.set_host_down(HostId(1));
  ObservedCall& on_open_connection = calls.call();
  calls.run_until(2_s);
  ObservedCall& on_new_connection = calls.call();
  calls.run();
  EXPECT_TRUE(on_open_connection.failed_with(ErrorCode::kTimeout));
  EXPECT_FALSE(on_open_connection.definite());
  EXPECT_EQ(on_open_connection.took(), 500_ms);
  EXPECT_TRUE(on_new_connection.failed_with(ErrorCode::kTimeout));
  EXPECT_TRUE(on_new_connection.definite()) << "no connection, so nothing was sent";
  EXPECT_TRUE(calls.rpc().idle());
}

TEST(RpcFailure, AfterACrashNoCallerUsesADeadConnection) {
  CallFixture calls({});
  calls.call();
  calls.run_until(1_s);
  calls.world.crash(calls.callees[0]);
  calls.run_until(2_s);
  calls.world.start(calls.callees[0]);
  ObservedCall& call = calls.call();
  calls.run();
  EXPECT_TRUE(call.result.has_value());
  EXPECT_EQ(call.took(), kRoundTrip * 2) << "a new connection";
}

TEST(RpcFailure, AReplyUnderWayWhenItsSenderCrashesLeavesNoConnectionBehind) {
  CallFixture calls({});
  ObservedCall& first = calls.call();
  calls.run_until(3_ms + 500_us);  // connected at 2 ms, arrived at 3 ms; the reply is under way
  calls.world.crash(calls.callees[0]);
  calls.run_until(1_s);
  EXPECT_TRUE(first.result.has_value());
  ObservedCall& second = calls.call();
  calls.run();
  EXPECT_TRUE(second.failed_with(ErrorCode::kConnectionRefused));
  EXPECT_TRUE(second.definite()) << "the reset of the old connection came right after the reply";
}

TEST(RpcFailure, AfterAPowerCutTheFirstRequestOnAnOldConnectionIsReset) {
  CallFixture calls({.policy = {.timeout = 500_ms}});
  calls.call();
  calls.run_until(1_s);
  calls.world.set_host_down(HostId(1));
  calls.run_until(2_s);
  calls.world.set_host_up(HostId(1));
  ObservedCall& old_connection = calls.call();
  calls.run_until(3_s);
  ObservedCall& new_connection = calls.call();
  calls.run();
  EXPECT_TRUE(old_connection.failed_with(ErrorCode::kConnectionReset))
      << "nobody told the caller that the other side forgot it";
  EXPECT_TRUE(new_connection.result.has_value());
}

TEST(RpcFailure, ATimeoutDoesNotStopTheCalleeAndTheLateReplyIsDropped) {
  CallFixture calls({.policy = {.timeout = 20_ms}});
  ObservedCall& call = calls.call(ping_that_takes(100_ms));
  calls.run();
  EXPECT_TRUE(call.failed_with(ErrorCode::kTimeout));
  EXPECT_FALSE(call.definite());
  EXPECT_EQ(call.took(), 20_ms);
  EXPECT_EQ(calls.finished[0], 1) << "its effects stay";
  EXPECT_EQ(calls.world.completions().open_slots(), 0U);
  EXPECT_TRUE(calls.rpc().idle());
}

TEST(RpcFailure, OnlyARejectionByTheCalleeProvesThatNothingHappened) {
  const std::pair<ErrorCode, bool> answers[] = {
      {ErrorCode::kInvalid, true},           {ErrorCode::kForbidden, true},
      {ErrorCode::kNotFound, true},          {ErrorCode::kConflict, true},
      {ErrorCode::kInternal, false},         {ErrorCode::kUnavailable, false},
      {ErrorCode::kTimeout, false},          {ErrorCode::kCommitUnknown, false},
      {ErrorCode::kConnectionRefused, false}};  // of a call further down, after who knows what
  for (const auto& [code, definite] : answers) {
    CallFixture calls({});
    ObservedCall& call = calls.call({.refuse = static_cast<std::int64_t>(code) + 1});
    calls.run();
    EXPECT_TRUE(call.failed_with(code)) << name_of(code);
    EXPECT_EQ(call.definite(), definite) << name_of(code);
  }
}

TEST(RpcFailure, AFullAcceptQueueRefuses) {
  CallFixture calls({.server = {.workers = 2, .queue = 3}});
  std::vector<ObservedCall*> all;
  for (int i = 0; i < 7; ++i) all.push_back(&calls.call(ping_that_takes(100_ms)));
  calls.run_until(50_ms);
  EXPECT_EQ(calls.rpc().busy(calls.callees[0]), 2U);
  EXPECT_EQ(calls.rpc().waiting(calls.callees[0]), 3U);
  calls.run();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(all[i]->result.has_value()) << i;
    const int turn = i / 2 + 1;  // two at a time, first in first out
    EXPECT_EQ(all[i]->took(), kRoundTrip * 2 + 100_ms * turn) << i;
  }
  for (int i = 5; i < 7; ++i) {
    EXPECT_TRUE(all[i]->failed_with(ErrorCode::kConnectionRefused)) << i;
    EXPECT_TRUE(all[i]->definite()) << i;
    EXPECT_EQ(all[i]->took(), kRoundTrip * 2) << i;
  }
  EXPECT_EQ(calls.rpc().busy(calls.callees[0]), 0U);
}

TEST(RpcFailure, ALongQueueOfQuickRequestsDrainsInOneInstant) {
  constexpr int kWaiting = 100'000;
  CallFixture calls({.policy = {.timeout = 10_s}, .server = {.workers = 1, .queue = kWaiting}});
  calls.call(ping_that_takes(1_s));
  std::vector<ObservedCall*> all;
  all.reserve(kWaiting);
  for (int i = 0; i < kWaiting; ++i) all.push_back(&calls.call());
  calls.run();
  EXPECT_EQ(calls.finished[0], 1 + kWaiting);
  EXPECT_TRUE(all.back()->result.has_value());
  EXPECT_EQ(all.back()->took(), 1_s + kRoundTrip * 2);
}

}  // namespace
}  // namespace soundcheck
