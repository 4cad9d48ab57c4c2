#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/orchestrator/decider/definition.hpp"
#include "models/orchestrator/decider/event_handler.hpp"
#include "models/orchestrator/decider/input_template.hpp"
#include "models/orchestrator/decider/script_needs.hpp"

namespace soundcheck::conductor {

class Definitions;

// One task of a workflow definition, ready to run: its task definition found, its templates parsed,
// its successor known. Belongs to a Blueprint, or to the rows of a dynamic fork.
struct Node {
  std::shared_ptr<const TaskInWorkflow> owned;  // of a dynamic fork; else the blueprint owns `task`
  const TaskInWorkflow* task = nullptr;
  // The registered or inline definition, or Conductor's defaults: those of a worker task, or for a
  // system task no retry and no response timeout.
  TaskDefinition definition;
  InputTemplate input;                        // inputParameters, filled up by the input template
  Json input_fallback = Json::object();       // taken where an expression yields null
  InputTemplate sub_workflow;                 // its parameters
  std::optional<std::int32_t> child_version;  // of a SUB_WORKFLOW that names none: see Blueprint
  std::optional<InputTemplate> items;         // of a DO_WHILE over a list
  ScriptNeeds condition_needs;                // what the loop condition reads
  const Node* next = nullptr;                 // runs when this one (with all inside it) is done
  const Node* loop = nullptr;                 // the DO_WHILE around it
  bool evaluated_by_join = false;             // its success alone does not call the decider
  std::vector<std::pair<std::string, const Node*>>
      cases;  // first task of each; null: an empty case
  const Node* default_case = nullptr;
  std::vector<const Node*> branches;  // first task of each branch of a fork
  std::vector<const Node*> loop_over;
  std::vector<std::string> loop_references;  // of all tasks inside, at any depth

  TaskType type() const { return task->type; }
  const std::string& reference() const { return task->reference; }
};

// A workflow definition bound to task definitions, immutable and shared by all its executions. A
// SUB_WORKFLOW without a version means the latest at the time of binding, for good.
class Blueprint {
 public:
  using ChildVersions = std::map<std::string, std::int32_t, std::less<>>;  // by task reference

  // `registered` is false for a definition that came along with a request (an inline sub-workflow).
  // `child_versions`: bound earlier, instead of the latest ones of now.
  Blueprint(WorkflowDefinition definition, const Definitions& definitions, bool registered,
            ChildVersions child_versions = {});
  Blueprint(const Blueprint&) = delete;
  Blueprint& operator=(const Blueprint&) = delete;

  const WorkflowDefinition& definition() const { return definition_; }
  bool registered() const { return registered_; }
  const std::vector<const Node*>& top_level() const { return top_level_; }
  const Node* find(std::string_view reference) const;
  const ChildVersions& child_versions() const { return child_versions_; }
  // The name of the first SUB_WORKFLOW without a version of which there is no definition: such a
  // workflow cannot be started. Conductor looks for the name as it is written.
  const std::optional<std::string>& missing_child() const { return missing_child_; }
  const InputTemplate& output() const { return output_; }

 private:
  std::vector<const Node*> build(const std::vector<TaskInWorkflow>& tasks, const Node* after,
                                 const Node* loop, bool in_fork, const Definitions& definitions);
  void bind_child(Node& node, const Definitions& definitions);
  void mark_join_targets();

  WorkflowDefinition definition_;
  bool registered_;
  ChildVersions child_versions_;
  std::optional<std::string> missing_child_;
  std::deque<Node> nodes_;
  std::map<std::string, Node*, std::less<>> by_reference_;
  std::map<std::string, bool, std::less<>> in_fork_;
  std::vector<const Node*> top_level_;
  InputTemplate output_;
};

// A node for a task made by a running workflow.
std::shared_ptr<const Node> make_dynamic_node(TaskInWorkflow task, const Definitions& definitions);

// What is registered: task definitions by name, workflow definitions by name and version, event
// handlers.
class Definitions {
 public:
  // Replaces one of the same name (and version).
  void add(TaskDefinition definition);
  void add(WorkflowDefinition definition);
  void add(EventHandler handler);

  const TaskDefinition* task(std::string_view name) const;
  std::vector<std::string> workflow_names() const;
  // Those that are active, in the order of their registration.
  std::vector<const EventHandler*> event_handlers(std::string_view event) const;
  // Without a version: the latest. Null if there is none.
  const WorkflowDefinition* workflow(std::string_view name,
                                     std::optional<std::int32_t> version) const;
  std::shared_ptr<const Blueprint> blueprint(std::string_view name,
                                             std::optional<std::int32_t> version) const;
  // As it was bound when these versions of children were the latest.
  std::shared_ptr<const Blueprint> blueprint(std::string_view name, std::int32_t version,
                                             const Blueprint::ChildVersions& child_versions) const;

 private:
  std::map<std::string, TaskDefinition, std::less<>> tasks_;
  std::vector<EventHandler> event_handlers_;
  std::map<std::string, std::map<std::int32_t, WorkflowDefinition>, std::less<>> workflows_;
  // Made on first use; dropped when anything is registered, as running executions keep theirs.
  mutable std::map<std::pair<std::string, std::int32_t>, std::shared_ptr<const Blueprint>>
      blueprints_;
};

}  // namespace soundcheck::conductor
