#include <gtest/gtest.h>

#include "tests/unit/faults/fault_fixture.hpp"
#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

FaultSpec rpc_error(Parameters parameters) {
  FaultSpec spec = fault_of("rpc.error", std::move(parameters));
  spec.at = 1_s;
  spec.lasts = 10_s;
  spec.target.service = "callee";
  return spec;
}

TEST(RpcError, AnswersInPlaceOfTheServiceWhileItLasts) {
  CallFixture calls({});
  FaultInjector injector(calls.world, {rpc_error({})});
  injector.start();
  ObservedCall& before = calls.call_at(500_ms);
  ObservedCall& during = calls.call_at(2_s);
  ObservedCall& after = calls.call_at(12_s);
  calls.run();
  EXPECT_TRUE(before.result.has_value());
  EXPECT_TRUE(during.failed_with(ErrorCode::kUnavailable));
  EXPECT_TRUE(during.definite()) << "a 503 in front of the service: it never saw the request";
  EXPECT_EQ(during.took(), CallFixture::kRoundTrip);
  EXPECT_TRUE(after.result.has_value());
  EXPECT_EQ(calls.begun[0], 2);
}

TEST(RpcError, BehindAReplacedReplyTheWorkIsDoneAndTheCallerCannotTell) {
  for (const char* status : {"500", "503", "504"}) {
    CallFixture calls({});
    FaultInjector injector(calls.world, {rpc_error({{"status", status}, {"replaces", "reply"}})});
    injector.start();
    ObservedCall& call = calls.call_at(2_s);
    calls.run();
    ASSERT_TRUE(call.ended && !call.result) << status;
    EXPECT_FALSE(call.definite()) << status;
    EXPECT_EQ(calls.finished[0], 1) << status;
  }
}

TEST(RpcError, TurnsAStatusIntoWhatACallerTakesItFor) {
  const std::pair<const char*, ErrorCode> statuses[] = {
      {"400", ErrorCode::kInvalid},     {"401", ErrorCode::kForbidden},
      {"403", ErrorCode::kForbidden},   {"404", ErrorCode::kNotFound},
      {"405", ErrorCode::kInvalid},     {"408", ErrorCode::kUnavailable},
      {"409", ErrorCode::kConflict},    {"410", ErrorCode::kNotFound},
      {"413", ErrorCode::kInvalid},     {"422", ErrorCode::kInvalid},
      {"429", ErrorCode::kUnavailable}, {"500", ErrorCode::kInternal},
      {"502", ErrorCode::kInternal},    {"503", ErrorCode::kUnavailable},
      {"504", ErrorCode::kTimeout}};
  for (const auto& [status, code] : statuses) {
    CallFixture calls({});
    FaultInjector injector(calls.world, {rpc_error({{"status", status}})});
    injector.start();
    ObservedCall& call = calls.call_at(2_s);
    calls.run();
    EXPECT_TRUE(call.failed_with(code)) << status;
    EXPECT_EQ(call.definite(), definite_by_nature(code)) << status;
    EXPECT_EQ(call.result.error().http_status, std::stoi(status));
  }
}

TEST(RpcError, HitsAsManyRequestsAsTheProbabilitySays) {
  CallFixture calls({});
  FaultSpec spec = rpc_error({{"probability", "30%"}});
  spec.at = 0_s;
  spec.lasts = 1_h;
  FaultInjector injector(calls.world, {spec});
  injector.start();
  int failed = 0;
  constexpr int kCalls = 2000;
  for (int i = 0; i < kCalls; ++i) {
    ObservedCall& call = calls.call_at(Duration::milliseconds(10 * i + 1));
    calls.run_until(Duration::milliseconds(10 * i + 9));
    failed += call.result ? 0 : 1;
  }
  // Binomial(2000, 0.3): standard deviation 20.5; the 99.9 % interval is 3.29 of them.
  EXPECT_NEAR(failed, 600, 68);
  EXPECT_EQ(calls.begun[0], kCalls - failed);
}

TEST(RpcError, HitsOneReplicaOneCallerOrOneMethodOnly) {
  const auto failures = [](FaultSpec spec) {
    CallFixture calls({.callers = 2, .callees = 2});
    FaultInjector injector(calls.world, {std::move(spec)});
    injector.start();
    calls.run_until(2_s);
    std::vector<int> failed;
    for (std::size_t caller = 0; caller < 2; ++caller) {
      failed.push_back(0);
      for (int i = 0; i < 10; ++i) {
        ObservedCall& call = calls.call({}, {}, caller);
        calls.run_until(calls.world.now().since_start() + 10_ms);
        failed.back() += call.result ? 0 : 1;
      }
    }
    return failed;
  };
  FaultSpec one_replica = rpc_error({});
  one_replica.target.replica = replica(1);
  EXPECT_EQ(failures(one_replica), (std::vector<int>{5, 5})) << "round robin";

  FaultSpec route = rpc_error({});
  route.target = FaultTarget{.from = "host-1", .to = "callee"};
  EXPECT_EQ(failures(route), (std::vector<int>{0, 10})) << "caller-1 is on host-1";

  FaultSpec method = rpc_error({});
  method.target.method = "ping";
  EXPECT_EQ(failures(method), (std::vector<int>{10, 10}));
  method.target.method = "pong";
  EXPECT_EQ(failures(method), (std::vector<int>{0, 0}));
}

TEST(RpcError, AimedStrikesTheVeryMessageAtTheFailpoint) {
  CallFixture calls({});
  FaultSpec before = fault_of("rpc.error");
  before.target.service = "callee";
  before.when = FaultAim{.phase = *parse_aim_point("before"), .occurrence = 2};
  FaultSpec reply = fault_of("rpc.error", {{"status", "500"}});
  reply.target.service = "callee";
  reply.when = FaultAim{.phase = *parse_aim_point("before-reply"), .occurrence = 4};
  FaultInjector injector(calls.world, {before, reply});
  injector.start();
  std::vector<ObservedCall*> seen;
  for (int i = 0; i < 5; ++i) {
    seen.push_back(&calls.call());
    calls.run_until(Duration::milliseconds(100 * (i + 1)));
  }
  // The request that was refused has a reply too, so the third call's is the third one.
  EXPECT_TRUE(seen[0]->result.has_value());
  EXPECT_TRUE(seen[1]->failed_with(ErrorCode::kUnavailable));
  EXPECT_TRUE(seen[2]->result.has_value());
  EXPECT_TRUE(seen[3]->failed_with(ErrorCode::kInternal));
  EXPECT_TRUE(seen[4]->result.has_value());
  EXPECT_EQ(calls.begun[0], 4);
  EXPECT_EQ(injector.struck(0), 1U);
  EXPECT_EQ(injector.struck(1), 1U);
  ASSERT_EQ(injector.strikes().size(), 2U);
  EXPECT_EQ(injector.strikes()[0].verdict.action, Verdict::Action::kFail);
  EXPECT_EQ(injector.strikes()[0].verdict.code, ErrorCode::kUnavailable);
}

TEST(RpcError, IsRefusedWhereItWouldTellALie) {
  FaultSpec lie = rpc_error({{"status", "404"}, {"replaces", "reply"}});
  ASSERT_EQ(problems_of(lie).size(), 1U);
  EXPECT_EQ(problems_of(lie)[0].parameter, "status");
  EXPECT_TRUE(problems_of(rpc_error({{"status", "404"}})).empty());

  FaultSpec aimed = fault_of("rpc.error", {{"status", "404"}});
  aimed.target.service = "callee";
  aimed.when = FaultAim{.phase = *parse_aim_point("before-reply")};
  ASSERT_EQ(problems_of(aimed).size(), 1U);
  EXPECT_EQ(problems_of(aimed)[0].parameter, "status");
  aimed.when->phase = *parse_aim_point("before");
  EXPECT_TRUE(problems_of(aimed).empty());
  aimed.when->phase = *parse_aim_point("in-commit");
  ASSERT_EQ(problems_of(aimed).size(), 1U);
  EXPECT_EQ(problems_of(aimed)[0].parameter, "when.phase");
}

}  // namespace
}  // namespace soundcheck
