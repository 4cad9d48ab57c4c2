// What a report counts, held against what theory says of the scenario.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "tests/unit/scenarios/reported.hpp"

namespace soundcheck {
namespace {

// One worker does 100/s; 150/s come for 20 s, and all are answered in the end.
TEST(Counting, GoodputIsNeverAboveCapacity) {
  const RunReport report = report_of(
      "architecture: own\nduration: 20s\n"
      "services:\n"
      "  shop: { replicas: 1, workers: 1, queue: 100000,\n"
      "          declared: { endpoints: { get: [ { compute: 10ms } ] } } }\n"
      "workload: [ { arrivals: constant(150/s), mix: { shop.get: 1 } } ]\n"
      "expect: { slo: [ { request: shop.get, goodput: \"> 100.5/s\" } ] }\n");
  const WorkSummary& seen = report.requests.at(0).overall;
  EXPECT_EQ(seen.ok, seen.started);
  EXPECT_NEAR(static_cast<double>(seen.ok), 3000, 1);
  EXPECT_LE(seen.goodput(), 100);
  EXPECT_NEAR(seen.goodput(), 100, 1) << "the first answer takes a while to come";
  EXPECT_EQ(seen.throughput(), seen.goodput());
  const auto shop = std::ranges::find(report.services, "shop", &ServiceReport::service);
  EXPECT_LE(shop->busy_workers, 1);
  EXPECT_NEAR(shop->busy_workers, 1, 0.01);
  EXPECT_EQ(report.exit_code, ExitCode::kObjectiveMissed);
}

// 10/s that take 5 s, and a fault of a second: 10/s end while it lasts, though 60 meet it.
TEST(Counting, AShortWindowHasTheRateOfTheLoad) {
  const RunReport report = report_of(
      "architecture: own\nduration: 40s\nhosts: { cores: 100 }\n"
      "services:\n"
      "  shop: { replicas: 1, workers: 100,\n"
      "          declared: { endpoints: { get: [ { compute: 5s } ] } } }\n"
      "workload: [ { arrivals: constant(10/s), mix: { shop.get: 1 } } ]\n"
      "faults: [ { at: 20s, for: 1s, kind: network.delay, delay: 1ms, target: { to: shop } } ]\n");
  const WorkSummary& during = report.faults.at(0).requests.at(0).windows[1];
  EXPECT_NEAR(static_cast<double>(during.ok), 60, 1);
  EXPECT_NEAR(during.goodput(), 10, 1);
}

TEST(Counting, AStepThatFollowsIsNotChargedToTheOneBefore) {
  const RunReport report = report_of(
      "architecture: own\nduration: 60s\n"
      "services:\n"
      "  front: { declared: { endpoints: { page: [ { call: stock.get } ] } } }\n"
      "  stock: { declared: { endpoints: { get: [ { compute: 1ms } ] } } }\n"
      "workload: [ { arrivals: every 100ms, mix: { front.page: 1 } } ]\n"
      "faults:\n"
      "  - { at: 10s, for: 10s, kind: network.delay, delay: 50ms, target: { to: stock } }\n"
      "  - { at: 20s, for: 10s, kind: network.delay, delay: 150ms, target: { to: stock } }\n"
      "  - { at: 25s, for: 10s, kind: network.delay, delay: 150ms, target: { from: stock } }\n"
      "expect: { recovery: { within: 3s } }\n");
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
}

TEST(Counting, ARunInWhichNothingWorksDoesNotPass) {
  const std::string text =
      "architecture: own\nduration: 20s\n"
      "services:\n"
      "  shop: { declared: { endpoints: { get: [ { fail: { probability: 100%, status: 503 } } ] } "
      "} }\n"
      "workload: [ { arrivals: every 1s, mix: { shop.get: 1 } } ]\n";
  const std::string slo = "slo: [ { throughput: \"> 0.1/s\" } ] }\n";
  const RunReport report = report_of(text + "expect: { " + slo);
  EXPECT_EQ(report.exit_code, ExitCode::kUnknown);
  EXPECT_EQ(report.sentence, "UNKNOWN: something worked: none of 20 requests succeeded.");
  const RunReport meant = report_of(text + "expect: { may-fail: true, " + slo);
  EXPECT_EQ(meant.exit_code, ExitCode::kPass) << meant.sentence;
}

// The workflow's second task is `second`, of that type.
std::string loans(std::string_view second) {
  return fmt::format(
      "architecture: own\nduration: 20s\n"
      "workflows:\n"
      "  - name: loan\n    version: 1\n    schemaVersion: 2\n    tasks:\n"
      "      - {{ name: ask, taskReferenceName: ask, type: SIMPLE }}\n"
      "      - {{ name: then, taskReferenceName: then, type: {} }}\n"
      "workers: {{ ask: [ {{}} ] }}\n"
      "workload: [ {{ arrivals: every 5s, workflow: loan }} ]\n",
      second);
}

TEST(Counting, AWorkflowThatWaitsForAPersonPasses) {
  const RunReport report = report_of(loans("HUMAN"));
  EXPECT_EQ(report.sagas_in(SagaOutcome::kNeedsHuman), report.sagas_started);
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  for (const Check& check : report.checks) EXPECT_EQ(check.status, CheckStatus::kPass);
}

// Nobody signals to a WAIT without a time: it is stuck, and all checks say the same.
TEST(Counting, AWorkflowThatDoesNotEndIsStuckAndNothingElse) {
  const RunReport report = report_of(loans("WAIT"));
  ASSERT_GT(report.sagas_started, 0U);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kStuck), report.sagas_started);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kInconsistent), 0U);
  EXPECT_EQ(check_of(report, "no saga stuck").status, CheckStatus::kFail);
  EXPECT_EQ(check_of(report, "E1").status, CheckStatus::kFail);
}

TEST(Counting, AServiceWithoutADatabaseComesToRest) {
  const RunReport report = report_of(
      "architecture: own\nduration: 20s\n"
      "services: { shelf: { declared: { endpoints: { get: [ { compute: 1ms } ] } } } }\n"
      "workload: [ { arrivals: every 2s, mix: { shelf.get: 1 } } ]\n");
  EXPECT_TRUE(report.facts.came_to_rest);
}

}  // namespace
}  // namespace soundcheck
