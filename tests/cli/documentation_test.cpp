#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/cli/program.hpp"

// Commands in README.md and docs/ are run: every block that begins with ```sh. One that ends with
// another exit code than 0 says so: ```sh exit=1. Blocks that begin with ```console are only shown
// (they install or build). All blocks of a page run one after the other in one folder.
namespace soundcheck::test {
namespace {

namespace fs = std::filesystem;

struct Block {
  std::string script;
  int exit_code = 0;
  int line = 0;
};

std::vector<Block> blocks_of(const fs::path& page) {
  std::vector<Block> blocks;
  std::ifstream stream(page);
  bool inside = false;
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (line.starts_with("```sh") && !inside) {
      inside = true;
      const std::size_t code = line.find("exit=");
      blocks.push_back(
          {"", code == std::string::npos ? 0 : std::stoi(line.substr(code + 5)), number});
    } else if (line.starts_with("```")) {
      inside = false;
    } else if (inside) {
      blocks.back().script += line + "\n";
    }
  }
  return blocks;
}

std::vector<fs::path> pages() {
  const fs::path root = SOUNDCHECK_SOURCE_DIR;
  std::vector<fs::path> result{root / "README.md"};
  for (const auto& entry : fs::directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md") result.push_back(entry.path());
  }
  std::ranges::sort(result);
  return result;
}

class DocumentedCommands : public testing::TestWithParam<fs::path> {};

TEST_P(DocumentedCommands, DoWhatThePageSays) {
  const Workplace workplace;
  fs::copy(fs::path(SOUNDCHECK_SOURCE_DIR) / "scenarios", workplace.folder() / "scenarios",
           fs::copy_options::recursive);
  for (const Block& block : blocks_of(GetParam())) {
    const ProgramRun run = workplace.run_shell(block.script);
    EXPECT_EQ(run.exit_code, block.exit_code) << GetParam().string() << ":" << block.line << "\n"
                                              << block.script << run.output << run.errors;
  }
}

std::string page_name(const testing::TestParamInfo<fs::path>& page) {
  std::string name = page.param.stem().string();
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Pages, DocumentedCommands, testing::ValuesIn(pages()), page_name);

TEST(Documentation, HasCommandsToRun) {
  std::size_t blocks = 0;
  for (const fs::path& page : pages()) blocks += blocks_of(page).size();
  EXPECT_GE(blocks, 5U);
}

}  // namespace
}  // namespace soundcheck::test
