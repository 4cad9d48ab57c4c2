// Scripts of tasks inside sub-workflows: Conductor's nested subWorkflowTestRequest.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/scenarios/effects_fixture.hpp"

namespace soundcheck {
namespace {

constexpr const char* kWorkflows = R"(duration: 9s
workflows:
  - { name: parcel, version: 1, schemaVersion: 2,
      tasks: [ { name: pack, taskReferenceName: pack, type: SIMPLE } ] }
  - { name: delivery, version: 1, schemaVersion: 2,
      tasks: [ { name: parcel, taskReferenceName: box, type: SUB_WORKFLOW,
                 subWorkflowParam: { name: parcel } } ] }
  - { name: order, version: 1, schemaVersion: 2, tasks: [
      { name: d, taskReferenceName: gift, type: SUB_WORKFLOW, optional: true,
        subWorkflowParam: { name: delivery } },
      { name: d, taskReferenceName: book, type: SUB_WORKFLOW, optional: true,
        subWorkflowParam: { name: delivery } },
      { name: p, taskReferenceName: card, type: SUB_WORKFLOW, optional: true,
        subWorkflowParam: { name: parcel } } ] }
tasks: [ { name: pack, retryCount: 0 } ]
workload: [ { arrivals: every 3s, workflow: order } ]
expect: { may-fail: true }
)";

const ExecutionReport& execution_report_of(const RunReport& report, const std::string& workflow) {
  return *std::ranges::find(report.executions, workflow, &ExecutionReport::workflow);
}

std::uint64_t packed(const std::string& workers) {
  const RunReport report = test::report_of(kWorkflows + ("workers:\n" + workers));
  EXPECT_EQ(execution_report_of(report, "order").completed, 3U);
  for (const TaskWorkReport& work : report.task_work)
    EXPECT_EQ(work.executions, 9U) << work.task;  // three of each order
  std::uint64_t effects = 0;
  for (const EffectReport& effect : report.effects) effects += effect.effects;
  return effects;
}

TEST(NestedScripts, ATaskIsPlayedByTheWayThatLedThere) {
  EXPECT_EQ(packed("  pack: [ { time: 10ms } ]\n"), 9U);
  EXPECT_EQ(packed("  pack: [ { time: 10ms } ]\n"
                   "  order.gift.box.pack: [ { status: FAILED } ]\n"),
            6U);
  EXPECT_EQ(packed("  parcel.pack: [ { status: FAILED } ]\n"
                   "  order.book.box.pack: [ { time: 10ms } ]\n"),
            3U);
  EXPECT_EQ(packed("  pack: [ { time: 10ms } ]\n"
                   "  order.card.pack: [ { status: FAILED } ]\n"
                   "  order.gift.box.pack: [ { status: FAILED } ]\n"),
            3U);
}

TEST(NestedScripts, AWayThatLeadsNowhereIsAMistake) {
  const std::filesystem::path path = test::own_file();
  std::ofstream(path) << "soundcheck: 1\narchitecture: own\n"
                      << kWorkflows
                      << "workers: { pack: [ { } ], order.gift.crate.pack: [ { } ] }\n";
  const auto scenario = load_scenario(path, {}, reference_catalogue());
  ASSERT_FALSE(scenario);
  EXPECT_NE(scenario.diagnostics.text().find("order.gift.crate.pack"), std::string::npos);
}

}  // namespace
}  // namespace soundcheck
