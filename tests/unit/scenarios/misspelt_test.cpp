#include "scenarios/model/misspelt.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "scenarios/document/yaml.hpp"
#include "scenarios/model/load.hpp"
#include "tests/unit/scenarios/example_catalogue.hpp"

namespace soundcheck {
namespace {

namespace fs = std::filesystem;

const fs::path kGood = fs::path(SOUNDCHECK_SOURCE_DIR) / "tests/config/good/scenarios";

std::string text_in(const fs::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// In a copy of the folder of good scenarios, beside the files that they name.
struct MisspeltTest : testing::Test {
  MisspeltTest() {
    fs::remove_all(folder);
    fs::copy(kGood.parent_path(), folder, fs::copy_options::recursive);
  }
  ~MisspeltTest() override { fs::remove_all(folder); }

  Checked<Scenario> load(const std::string& text) const {
    const fs::path file = folder / "scenarios/misspelt.yaml";
    std::ofstream(file) << text;
    return load_scenario(file, {}, example_catalogue());
  }
  static std::size_t errors(const Checked<Scenario>& checked) {
    return checked.diagnostics.size() - checked.diagnostics.warnings();
  }

  fs::path folder =
      fs::path(testing::TempDir()) /
      (std::string("soundcheck-misspelt-") +
       testing::UnitTest::GetInstance()->current_test_info()->name());  // tests run side by side
};

void collect_names(const ParameterNode& node, std::vector<const ParameterNode::Entry*>& names) {
  for (const ParameterNode& item : node.items) collect_names(item, names);
  for (const ParameterNode::Entry& entry : node.entries) {
    names.push_back(&entry);
    collect_names(entry.value, names);
  }
}

// The text with the last letter of a name twice.
std::string with_a_slip(const std::string& text, const ParameterNode::Entry& entry) {
  std::size_t line = 0;
  for (int i = 1; i < entry.name_position.line; ++i) line = text.find('\n', line) + 1;
  std::size_t at = line;
  for (int column = 1; column < entry.name_position.column; ++at)
    column += (static_cast<unsigned char>(text[at + 1]) & 0xc0) != 0x80;
  if (text.compare(at, entry.name.size(), entry.name) != 0) return text;  // in quotes
  std::string result = text;
  result.insert(at + entry.name.size(), 1, entry.name.back());
  return result;
}

// Whatever the field is, required or not, and whatever else speaks of it.
TEST_F(MisspeltTest, IsOneMistakeWhereverTheNameStands) {
  int tried = 0;
  for (const auto& file : fs::directory_iterator(kGood)) {
    if (file.path().extension() != ".yaml") continue;
    const std::string text = text_in(file.path());
    const auto before = load(text);
    ASSERT_TRUE(before) << file.path();
    Mistakes none;
    const Source source(file.path().string(), file.path().parent_path(), text);
    const ParameterNode root = parse_yaml(source, 0, none);
    std::vector<const ParameterNode::Entry*> names;
    collect_names(root, names);
    for (const ParameterNode::Entry* const entry : names) {
      const auto checked = load(with_a_slip(text, *entry));
      const std::string told = checked.diagnostics.text();
      // What people name themselves may be called anything; definitions are Conductor's.
      const std::string slip = "unknown field '" + entry->name + entry->name.back() + "'";
      if (told.find(slip) == std::string::npos) continue;
      if (entry->name == "include") continue;  // what it would bring is not there
      ++tried;
      EXPECT_EQ(errors(checked), 1U) << file.path() << "\n" << told;
      EXPECT_EQ(checked.diagnostics.warnings(), before.diagnostics.warnings()) << told;
      EXPECT_NE(told.find("did you mean '" + entry->name + "'"), std::string::npos) << told;
    }
  }
  EXPECT_GT(tried, 100);
}

constexpr const char* kHead = "soundcheck: 1\nduration: 30s\n";

TEST_F(MisspeltTest, ArrivalsAreNoLackOfLoad) {
  const auto checked =
      load(std::string(kHead) + "workload: [ { arivals: poisson(5/s), mix: { subscribe: 1 } } ]\n");
  EXPECT_EQ(checked.diagnostics.size(), 1U) << checked.diagnostics.text();
  EXPECT_NE(checked.diagnostics.text().find("did you mean 'arrivals'?"), std::string::npos);
}

// Each is told, and so is what stands beside them; what is below them waits.
TEST_F(MisspeltTest, NamesDoNotHideOtherMistakes) {
  const auto checked =
      load(std::string(kHead) +
           "worklod: [ { arivals: poisson(5/s), mix: { nobody: 1 } } ]\nsettel: 5s\nseed: x\n");
  const std::string told = checked.diagnostics.text();
  EXPECT_EQ(checked.diagnostics.size(), 3U) << told;
  for (const char* name : {"'worklod'", "'settel'", "seed"})
    EXPECT_NE(told.find(name), std::string::npos) << told;
}

// Where the right one is there as well, it counts, and the other one is just unknown.
TEST_F(MisspeltTest, NameBesideTheRightOneIsNotTakenForIt) {
  const auto checked = load(std::string(kHead) + "seed: 5\nseeed: x\n");
  EXPECT_EQ(checked.diagnostics.size(), 1U) << checked.diagnostics.text();
}

}  // namespace
}  // namespace soundcheck
