#include <gtest/gtest.h>

#include "sim/core/json.hpp"
#include "tests/unit/reports/judged_run.hpp"

namespace soundcheck {
namespace {

TEST_F(JudgedInvariants, AreWrittenAsJsonWithoutAnythingOfTheMachine) {
  const RunReport report = play(true, {});
  const Json json = Json::parse(written("run.json", driver, report));
  EXPECT_EQ(json["faults"][0]["never_struck"], false);
  EXPECT_EQ(json["faults"][1]["never_struck"], true) << "a rehearsal that did not take place";
  EXPECT_EQ(json["schema"], kRunSchema);
  EXPECT_EQ(json["verdict"], "fail");
  EXPECT_EQ(json["exit_code"], 1);
  EXPECT_EQ(json["sagas"]["outcomes"]["inconsistent"], 1);
  EXPECT_EQ(json["invariants"][0]["first_violations"][0]["broken_s"], 28.0);
  EXPECT_TRUE(json["invariants"][0]["first_violations"][0]["repaired_s"].is_null());
  EXPECT_EQ(json["faults"][1]["strikes"], 0);
  EXPECT_EQ(json["requests"]["subscribe"]["during"]["unknown"], 100);
  EXPECT_EQ(json["aborted"], false);
}

}  // namespace
}  // namespace soundcheck
