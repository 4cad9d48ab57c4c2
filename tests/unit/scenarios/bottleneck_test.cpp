// What is full in a run is named, held against what the load needs of it.
//
// Source of the first: a new user's shop whose catalogue database is the bottleneck
// (../shared/cases/2026-11/newcomer/ database-is-the-bottleneck.yaml): the report named no cause,
// and databases had done nothing.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/unit/scenarios/reported.hpp"

namespace soundcheck {
namespace {

const ResourceReport& resource_of(const RunReport& report, ResourceKind kind,
                                  std::string_view owner) {
  const auto found = std::ranges::find_if(report.resources, [&](const ResourceReport& one) {
    return one.kind == kind && one.owner == owner;
  });
  if (found == report.resources.end()) throw std::runtime_error("nothing used it");
  return *found;
}

// 100 requests a second for 30 s, of which each takes `steps`; shelf has the server's settings.
std::string shop(const std::string& steps, const std::string& settings = "",
                 const std::string& more = "") {
  return fmt::format(
      "architecture: own\nduration: 30s\n{}"
      "services:\n"
      "  front: {{ calls: {{ shelf: {{ timeout: 10s }} }}, workers: 1000,\n"
      "           declared: {{ endpoints: {{ page: [ {{ call: shelf.get }} ] }} }} }}\n"
      "  shelf: {{ replicas: 1, queue: 100000, {}\n"
      "           declared: {{ endpoints: {{ get: [ {} ] }} }} }}\n"
      "workload: [ {{ arrivals: constant(100/s), mix: {{ front.page: 1 }} }} ]\n",
      more, settings, steps);
}

std::string bottleneck_of(const std::string& scenario) {
  const RunReport report = report_of(scenario);
  return report.bottleneck ? report.bottleneck->text() : "none";
}

// A statement of 50 ms, 100/s: 5 cores' worth on 4.
TEST(Bottleneck, IsTheDatabaseThatComputesTooMuch) {
  const RunReport report = report_of(shop("{ read: { rows: 1 } }",
                                          "database: { statement: 50ms, connections: 500 }, "
                                          "workers: 1000,"));
  ASSERT_TRUE(report.bottleneck.has_value());
  EXPECT_EQ(report.bottleneck->text(), "cores of shelf.database");
  EXPECT_GT(report.bottleneck->busiest, 0.99);
  EXPECT_LE(report.bottleneck->busiest, 1);
  const ServiceReport& server = service_of(report, "shelf.database");
  EXPECT_EQ(server.transactions, service_of(report, "shelf").transactions);
  EXPECT_GT(server.transactions, 0U);
  EXPECT_NEAR(server.busy.in_seconds(), 0.05 * static_cast<double>(server.transactions), 0.5);
}

// 80 % of the load that four cores can bear: busy, and no bottleneck. The share is that of theory:
// 100/s times 32 ms are 3.2 of 4 cores.
TEST(Bottleneck, IsNobodyBelowTheLimit) {
  const RunReport report = report_of(shop("{ compute: 32ms }", "workers: 1000,"));
  EXPECT_FALSE(report.bottleneck.has_value()) << report.bottleneck->text();
  const ResourceReport& cores = resource_of(report, ResourceKind::kCores, "shelf");
  EXPECT_EQ(cores.capacity, 4);
  EXPECT_NEAR(cores.used, 0.8, 0.005);
  EXPECT_NEAR(cores.busiest, 0.8, 0.005);
}

TEST(Bottleneck, IsTheProcessorOfAService) {
  EXPECT_EQ(bottleneck_of(shop("{ compute: 50ms }", "workers: 1000,")), "cores of shelf");
}

// Two connections, each held for a commit of 50 ms: 40/s of 100.
TEST(Bottleneck, IsThePoolThatIsTooSmallAndNotTheWorkersWhoWaitForIt) {
  EXPECT_EQ(bottleneck_of(shop("{ write: { rows: 1 } }",
                               "workers: 64, database: { connections: 2, commit: 50ms },")),
            "connections of shelf");
}

// Two workers that wait for a slow service behind them, which has room: 20/s of 100.
TEST(Bottleneck, IsTheWorkersFurthestDown) {
  const std::string behind =
      "architecture: own\nduration: 30s\n"
      "services:\n"
      "  front: { workers: 20, queue: 100000, calls: { shelf: { timeout: 20s } },\n"
      "           declared: { endpoints: { page: [ { call: shelf.get } ] } } }\n"
      "  shelf: { replicas: 1, workers: 2, queue: 100000, calls: { attic: { timeout: 20s } },\n"
      "           declared: { endpoints: { get: [ { call: attic.find } ] } } }\n"
      "  attic: { replicas: 1, declared: { endpoints: { find: [ { compute: 100ms } ] } } }\n"
      "hosts: { cores: 64 }\n"
      "workload: [ { arrivals: constant(100/s), mix: { front.page: 1 } } ]\n";
  EXPECT_EQ(bottleneck_of(behind), "workers of shelf");
}

// 100 replies of 200 kB a second on a link of 100 Mbit/s, which takes 62 of them.
TEST(Bottleneck, IsTheLinkThatIsTooNarrow) {
  const std::string settings = "workers: 1000, endpoints: { get: { reply: 200kB } },";
  const RunReport report =
      report_of(shop("{ compute: 1ms }", settings, "hosts: { link: { bandwidth: 100Mbps } }\n"));
  ASSERT_TRUE(report.bottleneck.has_value());
  EXPECT_EQ(report.bottleneck->kind, ResourceKind::kLink);
}

// 100 reads of 10 MB a second from a disk of 500 MB/s.
TEST(Bottleneck, IsTheDiskOfADatabase) {
  EXPECT_EQ(bottleneck_of(shop("{ read: { rows: 1 } }",
                               "workers: 1000, database: { connections: 500, read: 10MB },",
                               "hosts: { disk: 500MB/s }\n")),
            "disk of shelf.database");
}

// Retries multiply the load: each call has three attempts, of which none succeeds.
TEST(Causes, TellHowFarRetriesMultiplyTheLoad) {
  const RunReport report = report_of(
      "architecture: own\nduration: 20s\n"
      "services:\n"
      "  front: { calls: { shelf: { retry: { attempts: 3, backoff: constant(10ms) } } },\n"
      "           declared: { endpoints: { page: [ { call: shelf.get } ] } } }\n"
      "  shelf: { declared: { endpoints: { get: [ { fail: { probability: 100%, status: 503 } } ] } "
      "} }\n"
      "workload: [ { arrivals: every 1s, mix: { front.page: 1 } } ]\n"
      "expect: { may-fail: true }\n");
  const auto call = std::ranges::find(report.calls, "front", &CallReport::caller);
  ASSERT_NE(call, report.calls.end());
  EXPECT_EQ(call->calls, 20U);
  EXPECT_EQ(call->attempts, 60U);
  EXPECT_DOUBLE_EQ(call->attempts_per_call(), 3);
  ASSERT_EQ(report.requests.at(0).errors.size(), 1U);
  EXPECT_EQ(report.requests.at(0).errors[0].second, 20U);
}

}  // namespace
}  // namespace soundcheck
