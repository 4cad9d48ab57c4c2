// Kinds of verdicts that once deceived, each in some more forms.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/scenarios/reported.hpp"

namespace soundcheck {
namespace {

// One service, `settings` beside its one endpoint of these steps, and a load.
std::string shelf(const std::string& steps, const std::string& load, const std::string& more = "") {
  return fmt::format(
      "architecture: own\nduration: 20s\n"
      "services: {{ shelf: {{ declared: {{ endpoints: {{ get: [ {} ] }} }} }} }}\n"
      "workload: [ {{ {}, mix: {{ shelf.get: 1 }} }} ]\n{}",
      steps, load, more);
}

// Source: ../shared/cases/2026-11/newcomer/nothing-works.yaml: of 432 requests 1 was served, PASS.
TEST(NothingWorks, IsSaidWhateverKeepsItFromWorking) {
  const std::string steady = "arrivals: every 100ms";
  const std::string met = "expect: { slo: [ { goodput: '< 100/s' } ] }\n";
  for (const std::string& steps :
       {"{ fail: { probability: 100%, status: 503 } }",
        "{ fail: { probability: 99%, status: 404 } }", "{ compute: 60s }"}) {
    const RunReport report = report_of(shelf(steps, steady, met));
    EXPECT_EQ(report.exit_code, ExitCode::kUnknown) << steps << ": " << report.sentence;
    EXPECT_NE(report.sentence.find("something worked"), std::string::npos) << report.sentence;
  }
  const RunReport fault = report_of(
      shelf("{ compute: 1ms }", steady,
            "faults: [ { at: 0s, kind: rpc.error, target: { service: shelf } } ]\n" + met));
  EXPECT_EQ(fault.exit_code, ExitCode::kUnknown) << fault.sentence;
}

// Source: found with Shopify/toxiproxy#404 (../shared/cases/2026-11/rest-without-database.yaml).
TEST(Rest, ComesWithoutADatabaseWhateverTheLoad) {
  for (const std::string& load : {"arrivals: every 2s", "clients: 3, think: 500ms",
                                  "arrivals: poisson(50/s), shape: [ [0s, 100%], [10s, 0%] ]"}) {
    const RunReport report = report_of(shelf("{ compute: 1ms }", load));
    EXPECT_TRUE(report.facts.came_to_rest) << load;
    EXPECT_EQ(report.requests.at(0).overall.ok, report.requests.at(0).overall.started) << load;
  }
  const RunReport late = report_of(shelf("{ compute: 15s }", "arrivals: every 9s"));
  EXPECT_TRUE(late.facts.came_to_rest) << "the last answer comes after the load";
  EXPECT_GT(late.facts.ended, Time::at(30_s));
}

// Source: grafana/k6#5316 (../shared/cases/2026-11/limit-equals-observed.yaml): what is printed
// beside a limit that it misses differs from the limit, whatever is limited.
TEST(Limits, DifferFromWhatMissesThem) {
  const RunReport report = report_of(
      "architecture: own\nduration: 61s\n"
      "services: { a: { declared: { endpoints: { get: [ { compute: 1ms },\n"
      "  { fail: { probability: 0.12%, status: 500 } } ] } } } }\n"
      "workload: [ { arrivals: constant(200/s), mix: { a.get: 1 } } ]\n"
      "expect: { slo: [ { success: '>= 99.99%', p50: '< 51.6ms', mean: '< 51.6ms',\n"
      "  goodput: '>= 200/s', throughput: '> 200/s' } ] }\n");
  std::size_t missed = 0;
  for (const Check& check : report.checks) {
    if (check.status != CheckStatus::kFail) continue;
    ++missed;
    ASSERT_TRUE(check.measure.has_value());
    EXPECT_NE(check.measure->value, check.measure->limit) << check.expectation;
    const std::string limit = check.expectation.substr(check.expectation.find_last_of("<>=") + 2);
    EXPECT_FALSE(check.observed.starts_with(limit)) << check.expectation << ": " << check.observed;
  }
  EXPECT_GE(missed, 3U);
}

// A sentence never calls sound what is not: who waits for a person is told apart.
TEST(Pass, TellsSagasThatWaitApartFromThoseThatAreSound) {
  const RunReport report = report_of(
      "architecture: own\nduration: 10s\n"
      "workflows:\n  - name: loan\n    version: 1\n    schemaVersion: 2\n    tasks:\n"
      "      - { name: approve, taskReferenceName: approve, type: HUMAN }\n"
      "workload: [ { arrivals: every 1s, workflow: loan } ]\n");
  EXPECT_EQ(report.exit_code, ExitCode::kPass);
  EXPECT_EQ(report.sentence.find("sound"), std::string::npos) << report.sentence;
  EXPECT_NE(report.sentence.find("10 sagas waiting for a person"), std::string::npos)
      << report.sentence;
}

}  // namespace
}  // namespace soundcheck
