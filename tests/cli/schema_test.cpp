#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

TEST(Schema, IsOneJsonDocumentThatKnowsTheFaults) {
  const ProgramRun run = Workplace().run({"schema"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.errors, "");
  EXPECT_EQ(run.json()["$schema"], "http://json-schema.org/draft-07/schema#");
  EXPECT_TRUE(run.json()["properties"].contains("faults"));
  EXPECT_NE(run.output.find("process.crash"), std::string::npos);
}

}  // namespace
}  // namespace soundcheck::test
