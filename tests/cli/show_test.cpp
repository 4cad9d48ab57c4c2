#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

using testing::HasSubstr;

TEST(Show, PrintsAScenarioThatShowsAsItself) {
  const Workplace workplace;
  workplace.write("short.yaml", kShortScenario);
  const ProgramRun run = workplace.run({"show", "short.yaml"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_EQ(run.errors, "");
  EXPECT_THAT(run.output, HasSubstr("duration: 5s"));
  EXPECT_THAT(run.output, HasSubstr("settle: auto"));
  const ProgramRun again = workplace.run({"show", "-"}, {.input = run.output});
  EXPECT_EQ(again.output, run.output);
}

TEST(Show, AppliesChangesAndTheSeed) {
  const Workplace workplace;
  workplace.write("short.yaml", kShortScenario);
  const ProgramRun run =
      workplace.run({"show", "short.yaml", "--set", "duration=7s", "--set", "population.users=12",
                     "--seed=18446744073709551615", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_EQ(run.json()["duration"], "7s");
  EXPECT_EQ(run.json()["population"]["users"], 12);
  EXPECT_EQ(run.json()["seed"].get<std::uint64_t>(), 18446744073709551615ULL);
}

TEST(Show, RefusesAChangeThatFitsNothing) {
  const Workplace workplace;
  workplace.write("short.yaml", kShortScenario);
  const ProgramRun run = workplace.run({"show", "short.yaml", "--set", "durration=7s"});
  EXPECT_EQ(run.exit_code, 65);
  EXPECT_EQ(run.output, "");
  EXPECT_THAT(run.errors, HasSubstr("did you mean 'duration'"));
}

}  // namespace
}  // namespace soundcheck::test
