#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

TEST(Version, IsThatOfTheFileVersion) {
  const Workplace workplace;
  std::string version = workplace.read(SOUNDCHECK_SOURCE_DIR "/VERSION");
  version = version.substr(0, version.find('\n'));
  const ProgramRun run = workplace.run({"version"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.output, "soundcheck " + version + "\n");
  EXPECT_EQ(workplace.run({"--version"}).output, run.output);
  EXPECT_EQ(workplace.run({"version", "--json"}).json()["version"], version);
}

}  // namespace
}  // namespace soundcheck::test
