#include <gtest/gtest.h>

#include "tests/unit/reports/judged_run.hpp"

namespace soundcheck {
namespace {

TEST(ScenarioYaml, IsTheScenarioAsItWasRun) {
  RunDriver run;
  EXPECT_EQ(written("scenario.yaml", run, RunReport()), "name: payments-outage\n");
}

}  // namespace
}  // namespace soundcheck
