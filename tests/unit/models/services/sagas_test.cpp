#include "models/sagas/sagas.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "models/registry/registry.hpp"
#include "sim/core/json.hpp"

namespace soundcheck {
namespace {

using testing::Contains;

// All tasks of a workflow, with those inside of switches.
void collect(const Json& tasks, std::vector<Json>& all) {
  for (const Json& task : tasks) {
    all.push_back(task);
    if (task.contains("decisionCases")) {
      for (const auto& [name, inside] : task["decisionCases"].items()) collect(inside, all);
    }
  }
}
std::vector<Json> tasks_of(const Json& workflow) {
  std::vector<Json> all;
  collect(workflow["tasks"], all);
  return all;
}
std::map<std::string, Json> task_definitions() {
  std::map<std::string, Json> definitions;
  for (const Json& task : Json::parse(sagas::task_definitions())) definitions[task["name"]] = task;
  return definitions;
}
Json workflow(std::string_view file) {
  return Json::parse(sagas::document(file));
}

TEST(Sagas, AreNamedAsTheirFilesAndReferToEachOther) {
  for (const sagas::Saga& saga : sagas::sagas()) {
    std::set<std::string> names;
    for (const std::string_view file : saga.workflows) names.insert(workflow(file)["name"]);
    EXPECT_THAT(names, Contains(std::string(saga.name)));
    for (const std::string_view file : saga.workflows) {
      const Json definition = workflow(file);
      EXPECT_EQ(definition["name"].get<std::string>() + ".json", file);
      if (definition.contains("failureWorkflow")) {
        EXPECT_THAT(names, Contains(definition["failureWorkflow"].get<std::string>()));
      }
    }
  }
}

TEST(Sagas, HaveUniqueReferencesDefinedTasksAndAWorkerForEach) {
  std::set<std::string> worked_on;
  for (const ServiceBlueprint& service : registered_services()) {
    for (const WorkerBinding& worker : service.tasks) {
      EXPECT_TRUE(worked_on.insert(worker.task_type).second) << worker.task_type;
    }
  }
  const auto definitions = task_definitions();
  std::set<std::string> used;
  for (const sagas::Saga& saga : sagas::sagas()) {
    for (const std::string_view file : saga.workflows) {
      std::set<std::string> references;
      for (const Json& task : tasks_of(workflow(file))) {
        const std::string reference = task["taskReferenceName"];
        EXPECT_TRUE(references.insert(reference).second) << reference;
        if (task["type"] != "SIMPLE") continue;
        used.insert(task["name"]);
        EXPECT_TRUE(definitions.contains(task["name"])) << reference;
        EXPECT_THAT(worked_on, Contains(task["name"].get<std::string>()));
      }
    }
  }
  EXPECT_EQ(used.size(), definitions.size());
  EXPECT_EQ(used, worked_on);
}

TEST(Sagas, RetryAsTheRoleOfEachStepAsks) {
  const auto definitions = task_definitions();
  for (const Json& task : tasks_of(workflow("subscribe.json"))) {
    if (!task.contains("metadata")) continue;
    const std::string role = task["metadata"]["role"];
    const Json& definition = definitions.at(task["name"]);
    EXPECT_EQ(definition["retryCount"], role == "COMPENSATABLE" ? 3 : 20) << task["name"];
    EXPECT_EQ(definition["maxRetryDelaySeconds"], role == "COMPENSATABLE" ? 30 : 60);
    EXPECT_EQ(task.value("optional", false), role == "RETRIABLE");
  }
  for (const auto& [name, definition] : definitions) {
    EXPECT_EQ(definition["retryLogic"], "EXPONENTIAL_BACKOFF");
    EXPECT_EQ(definition["retryDelaySeconds"], 1);
    EXPECT_EQ(definition["backoffJitterMs"], 500);
    EXPECT_EQ(definition["responseTimeoutSeconds"], 10);
    EXPECT_EQ(definition["timeoutPolicy"], "RETRY");
  }
}

TEST(Sagas, HandARetriableStepThatGaveUpToAHuman) {
  const std::vector<Json> tasks = tasks_of(workflow("subscribe.json"));
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (!tasks[i].value("optional", false)) continue;
    const Json& next = tasks.at(i + 1);
    EXPECT_EQ(next["type"], "SWITCH");
    EXPECT_EQ(next["inputParameters"]["status"],
              "${" + tasks[i]["taskReferenceName"].get<std::string>() + ".status}");
    EXPECT_EQ(next["decisionCases"]["COMPLETED_WITH_ERRORS"][0]["type"], "HUMAN");
  }
}

TEST(Sagas, UndoEveryStepBeforeAndAtThePivotInReverse) {
  std::vector<std::string> undoable;
  for (const Json& task : tasks_of(workflow("subscribe.json"))) {
    if (!task.contains("metadata") || task["metadata"]["role"] == "RETRIABLE") continue;
    undoable.insert(undoable.begin(), "undo_" + task["taskReferenceName"].get<std::string>());
  }
  std::vector<std::string> undone;
  for (const Json& task : tasks_of(workflow("subscribe_undo.json"))) {
    const std::string reference = task["taskReferenceName"];
    if (task["type"] == "SIMPLE" && reference != "plan_undo") undone.push_back(reference);
  }
  EXPECT_EQ(undone, undoable);
}

TEST(Sagas, CountTheRecordThatAnEventMakes) {
  EXPECT_EQ(workflow("subscribe.json")["metadata"]["byEvent"],
            (Json::array({{{"step", "record_transaction"}, {"role", "RETRIABLE"}}})));
}

}  // namespace
}  // namespace soundcheck
