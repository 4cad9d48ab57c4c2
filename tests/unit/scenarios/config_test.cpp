#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenarios/model/load.hpp"
#include "tests/unit/scenarios/example_catalogue.hpp"

// tests/config/bad holds scenarios with mistakes, each with the exact diagnostics in a .txt beside
// it; tests/config/good holds scenarios that load. With UPDATE_GOLDEN=1 in the environment the .txt
// files are written anew.
namespace soundcheck {
namespace {

namespace fs = std::filesystem;

const fs::path kConfig = fs::path(SOUNDCHECK_SOURCE_DIR) / "tests/config";

std::vector<fs::path> scenarios_in(const char* folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(kConfig / folder / "scenarios")) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

std::string content_of(const fs::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

class ConfigTest : public testing::Test {
 protected:
  // Diagnostics name files as they were given: relative to here.
  void SetUp() override {
    before_ = fs::current_path();
    fs::current_path(kConfig);
  }
  void TearDown() override { fs::current_path(before_); }

 private:
  fs::path before_;
};

TEST_F(ConfigTest, EveryMistakeOfABadScenarioIsReportedExactly) {
  const auto paths = scenarios_in("bad");
  ASSERT_GE(paths.size(), 10u);
  for (const fs::path& path : paths) {
    const auto checked = load_scenario(path.lexically_relative(kConfig), {}, example_catalogue());
    EXPECT_FALSE(checked) << path;
    fs::path expected = path;
    expected.replace_extension(".txt");
    if (std::getenv("UPDATE_GOLDEN") != nullptr)
      std::ofstream(expected) << checked.diagnostics.text();
    EXPECT_EQ(checked.diagnostics.text(), content_of(expected)) << path;
  }
}

TEST_F(ConfigTest, GoodScenariosLoadAndShowReadsBackToTheSame) {
  const auto paths = scenarios_in("good");
  ASSERT_GE(paths.size(), 4u);
  for (const fs::path& path : paths) {
    const auto checked = load_scenario(path.lexically_relative(kConfig), {}, example_catalogue());
    ASSERT_TRUE(checked) << path << "\n" << checked.diagnostics.text();
    const std::string shown = show_scenario(*checked);
    const fs::path copy = fs::path(testing::TempDir()) / "shown.yaml";
    std::ofstream(copy) << shown;
    const auto again = load_scenario(copy, {}, example_catalogue());
    ASSERT_TRUE(again) << shown << again.diagnostics.text();
    EXPECT_EQ(show_scenario(*again), shown) << path;
  }
}

// The schema and the reader must agree: what loads is valid, and what is invalid does not load.
// (The schema knows no names of services and no contradictions, so not everything that it accepts
// loads.)
TEST_F(ConfigTest, SchemaAgreesWithTheReader) {
  if (std::system("python3 -c 'import jsonschema, yaml' 2>/dev/null") != 0) {
    GTEST_SKIP() << "python3-jsonschema or python3-yaml is not installed";
  }
  const fs::path schema = fs::path(testing::TempDir()) / "soundcheck.schema.json";
  std::ofstream(schema) << scenario_schema(example_catalogue()).dump(1);
  const std::string command = "python3 " + (kConfig / "check_schema.py").string() + " " +
                              schema.string() + " " + kConfig.string();
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace soundcheck
