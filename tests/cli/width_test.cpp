// What is printed is as wide as the terminal where it is read; what is written is not.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

struct Width : testing::Test {
  // The longest line of what a command prints, on a terminal of so many columns; 0: into a pipe.
  std::size_t widest(const std::vector<std::string>& words, unsigned short columns,
                     const std::string& environment = "") {
    ProgramSetup setup{.output_on_terminal = columns > 0, .terminal_columns = columns};
    setup.environment = {"NO_COLOR=1"};
    if (!environment.empty()) setup.environment.push_back(environment);
    ProgramRun run = workplace.run(words, setup);
    EXPECT_EQ(run.exit_code, 0) << run.output << run.errors;
    std::erase(run.output, '\r');  // a terminal has it at the end of each line
    return widest_line(run.output);
  }
  Workplace workplace;
};

const std::vector<std::string> kHelp = {"help", "run"};

TEST_F(Width, FollowsTheTerminalWithinBounds) {
  for (const unsigned short columns : {80, 120, 150}) {
    EXPECT_LE(widest(kHelp, columns), columns);
    EXPECT_GT(widest(kHelp, columns), columns - 20U);
  }
  EXPECT_LE(widest(kHelp, 400), 160U);
  EXPECT_GT(widest(kHelp, 400), 130U);
  EXPECT_EQ(widest(kHelp, 20), widest(kHelp, 60)) << "narrower than that nothing can be read";
}

TEST_F(Width, IsAHundredWhereThereIsNoTerminal) {
  EXPECT_LE(widest(kHelp, 0), 100U);
  EXPECT_GT(widest(kHelp, 0), 80U);
}

TEST_F(Width, IsWhatColumnsSays) {
  EXPECT_EQ(widest(kHelp, 0, "COLUMNS=70"), widest(kHelp, 70));
  EXPECT_EQ(widest(kHelp, 120, "COLUMNS=70"), widest(kHelp, 70));
  for (const char* none : {"COLUMNS=", "COLUMNS=wide", "COLUMNS=0", "COLUMNS=-5"})
    EXPECT_EQ(widest(kHelp, 120, none), widest(kHelp, 120)) << none;
}

TEST_F(Width, OfASummaryIsThatOfTheTerminalAndFilesAreTheSame) {
  workplace.write("s.yaml", kShortScenario);
  const auto run = [&](const std::string& folder, unsigned short columns) {
    return widest({"run", "s.yaml", "-o", folder}, columns);
  };
  // Columns of numbers are not cut: a table may be wider than a narrow terminal.
  const std::size_t narrow = run("narrow", 100);
  const std::size_t wide = run("wide", 150);
  EXPECT_LE(narrow, 100U);
  EXPECT_LE(wide, 150U);
  EXPECT_LT(narrow, wide);
  const ProgramRun same = workplace.run_shell("diff -r -x machine.json narrow wide");
  EXPECT_EQ(same.exit_code, 0) << same.output;
}

}  // namespace
}  // namespace soundcheck::test
