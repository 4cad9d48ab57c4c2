#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/orchestrator/decider/blueprint.hpp"
#include "models/orchestrator/decider/definition_reader.hpp"

namespace soundcheck::conductor {

inline void add_workflow(Definitions& definitions, const Json& json) {
  Read<WorkflowDefinition> read = read_workflow_definition(json);
  for (const DefinitionProblem& problem : read.problems)
    EXPECT_TRUE(problem.warning) << to_text(problem);
  definitions.add(std::move(read.value));
}

inline void add_task(Definitions& definitions, const Json& json) {
  Read<TaskDefinition> read = read_task_definition(json);
  for (const DefinitionProblem& problem : read.problems)
    EXPECT_TRUE(problem.warning) << to_text(problem);
  definitions.add(std::move(read.value));
}

inline Json simple_task(const std::string& reference, const std::string& name = "work") {
  return Json::object({{"name", name}, {"taskReferenceName", reference}, {"type", "SIMPLE"}});
}

inline Json workflow_of_tasks(const std::string& name, Json tasks) {
  return Json::object(
      {{"name", name}, {"version", 1}, {"schemaVersion", 2}, {"tasks", std::move(tasks)}});
}

}  // namespace soundcheck::conductor
