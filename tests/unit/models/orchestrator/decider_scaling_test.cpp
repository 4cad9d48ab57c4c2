// How the decider's work grows, counted in rows and index entries looked at, never in time.

#include <gtest/gtest.h>

#include "tests/support/orchestrator/in_memory_engine.hpp"
#include "tests/unit/models/orchestrator/definitions_for_test.hpp"

namespace soundcheck::conductor {
namespace {

// Runs a definition to its end with workers that always succeed; the work of its decisions.
std::uint64_t work_to_complete(const Json& definition, const Json& input = Json::object()) {
  Definitions definitions;
  add_workflow(definitions, definition);
  NoScripts scripts;
  InMemoryEngine engine(definitions, scripts);
  StartRequest request;
  request.name = definition["name"];
  request.input = input;
  const std::string id = engine.start(request).value();
  engine.run_until_quiet();
  while (const auto task = engine.poll("work", "w")) {
    TaskResult result;
    result.task_id = task->task_id;
    result.output = Json::object({{"n", 1}});
    EXPECT_TRUE(engine.update(task->workflow_id, result));
    engine.run_until_quiet();
  }
  EXPECT_EQ(engine.find(id)->status, WorkflowStatus::kCompleted) << engine.find(id)->reason;
  return engine.find(id)->work();
}

Json fork_of(int branches, int tasks_in_a_branch) {
  Json list = Json::array(), join_on = Json::array();
  for (int i = 0; i < branches; ++i) {
    Json branch = Json::array();
    for (int j = 0; j < tasks_in_a_branch; ++j)
      branch.push_back(simple_task("b" + std::to_string(i) + "_" + std::to_string(j)));
    join_on.push_back(branch.back()["taskReferenceName"]);
    list.push_back(branch);
  }
  return workflow_of_tasks("fork", Json::array({Json::object({{"name", "split"},
                                                              {"taskReferenceName", "split"},
                                                              {"type", "FORK_JOIN"},
                                                              {"forkTasks", list}}),
                                                Json::object({{"name", "merge"},
                                                              {"taskReferenceName", "merge"},
                                                              {"type", "JOIN"},
                                                              {"joinOn", join_on}})}));
}

Json loop_over_items(Json tasks) {
  return workflow_of_tasks("loop", Json::array({Json::object({{"name", "loop"},
                                                              {"taskReferenceName", "loop"},
                                                              {"type", "DO_WHILE"},
                                                              {"items", "${workflow.input.items}"},
                                                              {"loopCondition", ""},
                                                              {"loopOver", std::move(tasks)}})}));
}

Json items(int count) {
  Json list = Json::array();
  for (int i = 0; i < count; ++i) list.push_back(i);
  return Json::object({{"items", list}});
}

TEST(DeciderScaling, AForkCostsInProportionToItsBranches) {
  const std::uint64_t small = work_to_complete(fork_of(250, 2));
  const std::uint64_t large = work_to_complete(fork_of(1000, 2));
  EXPECT_LT(large, 4 * small + 4 * small / 10);
  EXPECT_LT(large, 1000u * 60);  // a few looks for each of the 2,000 tasks
}

TEST(DeciderScaling, ALoopCostsInProportionToItsIterations) {
  const Json definition = loop_over_items(Json::array({simple_task("a"), simple_task("b")}));
  const std::uint64_t small = work_to_complete(definition, items(125));
  const std::uint64_t large = work_to_complete(definition, items(500));
  EXPECT_LT(large, 4 * small + 4 * small / 10);
}

TEST(DeciderScaling, AForkInsideALoopCostsInProportionToItsBranches) {
  const auto definition = [](int branches) {
    Json fork = fork_of(branches, 1)["tasks"];
    return loop_over_items(std::move(fork));
  };
  const std::uint64_t small = work_to_complete(definition(100), items(2));
  const std::uint64_t large = work_to_complete(definition(400), items(2));
  EXPECT_LT(large, 4 * small + 4 * small / 10);
}

TEST(DeciderScaling, FiveHundredSynchronousIterationsNeedNoWorkerAndNoRecursion) {
  Json set = Json::object({{"name", "set"},
                           {"taskReferenceName", "set"},
                           {"type", "SET_VARIABLE"},
                           {"inputParameters", {{"last", "${loop.output.loopItem}"}}}});
  const Json definition = loop_over_items(Json::array({set}));
  const std::uint64_t small = work_to_complete(definition, items(125));
  const std::uint64_t large = work_to_complete(definition, items(500));
  EXPECT_LT(large, 4 * small + 4 * small / 10);
}

}  // namespace
}  // namespace soundcheck::conductor
