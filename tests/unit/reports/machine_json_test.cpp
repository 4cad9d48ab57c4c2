#include <gtest/gtest.h>

#include "sim/core/json.hpp"
#include "tests/unit/reports/judged_run.hpp"

namespace soundcheck {
namespace {

TEST(MachineJson, TellsWhatTheRunCost) {
  RunDriver run;
  RunReport report;
  report.facts.ended = Time::at(60_s);
  report.facts.events = 3000;
  const MachineFacts machine{.wall_seconds = 1.5, .replay = "soundcheck run a.yaml --seed 7"};
  const Json json = Json::parse(written("machine.json", run, report, machine));
  EXPECT_DOUBLE_EQ(json["simulated_s_per_s"], 40);
  EXPECT_EQ(json["events_per_s"], 2000.0);
  EXPECT_EQ(json["replay"], "soundcheck run a.yaml --seed 7");
}

TEST(MachineJson, HasNoSpeedWithoutAClock) {
  RunDriver run;
  EXPECT_EQ(Json::parse(written("machine.json", run, RunReport()))["events_per_s"], 0.0);
}

}  // namespace
}  // namespace soundcheck
