// What the rows of a declared service cost, whether or not there is a table behind them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

// Mean response of ten requests, one at a time, that do one step on a database.
Duration mean_response(const std::string& step, const std::string& database,
                       const std::string& more = {}) {
  const std::filesystem::path path = test::own_file();
  std::ofstream(path) << fmt::format(
      "soundcheck: 1\narchitecture: own\nfidelity: direct\nduration: 10500ms\n{}\n"
      "services:\n"
      "  stock: {{ replicas: 1, database: {{ {} }},\n"
      "           declared: {{ endpoints: {{ get: [ {} ] }} }} }}\n"
      "workload: [ {{ arrivals: every 1s, mix: {{ stock.get: 1 }} }} ]\n",
      more, database, step);
  const auto scenario = load_scenario(path, {}, reference_catalogue());
  if (!scenario) throw std::runtime_error(scenario.diagnostics.text());
  Run run(*scenario, {});
  run.execute();
  const RunReport report = run.report();
  EXPECT_EQ(report.requests.at(0).overall.ok, 10U);
  return report.requests.at(0).overall.mean;
}

TEST(DeclaredCosts, AWriteWaitsUntilItsCommitIsDurable) {
  const Duration quick = mean_response("{ write: { rows: 1 } }", "commit: 2ms");
  const Duration slow = mean_response("{ write: { rows: 1 } }", "commit: 200ms");
  EXPECT_NEAR((slow - quick).in_seconds(), 0.198, 1e-6);
  EXPECT_EQ(mean_response("{ write: { rows: 1 } }", "commit: 200ms, fsync: never"),
            mean_response("{ write: { rows: 1 } }", "commit: 2ms, fsync: never"));
  EXPECT_EQ(mean_response("{ read: { rows: 1 } }", "commit: 200ms"),
            mean_response("{ read: { rows: 1 } }", "commit: 2ms"));
}

TEST(DeclaredCosts, EachRowIsAStatement) {
  const Duration one = mean_response("{ read: { rows: 1 } }", "statement: 3ms");
  const Duration five = mean_response("{ read: { rows: 5 } }", "statement: 3ms");
  EXPECT_NEAR((five - one).in_seconds(), 4 * 0.003, 1e-6);
}

// 5 MB for each of two statements: 20 ms at 500 MB/s, 200 ms at 50 MB/s.
TEST(DeclaredCosts, StatementsReadFromTheDiskOfTheHost) {
  const auto reading = [](const char* disk, const char* read) {
    return mean_response("{ read: { rows: 2 } }", fmt::format("read: {}", read),
                         fmt::format("hosts: {{ disk: {} }}", disk));
  };
  const Duration nothing = reading("500MB/s", "0B");
  EXPECT_NEAR((reading("500MB/s", "5MB") - nothing).in_seconds(), 0.020, 1e-6);
  EXPECT_NEAR((reading("50MB/s", "5MB") - nothing).in_seconds(), 0.200, 1e-6);
}

}  // namespace
}  // namespace soundcheck
