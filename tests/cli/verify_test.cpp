#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

using testing::HasSubstr;

TEST(Verify, FindsRunsOfOneSeedTheSame) {
  const Workplace workplace;
  workplace.write("short.yaml", kShortScenario);
  const ProgramRun run = workplace.run({"verify", "short.yaml", "--runs", "3", "--seed", "5"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_EQ(run.lines().size(), 4U);
  EXPECT_THAT(run.output, HasSubstr("3 runs of seed 5 are the same."));
  EXPECT_FALSE(std::filesystem::exists(workplace.folder() / "runs"));
}

TEST(Verify, PrintsEachRunOnceThroughAPipe) {
  const Workplace workplace;
  workplace.write("short.yaml", kShortScenario);
  const ProgramRun run = workplace.run_shell("soundcheck verify short.yaml --runs 4 | cat");
  EXPECT_EQ(run.lines().size(), 5U) << run.output;
}

TEST(Verify, ComparesRunsOfTheFlowKernelToo) {
  const Workplace workplace;
  workplace.write("short.yaml", kShortScenario);
  const Json json =
      workplace.run({"verify", "short.yaml", "--set", "fidelity=flow", "--json"}).json();
  EXPECT_EQ(json["same"], true);
  EXPECT_EQ(json["digests"].size(), 2U);
}

TEST(Verify, ComputesTheDigestThatARunReports) {
  const Workplace workplace;
  workplace.write("short.yaml", kShortScenario);
  const Json verified = workplace.run({"verify", "short.yaml", "--json"}).json();
  const Json run = workplace.run({"run", "short.yaml", "--json"}).json();
  EXPECT_EQ(verified["digests"][0], run["digest"]);
}

TEST(Verify, TellsAFormerRunFromAnotherOneByItsDigest) {
  const Workplace workplace;
  workplace.write("short.yaml", kShortScenario);
  const std::string digest = workplace.run({"run", "short.yaml", "--json"}).json()["digest"];
  const ProgramRun same =
      workplace.run({"verify", "runs/latest/scenario.yaml", "--digest", digest});
  EXPECT_EQ(same.exit_code, 0) << same.errors;
  const ProgramRun other =
      workplace.run({"verify", "short.yaml", "--seed", "2", "--digest", digest});
  EXPECT_EQ(other.exit_code, 71);
  EXPECT_THAT(other.errors, HasSubstr(digest));
  EXPECT_EQ(workplace.run({"verify", "short.yaml", "--digest", "12ab"}).exit_code, 64);
}

TEST(Verify, WantsAtLeastTwoRuns) {
  const Workplace workplace;
  workplace.write("short.yaml", kShortScenario);
  for (const char* runs : {"1", "0", "-2", "two", "1001"}) {
    const ProgramRun run = workplace.run({"verify", "short.yaml", "--runs", runs});
    EXPECT_EQ(run.exit_code, 64);
    EXPECT_THAT(run.errors, HasSubstr("from 2 to 1000"));
  }
}

}  // namespace
}  // namespace soundcheck::test
