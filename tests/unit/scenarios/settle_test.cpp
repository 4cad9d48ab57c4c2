// How long a run waits, after the load, for what is still open.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

RunReport run_with_wait_of(const std::string& input) {
  const std::filesystem::path path = test::own_file();
  std::ofstream(path) << "soundcheck: 1\narchitecture: own\nfidelity: direct\nduration: 1h\n"
                         "workflows:\n"
                         "  - name: trial\n    version: 1\n    schemaVersion: 2\n    tasks:\n"
                         "      - { name: wait, taskReferenceName: pause, type: WAIT, "
                         "inputParameters: { " +
                             input +
                             " } }\n"
                             "workload: [ { arrivals: every 20m, workflow: trial, input: { long: 9 "
                             "days, deep: { long: 9 days } } } ]\n";
  const auto scenario = load_scenario(path, {}, reference_catalogue());
  if (!scenario) throw std::runtime_error(scenario.diagnostics.text());
  Run run(*scenario, {});
  run.execute();
  return run.report();
}

TEST(Settle, LastsAsLongAsTheWaitsThatAreWrittenDown) {
  const RunReport report = run_with_wait_of("duration: 3 days");
  EXPECT_TRUE(report.facts.came_to_rest);
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  EXPECT_GT(report.facts.ended, Time::at(Duration::days(3)));
}

TEST(Settle, KnowsWaitsThatComeWithTheWorkload) {
  const RunReport report = run_with_wait_of("duration: '${workflow.input.long}'");
  EXPECT_TRUE(report.facts.came_to_rest);
  EXPECT_GT(report.facts.ended, Time::at(Duration::days(9)));
}

// A run begins on 1 January 2026 (kRunEpochMilliseconds).
TEST(Settle, LastsUntilADateThatIsWrittenDown) {
  const RunReport report = run_with_wait_of("until: '2026-01-03 00:05'");
  EXPECT_TRUE(report.facts.came_to_rest);
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  EXPECT_GT(report.facts.ended, Time::at(Duration::days(2)));
}

TEST(Settle, DoesNotGuessAtWaitsThatOnlyARunKnows) {
  const RunReport report = run_with_wait_of("duration: '${workflow.input.deep.long}'");
  EXPECT_FALSE(report.facts.came_to_rest);
  EXPECT_LT(report.facts.ended, Time::at(2_h));
}

}  // namespace
}  // namespace soundcheck
