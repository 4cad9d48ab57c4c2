#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// What every refusal has in common: its code, nothing on standard output, one sentence in plain
// words, and no folder left behind.
void expect_refused(const std::vector<std::string>& words,
                    const testing::Matcher<const std::string&>& sentence) {
  const Workplace workplace;
  workplace.write("fine.yaml", kShortScenario);
  const ProgramRun run = workplace.run(words);
  EXPECT_EQ(run.exit_code, 64) << run.errors;
  EXPECT_EQ(run.output, "");
  EXPECT_THAT(run.errors, sentence);
  EXPECT_THAT(run.errors, testing::StartsWith("soundcheck: error: "));
  EXPECT_THAT(run.errors, Not(HasSubstr("terminate called")));
  EXPECT_FALSE(std::filesystem::exists(workplace.folder() / "runs"));
}

TEST(CommandLine, SuggestsTheCommandThatWasMeant) {
  expect_refused({"rnu", "fine.yaml"},
                 AllOf(HasSubstr("no command 'rnu'"), HasSubstr("did you mean 'run'?")));
}

TEST(CommandLine, NamesAllCommandsWhenNoneIsNear) {
  expect_refused({"frobnicate"}, AllOf(HasSubstr("'frobnicate'"), HasSubstr("validate")));
}

TEST(CommandLine, WantsTheCommandBeforeItsOptions) {
  expect_refused({"--seed", "7", "run", "fine.yaml"}, HasSubstr("comes first, not --seed"));
}

TEST(CommandLine, SuggestsTheOptionThatWasMeant) {
  expect_refused({"run", "fine.yaml", "--sede", "3"},
                 AllOf(HasSubstr("run has no option --sede"), HasSubstr("did you mean --seed?")));
  expect_refused({"run", "fine.yaml", "--sede=3"}, HasSubstr("did you mean --seed?"));
  expect_refused({"validate", "--jsno", "fine.yaml"}, HasSubstr("did you mean --json?"));
}

TEST(CommandLine, RefusesAnOptionThatTheCommandDoesNotHave) {
  expect_refused({"schema", "--seed", "3"}, HasSubstr("schema has no option --seed"));
  expect_refused({"run", "fine.yaml", "-x"}, HasSubstr("run has no option -x"));
}

TEST(CommandLine, WantsAScenario) {
  for (const char* command : {"run", "show", "verify", "validate"}) {
    expect_refused({command}, HasSubstr("needs a FILE"));
  }
}

TEST(CommandLine, TakesOneScenarioToRun) {
  expect_refused({"run", "fine.yaml", "other.yaml"}, HasSubstr("'other.yaml' is one too many"));
}

TEST(CommandLine, TakesAWholeNumberAsSeed) {
  expect_refused({"run", "fine.yaml", "--seed", "seven"}, HasSubstr("not 'seven'"));
  expect_refused({"run", "fine.yaml", "--seed", "-1"}, HasSubstr("not '-1'"));
  expect_refused({"run", "fine.yaml", "--seed", "1.5"}, HasSubstr("not '1.5'"));
  expect_refused({"run", "fine.yaml", "--seed", "0x10"}, HasSubstr("not '0x10'"));
  expect_refused({"run", "fine.yaml", "--seed", ""}, HasSubstr("not ''"));
  expect_refused({"run", "fine.yaml", "--seed="}, HasSubstr("--seed"));
  expect_refused({"run", "fine.yaml", "--seed", "18446744073709551616"}, HasSubstr("too large"));
  expect_refused({"run", "fine.yaml", "--seed"}, HasSubstr("--seed needs a value: --seed N"));
  expect_refused({"run", "fine.yaml", "--seed", "1", "--seed", "2"}, HasSubstr("given twice"));
}

TEST(CommandLine, TakesThePathAndTheValueOfAChange) {
  expect_refused({"run", "fine.yaml", "--set", ""}, HasSubstr("PATH=VALUE, not ''"));
  expect_refused({"run", "fine.yaml", "--set", "seed"}, HasSubstr("PATH=VALUE, not 'seed'"));
  expect_refused({"run", "fine.yaml", "--set", "=3"}, HasSubstr("PATH=VALUE, not '=3'"));
  expect_refused({"run", "fine.yaml", "--set"}, HasSubstr("--set needs a value"));
}

TEST(CommandLine, TakesAFolderForResults) {
  expect_refused({"run", "fine.yaml", "-o", ""}, HasSubstr("--output needs a folder"));
  expect_refused({"run", "fine.yaml", "-o"}, HasSubstr("--output needs a value: --output DIR"));
}

TEST(CommandLine, KnowsThreeChoicesOfColor) {
  expect_refused({"version", "--color", "red"}, HasSubstr("auto, always or never, not 'red'"));
}

TEST(CommandLine, SaysSoWhenStandardOutputTakesNothing) {
  const ProgramRun run = Workplace().run_shell("soundcheck list faults > /dev/full");
  EXPECT_EQ(run.exit_code, 74);
  EXPECT_THAT(run.errors, HasSubstr("could not be written"));
}

TEST(CommandLine, PrintsColorsOnlyForPeople) {
  const Workplace workplace;
  workplace.write("wrong.yaml", "soundcheck: 1\nsede: 3\n");
  EXPECT_THAT(workplace.run({"validate", "wrong.yaml"}).errors, Not(HasSubstr("\x1b[")));
  EXPECT_THAT(workplace.run({"validate", "wrong.yaml", "--color", "always"}).errors,
              HasSubstr("\x1b["));
  ProgramSetup terminal{.errors_on_terminal = true};
  EXPECT_THAT(workplace.run({"validate", "wrong.yaml"}, terminal).errors, HasSubstr("\x1b["));
  EXPECT_THAT(workplace.run({"validate", "wrong.yaml", "--color=never"}, terminal).errors,
              Not(HasSubstr("\x1b[")));
  terminal.environment = {"NO_COLOR=1"};
  EXPECT_THAT(workplace.run({"validate", "wrong.yaml"}, terminal).errors, Not(HasSubstr("\x1b[")));
}

}  // namespace
}  // namespace soundcheck::test
