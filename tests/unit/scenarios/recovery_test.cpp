// When a system is said to have recovered, and from what.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/scenarios/reported.hpp"

namespace soundcheck {
namespace {

// Ten pages a second, each of which asks the stock service, over a network with these faults.
std::string pages(const std::string& faults, const std::string& within) {
  return fmt::format(
      "architecture: own\nduration: 90s\n"
      "services:\n"
      "  front: {{ declared: {{ endpoints: {{ page: [ {{ call: stock.get }} ] }} }} }}\n"
      "  stock: {{ declared: {{ endpoints: {{ get: [ {{ compute: 1ms }} ] }} }} }}\n"
      "workload: [ {{ arrivals: every 100ms, mix: {{ front.page: 1 }} }} ]\n"
      "faults:\n{}expect: {{ recovery: {{ within: {} }} }}\n",
      faults, within);
}

std::string slow_way(int from, int seconds, int milliseconds) {
  return fmt::format(
      "  - {{ at: {}s, for: {}s, kind: network.delay, delay: {}ms, target: {{ from: front, to: "
      "stock }} }}\n",
      from, seconds, milliseconds);
}

// Source: chaos-mesh/chaos-mesh#4535 (../shared/cases/2026-11/recovery-in-steps.yaml): latency in
// four steps, one after the other. What a following one does is not charged to the one before.
TEST(Recovery, CountsFromTheEndOfTheLastStep) {
  const RunReport report = report_of(pages(
      slow_way(10, 10, 50) + slow_way(20, 10, 100) + slow_way(30, 10, 150) + slow_way(40, 10, 200),
      "3s"));
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  for (const FaultReport& fault : report.faults)
    EXPECT_LT(fault.record.worst_recovery, 3_s) << fault.label();
}

TEST(Recovery, OfOneInsideAnotherCountsFromTheEndOfTheOuter) {
  const RunReport report = report_of(pages(slow_way(10, 40, 100) + slow_way(20, 5, 50), "3s"));
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
}

TEST(Recovery, OfTwoThatOverlapCountsFromTheEndOfTheSecond) {
  const RunReport report = report_of(pages(slow_way(10, 20, 100) + slow_way(25, 20, 150), "3s"));
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
}

// Two seconds between both are too short to see a recovery (it wants five normal ones), but the
// time in which the first could not recover is no more than these.
TEST(Recovery, OfOneThatIsFollowedSoonIsNotMissed) {
  const RunReport report = report_of(pages(slow_way(10, 10, 100) + slow_way(22, 10, 100), "3s"));
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
}

// Source: the game day template "Database Failover Drill" (../shared/cases/2026-11/
// database-outage-recovery.yaml): for 40 s not one saga ends, though clients are told "accepted".
TEST(Recovery, WaitsForSagasToEndAgain) {
  const auto outage = [](const char* within) {
    return report_of(fmt::format(
        "duration: 2m\n"
        "workload: [ {{ arrivals: poisson(5/s), mix: {{ subscribe: 1 }} }} ]\n"
        "faults: [ {{ at: 40s, for: 40s, kind: host.down, target: {{ database: payments }} }} ]\n"
        "expect: {{ recovery: {{ within: {} }} }}\n",
        within));
  };
  const RunReport late = outage("3s");
  EXPECT_EQ(late.exit_code, ExitCode::kObjectiveMissed) << late.sentence;
  EXPECT_GT(late.faults.at(0).record.worst_recovery, 3_s);
  EXPECT_LT(late.faults.at(0).record.worst_recovery, 15_s);
  const WindowSummaries& sagas = late.faults.at(0).sagas.at(0).windows;
  EXPECT_GT(sagas[1].p50, sagas[0].p50 * 10) << "what sagas suffered is told";
  EXPECT_GT(sagas[1].most_open, 100U) << "5/s for 40 s";
  EXPECT_EQ(outage("15s").exit_code, ExitCode::kPass);
}

}  // namespace
}  // namespace soundcheck
