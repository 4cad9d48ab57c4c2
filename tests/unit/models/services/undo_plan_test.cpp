#include "models/services/common/undo_plan.hpp"

#include <gtest/gtest.h>

namespace soundcheck {
namespace {

using Steps = std::vector<std::string>;

const Steps kSteps{"reserve", "authorize", "household", "charge"};

Json row(const char* reference, const char* status, Json start_time) {
  return {
      {"referenceTaskName", reference}, {"status", status}, {"startTime", std::move(start_time)}};
}

TEST(UndoPlan, TakesWhatWasHandedOutWhateverBecameOfItLastOneFirst) {
  const Json rows{row("reserve", "COMPLETED", 10), row("authorize", "TIMED_OUT", 20),
                  row("authorize", "FAILED", 30), row("charge", "SCHEDULED", 0),
                  row("household", "CANCELED", nullptr)};
  EXPECT_EQ(undo_plan(rows, kSteps, UndoRule::kHandedOut), (Steps{"authorize", "reserve"}));
}

TEST(UndoPlan, OneAttemptThatWasPolledIsEnough) {
  const Json rows{row("charge", "CANCELED", 0), row("charge", "TIMED_OUT", 40)};
  EXPECT_EQ(undo_plan(rows, kSteps, UndoRule::kHandedOut), (Steps{"charge"}));
}

TEST(UndoPlan, OfTheDefectForgetsWhatTimedOut) {
  const Json rows{row("reserve", "COMPLETED", 10), row("authorize", "TIMED_OUT", 20)};
  EXPECT_EQ(undo_plan(rows, kSteps, UndoRule::kCompletedOnly), (Steps{"reserve"}));
}

TEST(UndoPlan, OfTheBlindDefectTakesEverything) {
  EXPECT_EQ(undo_plan(Json::array(), kSteps, UndoRule::kAll),
            (Steps{"charge", "household", "authorize", "reserve"}));
}

TEST(UndoPlan, IsATaskThatTellsEachSwitchWhatToDo) {
  TaskInput task{.reference = "plan_undo"};
  task.input = {{"steps", kSteps}, {"tasks", Json::array({row("reserve", "COMPLETED", 10)})}};
  const TaskResult result = plan_undo(task, UndoRule::kHandedOut);
  EXPECT_EQ(result.status, TaskStatus::kCompleted);
  EXPECT_EQ(result.output["plan"]["reserve"], "undo");
  EXPECT_EQ(result.output["plan"]["charge"], "skip");
  EXPECT_EQ(result.output["undo"], Json{"reserve"});
}

TEST(UndoPlan, DoesNotGuessWithoutTheFailedWorkflow) {
  TaskInput task{.reference = "plan_undo"};
  task.input = {{"steps", kSteps}};
  EXPECT_EQ(plan_undo(task, UndoRule::kHandedOut).status, TaskStatus::kFailedWithTerminalError);
}

TEST(UndoPlan, FollowsTheSeededDefect) {
  EXPECT_EQ(undo_rule_of({}), UndoRule::kHandedOut);
  EXPECT_EQ(undo_rule_of({.defects = {"undo_completed_only"}}), UndoRule::kCompletedOnly);
  EXPECT_EQ(undo_rule_of({.defects = {"blind_undo"}}), UndoRule::kAll);
}

}  // namespace
}  // namespace soundcheck
