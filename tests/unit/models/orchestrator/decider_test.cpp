// The order of effects, the sweeper's clock and other things that conformance cases cannot see.

#include <gtest/gtest.h>

#include <algorithm>

#include "models/orchestrator/decider/calendar.hpp"
#include "models/orchestrator/decider/workflow_json.hpp"
#include "tests/support/orchestrator/in_memory_engine.hpp"
#include "tests/unit/models/orchestrator/definitions_for_test.hpp"

namespace soundcheck::conductor {
namespace {

// Effects as short texts, in order.
std::string text_of(const Effect& effect, const Workflow& workflow) {
  if (const auto* stored = std::get_if<StoreTask>(&effect)) {
    const TaskRow& row = workflow.row(stored->row);
    return "task " + row.reference + " " + std::string(to_text(row.status));
  }
  if (std::holds_alternative<CreateWorkflow>(effect)) return "create";
  if (std::holds_alternative<StoreWorkflow>(effect))
    return "workflow " + std::string(to_text(workflow.status));
  if (const auto* push = std::get_if<Push>(&effect)) return "push " + push->queue;
  if (const auto* remove = std::get_if<Remove>(&effect)) return "remove " + remove->queue;
  if (const auto* move = std::get_if<Reschedule>(&effect)) {
    return "sweep in " + std::to_string(move->delay.in_milliseconds() / 1000);
  }
  if (std::holds_alternative<Evaluate>(effect)) return "evaluate";
  if (const auto* start = std::get_if<StartWorkflow>(&effect))
    return "start " + start->request->name;
  if (const auto* start = std::get_if<StartFailureWorkflow>(&effect))
    return "start failure " + start->request->name;
  if (std::holds_alternative<NoteFailureWorkflow>(effect)) return "note failure workflow";
  if (std::holds_alternative<Finished>(effect)) return "finished";
  if (std::holds_alternative<CopyToParent>(effect)) return "copy to parent";
  return "effect " + std::to_string(effect.index());
}

class DeciderTest : public ::testing::Test {
 protected:
  std::vector<std::string> texts(const Workflow& workflow, const Decision& decision) {
    std::vector<std::string> list;
    for (const Effect& effect : decision.effects) list.push_back(text_of(effect, workflow));
    return list;
  }
  Workflow started(const std::string& name) {
    StartRequest request;
    request.name = name;
    request.workflow_id = "w";
    return std::move(decider_.start(request, true, Time())->workflow);
  }
  // Decides until nothing changes; the effects of all steps.
  std::vector<std::string> decide(Workflow& workflow, Time now) {
    std::vector<std::string> list;
    for (bool again = true; again;) {
      const Decision decision = decider_.decide(workflow, now);
      for (const Effect& effect : decision.effects) list.push_back(text_of(effect, workflow));
      again = decision.again;
    }
    return list;
  }
  Time at(std::int64_t seconds) { return Time::at(Duration::seconds(seconds)); }

  Definitions definitions_;
  NoScripts scripts_;
  RandomStream jitter_{1, "jitter"};
  Decider decider_{definitions_, scripts_, jitter_};
  Limits limits_;
};

using Texts = std::vector<std::string>;

TEST_F(DeciderTest, StoresANewTaskBeforeItsMessage) {
  add_workflow(definitions_, workflow_of_tasks("w", Json::array({simple_task("a")})));
  Workflow workflow = started("w");
  EXPECT_EQ(decide(workflow, at(0)),
            (Texts{"task a SCHEDULED", "push work", "workflow RUNNING", "sweep in 30"}));
}

TEST_F(DeciderTest, StoresAResultBeforeItDecides) {
  add_workflow(definitions_, workflow_of_tasks("w", Json::array({simple_task("a")})));
  Workflow workflow = started("w");
  decide(workflow, at(0));
  const auto updated = decider_.update_task(workflow, {.task_id = workflow.row(0).id}, at(1));
  EXPECT_EQ(texts(workflow, *updated), (Texts{"remove work", "task a COMPLETED", "evaluate"}));
}

TEST_F(DeciderTest, StoresTheFinalStatusBeforeItStartsTheFailureWorkflow) {
  Json json = workflow_of_tasks("w", Json::array({simple_task("a")}));
  json["failureWorkflow"] = "undo";
  add_workflow(definitions_, json);
  add_workflow(definitions_, workflow_of_tasks("undo", Json::array({simple_task("u")})));
  add_task(definitions_, {{"name", "work"}, {"retryCount", 0}});
  Workflow workflow = started("w");
  decide(workflow, at(0));
  ASSERT_TRUE(decider_.update_task(
      workflow, {.task_id = workflow.row(0).id, .status = TaskStatus::kFailed}, at(1)));
  EXPECT_EQ(decide(workflow, at(1)),
            (Texts{"task a FAILED", "workflow FAILED", "finished", "remove _deciderQueue",
                   "start failure undo", "note failure workflow"}));
  EXPECT_EQ(decide(workflow, at(2)), Texts{});  // nobody starts it later
  EXPECT_EQ(Decider::failure_workflow_id(workflow), "w.failure");
}

TEST_F(DeciderTest, GivesAChildAnIdThatIsAFunctionOfTheAttempt) {
  Json sub = {{"name", "s"},
              {"taskReferenceName", "s"},
              {"type", "SUB_WORKFLOW"},
              {"subWorkflowParam", {{"name", "child"}}}};
  add_workflow(definitions_, workflow_of_tasks("w", Json::array({sub})));
  add_workflow(definitions_, workflow_of_tasks("child", Json::array({simple_task("a")})));
  Workflow workflow = started("w");
  decide(workflow, at(0));
  Workflow before_crash = workflow;
  const Decision first = decider_.execute_system_task(workflow, workflow.row(0).id, limits_, at(0));
  EXPECT_EQ(texts(workflow, first),
            (Texts{"start child", "task s IN_PROGRESS", "remove SUB_WORKFLOW", "evaluate"}));
  const Decision second =
      decider_.execute_system_task(before_crash, before_crash.row(0).id, limits_, at(60));
  EXPECT_EQ(std::get<StartWorkflow>(first.effects[0]).request->workflow_id,
            std::get<StartWorkflow>(second.effects[0]).request->workflow_id);
}

TEST_F(DeciderTest, SweepsWhenTheNextTimeoutIsDue) {
  Json json = workflow_of_tasks("w", Json::array({simple_task("a")}));
  json["timeoutSeconds"] = 7200;
  add_workflow(definitions_, json);
  add_workflow(definitions_,
               workflow_of_tasks("polled", Json::array({simple_task("a", "polled")})));
  add_task(definitions_,
           {{"name", "polled"}, {"pollTimeoutSeconds", 100}, {"responseTimeoutSeconds", 50}});
  Workflow unpolled = started("w");
  decide(unpolled, at(0));
  EXPECT_EQ(decider_.next_sweep(unpolled, at(0)), Duration::seconds(3600));  // 7201, capped
  Workflow workflow = started("polled");
  decide(workflow, at(0));
  EXPECT_EQ(decider_.next_sweep(workflow, at(10)), Duration::seconds(91));
  ASSERT_EQ(decider_.hand_out(workflow, workflow.row(0).id, "me", limits_, at(20)).outcome,
            HandOut::Outcome::kHandedOut);
  EXPECT_EQ(decider_.next_sweep(workflow, at(30)), Duration::seconds(41));
  EXPECT_EQ(decider_.next_sweep(workflow, at(500)), Duration());
}

TEST_F(DeciderTest, APollBringsTheSweepForwardToTheResponseTimeout) {
  add_workflow(definitions_, workflow_of_tasks("w", Json::array({simple_task("a")})));
  add_task(definitions_, {{"name", "work"}, {"responseTimeoutSeconds", 12}});
  Workflow workflow = started("w");
  decide(workflow, at(0));
  const HandOut hand_out = decider_.hand_out(workflow, workflow.row(0).id, "me", limits_, at(1));
  EXPECT_EQ(texts(workflow, hand_out.decision),
            (Texts{"task a IN_PROGRESS", "sweep in 12", "remove work"}));
}

TEST_F(DeciderTest, AHumanTaskTakesTheWorkflowOutOfTheDeciderQueue) {
  add_workflow(
      definitions_,
      workflow_of_tasks(
          "w", Json::array({Json{{"name", "h"}, {"taskReferenceName", "h"}, {"type", "HUMAN"}}})));
  Workflow workflow = started("w");
  const Texts effects = decide(workflow, at(0));
  EXPECT_EQ(effects.back(), "remove _deciderQueue");
  EXPECT_FALSE(decider_.next_sweep(workflow, at(0)));
  const auto updated = decider_.update_task(workflow, {.task_id = workflow.row(0).id}, at(5));
  EXPECT_EQ(texts(workflow, *updated),
            (Texts{"remove HUMAN", "task h COMPLETED", "push _deciderQueue", "evaluate"}));
}

TEST_F(DeciderTest, TheEndOfABranchIsLeftToItsJoin) {
  Json fork = {{"name", "f"},
               {"taskReferenceName", "f"},
               {"type", "FORK_JOIN"},
               {"forkTasks", Json::array({Json::array({simple_task("a"), simple_task("b")}),
                                          Json::array({simple_task("c")})})}};
  Json join = {{"name", "j"}, {"taskReferenceName", "j"}, {"type", "JOIN"}, {"joinOn", {"b", "c"}}};
  add_workflow(definitions_, workflow_of_tasks("w", Json::array({fork, join})));
  Workflow workflow = started("w");
  decide(workflow, at(0));
  const auto end =
      decider_.update_task(workflow, {.task_id = workflow.row(*workflow.latest("c")).id}, at(1));
  EXPECT_EQ(texts(workflow, *end), (Texts{"remove work", "task c COMPLETED"}));
  const auto middle =
      decider_.update_task(workflow, {.task_id = workflow.row(*workflow.latest("a")).id}, at(1));
  EXPECT_EQ(texts(workflow, *middle).back(), "evaluate");
  const auto failed = decider_.update_task(
      workflow, {.task_id = workflow.row(*workflow.latest("c")).id, .status = TaskStatus::kFailed},
      at(1));
  EXPECT_EQ(texts(workflow, *failed), Texts{"remove work"});  // it had ended
}

// It was opened again by each decision and failed again by each look, for ever at one instant.
TEST_F(DeciderTest, AJoinWithABrokenBranchStaysFailedWhileTheWorkflowIsPaused) {
  Json fork = {{"name", "f"},
               {"taskReferenceName", "f"},
               {"type", "FORK_JOIN"},
               {"forkTasks",
                Json::array({Json::array({simple_task("a")}), Json::array({simple_task("b")})})}};
  Json join = {{"name", "j"}, {"taskReferenceName", "j"}, {"type", "JOIN"}, {"joinOn", {"a", "b"}}};
  add_workflow(definitions_, workflow_of_tasks("w", Json::array({fork, join})));
  Workflow workflow = started("w");
  decide(workflow, at(0));
  ASSERT_TRUE(decider_.pause(workflow, at(1)));
  ASSERT_TRUE(decider_.update_task(workflow,
                                   {.task_id = workflow.row(*workflow.latest("a")).id,
                                    .status = TaskStatus::kFailedWithTerminalError},
                                   at(1)));
  const std::size_t row = *workflow.latest("j");
  decider_.execute_system_task(workflow, workflow.row(row).id, limits_, at(2));
  ASSERT_EQ(workflow.row(row).status, TaskStatus::kFailed);
  decide(workflow, at(2));
  EXPECT_EQ(workflow.row(row).status, TaskStatus::kFailed);
  ASSERT_TRUE(decider_.resume(workflow, at(3)));
  decide(workflow, at(3));
  EXPECT_EQ(workflow.status, WorkflowStatus::kFailed);
}

// A row that only memory knows to be over would count against its task's limits for ever.
TEST_F(DeciderTest, StoresWhatItTimesOutAlsoWhenThatEndsTheWorkflow) {
  Json optional = simple_task("a");
  optional["optional"] = true;
  add_workflow(definitions_, workflow_of_tasks("w", Json::array({optional})));
  add_task(definitions_, {{"name", "work"}, {"retryCount", 0}, {"responseTimeoutSeconds", 12}});
  Workflow workflow = started("w");
  decide(workflow, at(0));
  decider_.hand_out(workflow, workflow.row(0).id, "me", limits_, at(1));
  const Texts effects = decide(workflow, at(14));
  ASSERT_GE(effects.size(), 2U);
  EXPECT_EQ(effects[0], "task a COMPLETED_WITH_ERRORS");
  EXPECT_NE(std::ranges::find(effects, "workflow COMPLETED"), effects.end());
}

TEST_F(DeciderTest, LooksAtAJoinOftenAtFirstAndRarelyLater) {
  Json fork = {{"name", "f"},
               {"taskReferenceName", "f"},
               {"type", "FORK_JOIN"},
               {"forkTasks", Json::array({Json::array({simple_task("a")})})}};
  Json join = {{"name", "j"}, {"taskReferenceName", "j"}, {"type", "JOIN"}, {"joinOn", {"a"}}};
  add_workflow(definitions_, workflow_of_tasks("w", Json::array({fork, join})));
  Workflow workflow = started("w");
  decide(workflow, at(0));
  const std::size_t row = *workflow.latest("j");
  const auto look_after = [&](std::int64_t ms) {
    return decider_.next_join_look(workflow, row, Time::at(Duration::milliseconds(ms)))
        .in_milliseconds();
  };
  EXPECT_EQ(look_after(0), 50);
  EXPECT_EQ(look_after(51), 100);
  EXPECT_EQ(look_after(9'999), 10'000);   // the 200th look, the last quick one
  EXPECT_EQ(look_after(10'001), 10'050);  // 1.2^0 is not waited for: the 201st comes at once
  EXPECT_EQ(look_after(10'051), 11'050);  // then 1.2^1 = 1 whole second
  EXPECT_EQ(look_after(1'000'000) - look_after(1'000'000) % 10, look_after(1'000'000));
  const std::int64_t late = look_after(5'000'000);
  EXPECT_EQ(look_after(late + 1), late + 30'000);  // in the end every 30 s
}

TEST_F(DeciderTest, TwoServersWithoutALockMakeDuplicateTasks) {
  add_workflow(definitions_, workflow_of_tasks("w", Json::array({simple_task("a")})));
  Settings unlocked;
  unlocked.drawn_ids = std::make_shared<std::int32_t>(1);
  const Decider first(definitions_, scripts_, jitter_, unlocked);
  const Decider second(definitions_, scripts_, jitter_, unlocked);
  Workflow mine = started("w");
  Workflow theirs = mine;
  first.decide(mine, at(0));
  second.decide(theirs, at(0));
  EXPECT_EQ(mine.row(0).id, "w:1");
  EXPECT_EQ(theirs.row(0).id, "w:2");
}

TEST_F(DeciderTest, JitterComesOnTopOfTheCapAndIsNotCapped) {
  add_workflow(definitions_, workflow_of_tasks("w", Json::array({simple_task("a")})));
  add_task(definitions_, {{"name", "work"},
                          {"retryCount", 50},
                          {"retryDelaySeconds", 9},
                          {"maxRetryDelaySeconds", 4},
                          {"backoffJitterMs", 700}});
  Workflow workflow = started("w");
  decide(workflow, at(0));
  std::int64_t least = 1'000'000, most = 0;
  for (int i = 0; i < 50; ++i) {
    const std::string id = workflow.row(*workflow.latest("a")).id;
    ASSERT_TRUE(
        decider_.update_task(workflow, {.task_id = id, .status = TaskStatus::kFailed}, at(i)));
    decide(workflow, at(i));
    const std::int64_t delay =
        workflow.row(*workflow.latest("a")).callback_after().in_milliseconds();
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  EXPECT_GE(least, 4'000);
  EXPECT_LT(least, 4'150);
  EXPECT_LE(most, 4'700);
  EXPECT_GT(most, 4'550);
}

TEST_F(DeciderTest, WritesAndReadsBackWhatItNeeds) {
  add_workflow(definitions_,
               workflow_of_tasks("w", Json::array({simple_task("a"), simple_task("b")})));
  Workflow workflow = started("w");
  decide(workflow, at(3));
  ASSERT_EQ(decider_.hand_out(workflow, workflow.row(0).id, "me", limits_, at(4)).outcome,
            HandOut::Outcome::kHandedOut);
  const Json json = to_json(workflow);
  EXPECT_EQ(json["tasks"][0]["startTime"], kRunEpochMilliseconds + 4000);
  EXPECT_EQ(json["tasks"][0]["endTime"], 0);
  EXPECT_EQ(json["tasks"][0]["referenceTaskName"], "a");
  Workflow read = workflow_from_json(json, definitions_);
  EXPECT_EQ(to_json(read), json);
  ASSERT_TRUE(decider_.update_task(read, {.task_id = read.row(0).id}, at(5)));
  decide(read, at(5));
  EXPECT_EQ(read.row(1).id, "w:2");
}

TEST_F(DeciderTest, AWorkflowThatIsItsOwnFailureWorkflowDoesNotHang) {
  Json stop = {{"name", "t"},
               {"taskReferenceName", "t"},
               {"type", "TERMINATE"},
               {"inputParameters", {{"terminationStatus", "FAILED"}}}};
  Json json = workflow_of_tasks("again", Json::array({stop}));
  json["failureWorkflow"] = "again";
  add_workflow(definitions_, json);
  InMemoryEngine engine(definitions_, scripts_);
  StartRequest request;
  request.name = "again";
  ASSERT_TRUE(engine.start(request));
  EXPECT_EQ(engine.workflow_ids().size(), 51u);
}

TEST(Calendar, ReadsDurationsAsConductorDoes) {
  EXPECT_EQ(parse_wait_duration("2 days 3 hours 5m 10 secs"),
            Duration::seconds(2 * 86'400 + 3 * 3'600 + 5 * 60 + 10));
  EXPECT_EQ(parse_wait_duration("90s"), Duration::seconds(90));
  EXPECT_EQ(parse_wait_duration("1 HOUR"), Duration::seconds(3600));
  EXPECT_EQ(parse_wait_duration(" "), Duration());
  for (const char* text : {"5", "s", "5 s 1 h", "5 weeks", "1 s 2 s"})
    EXPECT_FALSE(parse_wait_duration(text)) << text;
}

TEST(Calendar, ReadsDatesFromTheBeginningOfTheRun) {
  EXPECT_EQ(parse_wait_until("2026-01-02"), Time::at(Duration::days(1)));
  EXPECT_EQ(parse_wait_until("2026-01-01 06:30 UTC"), Time::at(Duration::minutes(390)));
  EXPECT_EQ(parse_wait_until("2026-01-01 02:00 +02:00"), Time());
  EXPECT_LT(*parse_wait_until("2025-12-31"), Time());
  EXPECT_EQ(parse_wait_until("2026-01-01 04:05 GMT+04:00"), Time::at(Duration::minutes(5)));
  EXPECT_EQ(parse_wait_until("2026-01-01 00:00 GMT-3:30"), Time::at(Duration::minutes(210)));
  EXPECT_EQ(parse_wait_until("2026-01-01 05:30 +0530"), Time());
  EXPECT_EQ(parse_wait_until("2026-01-01 00:00 PST"), Time::at(Duration::hours(8)));
  EXPECT_EQ(parse_wait_until("2026-01-01 00:00 pacific daylight time"),
            Time::at(Duration::hours(7)));
  EXPECT_EQ(parse_wait_until("2026-01-01 02:00 CEST"), Time());
  EXPECT_EQ(parse_wait_until("2026-01-01 00:00 Hawaii-Aleutian Standard Time"),
            Time::at(Duration::hours(10)));
  // What Java's parser does not take.
  for (const char* const text : {"2026-01-01 00:00 UTC+04:00", "2026-01-01 00:00 GMT+4",
                                 "2026-01-01 00:00 Europe/Paris", "2026-01-01 00:00 XYZ"})
    EXPECT_FALSE(parse_wait_until(text)) << text;
  for (const char* text : {"2026-13-01", "01-01-2026", "2026-01-01 25:00", "tomorrow"})
    EXPECT_FALSE(parse_wait_until(text)) << text;
}

}  // namespace
}  // namespace soundcheck::conductor
