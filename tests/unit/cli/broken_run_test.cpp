#include "cli/broken_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "cli/run_folder.hpp"
#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "sim/core/assert.hpp"
#include "sim/core/last_words.hpp"

namespace soundcheck::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

struct BrokenRunTest : testing::Test {
  BrokenRunTest() {
    char name[] = "/tmp/soundcheck-broken-XXXXXX";
    folder = mkdtemp(name);
    fs::current_path(folder);
    std::ofstream("s.yaml") << "soundcheck: 1\nname: s\nduration: 2s\nfidelity: direct\nseed: 7\n";
  }
  ~BrokenRunTest() override {
    fs::current_path("/");
    fs::remove_all(folder);
  }
  fs::path folder;
};

// Runs, and then finds out that it is wrong.
[[noreturn]] void run_and_break(const fs::path& output, bool by_exception) {
  const auto scenario = load_scenario("s.yaml", {}, reference_catalogue());
  auto folder = RunFolder::open(output, "s", "20260101-000000");
  Run run(*scenario.value, {.seed = 7});
  const std::string shown = show_scenario(*scenario.value);
  const std::string replay = "soundcheck run s.yaml --seed 7";
  const BrokenRun broken(*folder, shown, replay, run);
  run.execute();
  if (by_exception) program_is_broken("nobody has caught this");
  SOUNDCHECK_ASSERT(folder->databases().empty(), "the sum is {}", 3);
  _Exit(0);
}

TEST_F(BrokenRunTest, KeepsScenarioSeedAndLastEventsAndSaysWhereToSendThem) {
  EXPECT_EXIT(run_and_break({}, false), testing::ExitedWithCode(70),
              "the sum is 3[^\n]*\n[^\n]*Please report it to [^\n]*, with the folder "
              "runs/s/20260101-000000-broken.\nsoundcheck run s.yaml --seed 7");
  const fs::path kept = "runs/s/20260101-000000-broken";
  EXPECT_THAT(text_of(kept / "problem.txt"),
              AllOf(HasSubstr("broken_run_test.cpp"), HasSubstr("the sum is 3"),
                    HasSubstr("soundcheck run s.yaml --seed 7")));
  EXPECT_THAT(text_of(kept / "scenario.yaml"), HasSubstr("seed: 7"));
  EXPECT_THAT(text_of(kept / "last-events.txt"), HasSubstr(" s  phase-started phase=rest\n"));
}

TEST_F(BrokenRunTest, StandsBesideTheFolderThatWasAskedForAndOverwritesNothing) {
  EXPECT_EXIT(run_and_break("out", true), testing::ExitedWithCode(70), "folder \"?out-broken");
  EXPECT_EXIT(run_and_break("out", true), testing::ExitedWithCode(70), "folder \"?out-broken-2");
  EXPECT_THAT(text_of("out-broken/problem.txt"), HasSubstr("nobody has caught this"));
  EXPECT_FALSE(fs::exists("out"));
}

}  // namespace
}  // namespace soundcheck::cli
