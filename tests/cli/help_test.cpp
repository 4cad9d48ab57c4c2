#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::vector<std::string> kCommands{"explain", "help",     "list",   "run",    "schema",
                                         "show",    "validate", "verify", "version"};

std::string golden(const std::string& name) {
  std::ifstream stream(std::string(SOUNDCHECK_SOURCE_DIR) + "/tests/cli/golden/" + name);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

TEST(Help, IsPrintedInEveryWayOfAskingForIt) {
  const Workplace workplace;
  const ProgramRun asked = workplace.run({"help"});
  EXPECT_EQ(asked.exit_code, 0);
  EXPECT_EQ(asked.errors, "");
  for (const char* word : {"-h", "--help"}) EXPECT_EQ(workplace.run({word}).output, asked.output);
  EXPECT_EQ(workplace.run({}).output, asked.output);
}

// Changed on purpose? soundcheck help > tests/cli/golden/help.txt
TEST(Help, IsTheTextThatWasAgreed) {
  EXPECT_EQ(Workplace().run({"help"}).output, golden("help.txt"));
}

// Changed on purpose? soundcheck help run > tests/cli/golden/help-run.txt
TEST(Help, OfEachCommandIsTheTextThatWasAgreed) {
  const Workplace workplace;
  for (const std::string& command : kCommands) {
    const ProgramRun run = workplace.run({"help", command});
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_EQ(run.output, golden("help-" + command + ".txt")) << command;
    EXPECT_EQ(workplace.run({command, "--help"}).output, run.output);
    EXPECT_EQ(workplace.run({command, "-h", "--nonsense"}).output, run.output);
  }
}

TEST(Help, BeginsWithExamplesAndFitsTheScreen) {
  const Workplace workplace;
  for (const std::string& command : kCommands) {
    const ProgramRun run = workplace.run({"help", command});
    EXPECT_EQ(run.lines().at(2), "Examples:");
    EXPECT_LE(widest_line(run.output), 100U) << run.output;
  }
  EXPECT_LE(widest_line(workplace.run({"help"}).output), 100U);
}

TEST(Help, NamesEveryCommand) {
  const std::string help = Workplace().run({"help"}).output;
  for (const std::string& command : kCommands) EXPECT_THAT(help, HasSubstr("\n  " + command + " "));
}

TEST(Help, OfAnUnknownCommandSuggestsTheNearest) {
  const ProgramRun run = Workplace().run({"help", "vaildate"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_EQ(run.output, "");
  EXPECT_THAT(run.errors, HasSubstr("did you mean 'validate'?"));
}

}  // namespace
}  // namespace soundcheck::test
