// Conductor's task domains from the load to the worker.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/scenarios/effects_fixture.hpp"

namespace soundcheck {
namespace {

// Six workflows, one every 2 s, whose worker fails for good outside the domain blue.
ExecutionReport six_with(const std::string& task_to_domain, const std::string& pause = "2s",
                         const std::string& duration = "12s") {
  const RunReport report = test::report_of(
      fmt::format("duration: {}\n"
                  "workflows:\n"
                  "  - {{ name: flow, version: 1, schemaVersion: 2,\n"
                  "      tasks: [ {{ name: pack, taskReferenceName: pack, type: SIMPLE }} ] }}\n"
                  "tasks: [ {{ name: pack, retryCount: 0, responseTimeoutSeconds: 5 }} ]\n"
                  "workers:\n"
                  "  pack:\n"
                  "    - {{ status: FAILED_WITH_TERMINAL_ERROR, time: 10ms }}\n"
                  "    - {{ domain: blue, time: 10ms }}\n"
                  "    - {{ domain: green, status: FAILED, time: 10ms }}\n"
                  "workload: [ {{ arrivals: every {}, workflow: flow, task_to_domain: {} }},\n"
                  "            {{ arrivals: every 1000d, workflow: flow, task_to_domain: {{ pack: "
                  "'blue,green,NO_DOMAIN' }} }} ]\n"
                  "expect: {{ may-fail: true }}\n",
                  duration, pause, task_to_domain));
  return report.executions.at(0);
}

TEST(TaskDomainsRun, ATaskIsDoneByTheWorkerOfItsDomain) {
  const ExecutionReport blue = six_with("{ pack: blue }");
  EXPECT_EQ(blue.started, 6U);
  EXPECT_EQ(blue.completed, 6U);
  EXPECT_EQ(six_with("{ pack: green }").completed, 0U);
  EXPECT_EQ(six_with("{ '*': blue, pack: NO_DOMAIN }").completed, 0U);
}

// The workers' first polls are answered after 5 s, or with the first task: until then nobody has
// polled in the domain, as far as the server knows.
TEST(TaskDomainsRun, ADomainIsLiveOnceItsWorkerHasPolled) {
  EXPECT_EQ(six_with("{ '*': 'blue,NO_DOMAIN' }").completed, 5U);
}

// Polls of days without a task are parked, and count as if they had been repeated.
TEST(TaskDomainsRun, ADomainStaysLiveWhileItsPollsAreParked) {
  EXPECT_EQ(six_with("{ '*': 'blue,NO_DOMAIN' }", "2d", "12d").completed, 6U);
}

}  // namespace
}  // namespace soundcheck
