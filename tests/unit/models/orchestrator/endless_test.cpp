#include "models/orchestrator/decider/endless.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/orchestrator/in_memory_engine.hpp"
#include "tests/unit/models/orchestrator/definitions_for_test.hpp"

namespace soundcheck::conductor {
namespace {

using ::testing::HasSubstr;

// Runs the workflow until nothing changes any more.
class EndlessTest : public ::testing::Test {
 protected:
  const Workflow& run(const std::string& name) {
    StartRequest request;
    request.name = name;
    const std::string id = engine_.start(request).value();
    engine_.run_until_quiet();
    return *engine_.find(id);
  }

  Definitions definitions_;
  NoScripts scripts_;
  InMemoryEngine engine_{definitions_, scripts_};
};

Json task_row(const char* reference, const char* type, Json fields) {
  fields.update({{"name", reference}, {"taskReferenceName", reference}, {"type", type}});
  return fields;
}

TEST_F(EndlessTest, AWorkflowInsideItselfFailsAtTheHundredthAndSaysSo) {
  add_workflow(definitions_,
               workflow_of_tasks(
                   "inner", Json::array({task_row("again", "SUB_WORKFLOW",
                                                  {{"subWorkflowParam", {{"name", "inner"}}}})})));
  const Workflow& outermost = run("inner");
  EXPECT_EQ(outermost.status, WorkflowStatus::kFailed);
  EXPECT_THAT(outermost.reason, HasSubstr("stopped: sub-workflows inside one another, this one of "
                                          "'inner', started by 'inner', would go on for ever"));
  EXPECT_EQ(engine_.workflow_ids().size(), kMostChildren + 1);
}

TEST_F(EndlessTest, AWorkflowThatUndoesItselfStopsAtTheFiftiethAndSaysSo) {
  Json undo = workflow_of_tasks(
      "undo", Json::array({task_row("fail", "TERMINATE",
                                    {{"inputParameters", {{"terminationStatus", "FAILED"}}}})}));
  undo["failureWorkflow"] = "undo";
  add_workflow(definitions_, undo);
  run("undo");
  EXPECT_EQ(engine_.workflow_ids().size(), kMostNested + 1);
  const Workflow& last = *engine_.find(engine_.workflow_ids().back());
  EXPECT_THAT(last.output["conductor.failure_workflow"].get<std::string>(),
              HasSubstr("stopped: failure workflows of one another, this one of 'undo'"));
}

TEST_F(EndlessTest, WorkflowsThatStartOneAnotherAtOneInstantStopAtTheFiftiethWhoseTaskFails) {
  for (const auto& [name, next] : {std::pair("ping", "pong"), std::pair("pong", "ping")}) {
    add_workflow(
        definitions_,
        workflow_of_tasks(
            name,
            Json::array({task_row("next", "START_WORKFLOW",
                                  {{"inputParameters", {{"startWorkflow", {{"name", next}}}}}})})));
  }
  run("ping");
  EXPECT_EQ(engine_.workflow_ids().size(), kMostNested + 1);
  const Workflow& last = *engine_.find(engine_.workflow_ids().back());
  EXPECT_EQ(last.status, WorkflowStatus::kFailed);
  EXPECT_THAT(last.reason, HasSubstr("of 'pong', started by 'ping'"));
}

TEST_F(EndlessTest, EventsThatStartTheirOwnPublisherStop) {
  add_workflow(definitions_,
               workflow_of_tasks(
                   "tells", Json::array({task_row("tell", "EVENT", {{"sink", "conductor"}})})));
  definitions_.add(
      read_event_handler({{"name", "again"},
                          {"event", "conductor:tells:tell"},
                          {"active", true},
                          {"actions", Json::array({{{"action", "start_workflow"},
                                                    {"start_workflow", {{"name", "tells"}}}}})}})
          .value);
  run("tells");
  EXPECT_EQ(engine_.workflow_ids().size(), kMostNested + 1);
}

}  // namespace
}  // namespace soundcheck::conductor
