#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/orchestrator/decider/definition.hpp"
#include "models/orchestrator/decider/json_position.hpp"
#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// What is wrong with a definition, or (a warning) what it asks for that is not simulated.
struct DefinitionProblem {
  bool warning = false;
  std::string path;  // in the document: tasks[2].taskReferenceName
  int line = 0;      // 1-based; 0 if only a JSON value was given
  int column = 0;
  std::string message;               // a sentence; with "did you mean '...'?" where a name is close
  std::vector<JsonStep> steps = {};  // the path, for those who know where else its parts stand
  bool about_name = false;           // the member should not be there, whatever its value
};

// "12:7: tasks[0].retryCount: must be 0 or more, not -1"
std::string to_text(const DefinitionProblem& problem);

template <class T>
struct Read {
  T value;  // as far as it could be read
  std::vector<DefinitionProblem> problems;
  bool ok() const {
    for (const DefinitionProblem& problem : problems) {
      if (!problem.warning) return false;
    }
    return true;
  }
};

// Each reads a whole document and reports every mistake in it, not only the first. Text that is no
// JSON is one problem at the place where it stops being JSON.
Read<WorkflowDefinition> read_workflow_definition(std::string_view text);
inline Read<WorkflowDefinition> read_workflow_definition(const std::string& text) {
  return read_workflow_definition(std::string_view(text));  // text, not a JSON value that is a text
}
inline Read<WorkflowDefinition> read_workflow_definition(const char* text) {
  return read_workflow_definition(std::string_view(text));
}
Read<WorkflowDefinition> read_workflow_definition(const Json& json);
Read<TaskDefinition> read_task_definition(const Json& json);
// A file of task definitions: one, or a list of them.
Read<std::vector<TaskDefinition>> read_task_definitions(std::string_view text);
// What a running workflow made: tasks of dynamic forks, definitions that a sub-workflow brings
// along. Unknown fields are left alone.
Read<TaskInWorkflow> read_task_in_workflow(const Json& json);
Read<WorkflowDefinition> read_inline_definition(const Json& json);

}  // namespace soundcheck::conductor
