#include "tests/layers/source_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

namespace soundcheck::layers {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

const fs::path kRoot = SOUNDCHECK_SOURCE_DIR;
const fs::path kTable = kRoot / "tests/layers/layers.txt";

// A small source tree in a temporary folder, gone with the test.
class SourceScan : public testing::Test {
 protected:
  SourceScan() {
    std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    root_ = fs::path(testing::TempDir()) / ("soundcheck-layers-" + name);
    fs::remove_all(root_);
  }
  ~SourceScan() override { fs::remove_all(root_); }

  void write(const std::string& file, const std::string& text) {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }
  std::vector<std::string> problems() const { return include_problems(root_, root_ / "table"); }

  fs::path root_;
};

TEST(Layers, EveryIncludeFollowsTheTable) {
  for (const std::string& problem : include_problems(kRoot, kTable)) ADD_FAILURE() << problem;
}

TEST(Layers, NoFoldersIncludeEachOther) {
  for (const std::string& problem : circle_problems(kTable)) ADD_FAILURE() << problem;
}

TEST(Layers, NothingCallsWhatDiffersBetweenMachines) {
  for (const std::string& problem : word_problems(kRoot, kTable)) ADD_FAILURE() << problem;
}

TEST(Layers, FilesAndLinesStayShort) {
  for (const std::string& problem : size_problems(kRoot, kTable)) ADD_FAILURE() << problem;
}

TEST_F(SourceScan, AnIncludeUpwardsIsAProblem) {
  write("table", "low : :\nhigh : low :\n");
  write("low/a.hpp", "#include \"low/b.hpp\"\n#include \"high/c.hpp\"\n");
  write("high/c.cpp", "#include \"low/a.hpp\"\n");
  EXPECT_THAT(problems(), ElementsAre("low/a.hpp:2: 'high/c.hpp': low may not include high"));
}

TEST_F(SourceScan, TheLongestFolderDecides) {
  write("table", "low : :\nlow/door : :\nhigh : low/* :\nside : low :\n");
  write("high/a.cpp", "#include \"low/door/a.hpp\"\n");
  write("side/a.cpp", "#include \"low/a.hpp\"\n# include \"low/door/a.hpp\"\n");
  EXPECT_THAT(problems(),
              ElementsAre("side/a.cpp:2: 'low/door/a.hpp': side may not include low/door"));
}

TEST_F(SourceScan, AFileNameMayBeALayerOfItsOwn) {
  write("table", "low : :\n*/api.hpp : low :\nhigh : */api.hpp :\nside : low :\n");
  write("side/code.hpp", "");
  write("side/api.hpp", "#include \"low/a.hpp\"\n#include \"side/code.hpp\"\n");
  write("high/a.cpp", "#include \"side/api.hpp\"\n#include \"side/code.hpp\"\n");
  write("low/a.hpp", "#include \"side/api.hpp\"\n");
  EXPECT_THAT(problems(),
              ElementsAre("high/a.cpp:2: 'side/code.hpp': high may not include side",
                          "low/a.hpp:1: 'side/api.hpp': low may not include */api.hpp",
                          "side/api.hpp:2: 'side/code.hpp': */api.hpp may not include side"));
}

TEST_F(SourceScan, ACircleOfFoldersIsAProblem) {
  write("table", "all : * :\nlow : :\nlow/a : low low/b :\nlow/b : low/c :\nlow/c : low/a low :\n");
  EXPECT_THAT(circle_problems(root_ / "table"),
              ElementsAre("table: low/a -> low/b -> low/c -> low/a"));
  write("table", "low : :\nlow/a : low low/b :\nlow/b : low :\nhigh : low/* high :\n");
  EXPECT_THAT(circle_problems(root_ / "table"), ElementsAre());
}

TEST_F(SourceScan, ThirdPartyAndGuardedHeadersEnterWhereTheTableSays) {
  write("table", "* : : fmt/\nguarded : : random\nlow : : sqlite3.h\nhigh : * : yaml/ random\n");
  write("low/a.cpp",
        "#include <vector>\n#include <sqlite3.h>\n#include <fmt/core.h>\n"
        "#include <yaml/yaml.h>\n#include <random>\n");
  write("high/a.cpp", "#include <yaml/yaml.h>\n#include <random>\n#include <sqlite3.h>\n");
  EXPECT_THAT(problems(),
              ElementsAre("high/a.cpp:3: 'sqlite3.h': this header does not enter through high",
                          "low/a.cpp:4: 'yaml/yaml.h': this header does not enter through low",
                          "low/a.cpp:5: 'random': this header does not enter through low"));
}

TEST_F(SourceScan, APathThatDoesNotStartAtTheRootIsAProblem) {
  write("table", "low : :\n");
  write("low/a.hpp", "#include \"b.hpp\"\n");
  EXPECT_THAT(
      problems(),
      ElementsAre("low/a.hpp:1: 'b.hpp': paths in includes start at the repository's root"));
}

TEST_F(SourceScan, AFolderThatTheTableDoesNotNameIsAProblem) {
  write("table", "low/door : :\n");
  write("low/a.hpp", "");
  EXPECT_THAT(problems(), ElementsAre("low/a.hpp:1: the table of layers does not name its folder"));
}

TEST_F(SourceScan, AForbiddenWordIsAProblemOnlyWhereItIsForbidden) {
  write("table", "low : :\nlow/door : :\nhigh : * :\nnever : low/* : std::log(\n");
  write("low/door/a.cpp", "// no std::log(x)\nreturn std::log(x);\nreturn std::log2(x);\n");
  write("high/a.cpp", "return std::log(x);\n");
  EXPECT_THAT(word_problems(root_, root_ / "table"),
              ElementsAre("low/door/a.cpp:2: 'std::log(' differs between machines or runs: "
                          "not in low/door"));
}

TEST_F(SourceScan, ATableWithoutColonsIsRefused) {
  write("table", "low high\n");
  EXPECT_THROW(problems(), std::runtime_error);
}

TEST_F(SourceScan, LongFilesAndWideLinesAreProblems) {
  write("table", "low : :\n");
  std::string umlauts;
  for (int i = 0; i < 100; ++i) umlauts += "\u00e4";
  write("low/a.cpp", umlauts + "\n" + std::string(101, 'x') + "\n");
  std::string lines;
  for (int i = 0; i < 451; ++i) lines += "\n";
  write("low/b.cpp", lines);
  EXPECT_THAT(size_problems(root_, root_ / "table"),
              ElementsAre("low/a.cpp:2: wider than 100 columns",
                          "low/b.cpp:450: 451 lines, at most 450: split it by concept"));
}

}  // namespace
}  // namespace soundcheck::layers
