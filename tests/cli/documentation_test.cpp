#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/cli/program.hpp"

// Commands in README.md and docs/ are run: every block that begins with ```sh. One that ends with
// another exit code than 0 says so: ```sh exit=1. Blocks that begin with ```console are only shown
// (they install or build). One that begins with ```text COMMAND shows what that command prints:
// some of its lines, in their order, to the character; of a line that ends with … the rest may be
// anything. All blocks of a page run one after the other in one folder.
namespace soundcheck::test {
namespace {

namespace fs = std::filesystem;

struct Block {
  std::string script;
  int exit_code = 0;
  int line = 0;
  bool is_output = false;
  std::vector<std::string> shown = {};  // of the output
};

// The block that this line opens, if it is to be run.
std::optional<Block> opened_by(const std::string& line, int number) {
  for (const std::string_view language : {"```sh", "```text "}) {
    if (!line.starts_with(language)) continue;
    Block block{.line = number, .is_output = language != "```sh"};
    std::istringstream words(line.substr(language.size()));
    for (std::string word; words >> word;) {
      if (word.starts_with("exit=")) {
        block.exit_code = std::stoi(word.substr(5));
      } else {
        block.script += block.script.empty() ? word : " " + word;
      }
    }
    return block;
  }
  return std::nullopt;
}

std::vector<Block> blocks_of(const fs::path& page) {
  std::vector<Block> blocks;
  std::ifstream stream(page);
  bool inside = false;
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    const bool fence = line.starts_with("```");
    if (fence && !inside) {
      const std::optional<Block> block = opened_by(line, number);
      inside = block.has_value();
      if (block) blocks.push_back(*block);
    } else if (fence) {
      inside = false;
    } else if (inside && blocks.back().is_output) {
      blocks.back().shown.push_back(line);
    } else if (inside) {
      blocks.back().script += line + "\n";
    }
  }
  return blocks;
}

bool shows(const std::string& shown, const std::string& printed) {
  constexpr std::string_view kCut = "…";
  if (shown == printed) return true;
  return shown.ends_with(kCut) && printed.starts_with(shown.substr(0, shown.size() - kCut.size()));
}

// The first shown line that is not printed after those before it; nothing: all are.
std::optional<std::string> stale_line(const Block& block, const ProgramRun& run) {
  const std::vector<std::string> printed = run.lines();
  auto at = printed.begin();
  for (const std::string& shown : block.shown) {
    at = std::ranges::find_if(at, printed.end(),
                              [&](const std::string& line) { return shows(shown, line); });
    if (at == printed.end()) return shown;
    ++at;
  }
  return std::nullopt;
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
    const std::optional<std::string> stale = stale_line(block, run);
    EXPECT_FALSE(stale) << GetParam().string() << ":" << block.line << " shows\n"
                        << *stale << "\nand " << block.script << " prints\n"
                        << run.output;
  }
}

std::string page_name(const testing::TestParamInfo<fs::path>& page) {
  std::string name = page.param.stem().string();
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Pages, DocumentedCommands, testing::ValuesIn(pages()), page_name);

TEST(Documentation, HasCommandsToRunAndShowsWhatTheyPrint) {
  std::size_t blocks = 0;
  std::size_t outputs = 0;
  for (const fs::path& page : pages()) {
    for (const Block& block : blocks_of(page)) ++(block.is_output ? outputs : blocks);
  }
  EXPECT_GE(blocks, 5U);
  EXPECT_GE(outputs, 2U);
}

}  // namespace
}  // namespace soundcheck::test
