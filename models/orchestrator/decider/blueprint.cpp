#include "models/orchestrator/decider/blueprint.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"

namespace soundcheck::conductor {

namespace {

// Only these mappers of Conductor's fill their input from the task definition's template.
bool takes_input_template(TaskType type) {
  switch (type) {
    case TaskType::kSimple:
    case TaskType::kUserDefined:
    case TaskType::kDynamic:
    case TaskType::kDoWhile:
    case TaskType::kHttp:
    case TaskType::kInline:
    case TaskType::kLambda:
    case TaskType::kJsonJqTransform:
      return true;
    default:
      return false;
  }
}

void collect_references(const std::vector<TaskInWorkflow>& tasks,
                        std::vector<std::string>& references) {
  for (const TaskInWorkflow& task : tasks) {
    references.push_back(task.reference);
    for (const auto& [name, inner] : task.decision_cases) collect_references(inner, references);
    collect_references(task.default_case, references);
    collect_references(task.loop_over, references);
    for (const auto& branch : task.fork_tasks) collect_references(branch, references);
  }
}

TaskDefinition effective_definition(const TaskInWorkflow& task, const Definitions& definitions) {
  if (task.task_definition) return *task.task_definition;
  if (const TaskDefinition* registered = definitions.task(task.name)) return *registered;
  TaskDefinition defaults;
  defaults.name = task.name;
  if (task.type != TaskType::kSimple && task.type != TaskType::kUserDefined) {
    defaults.retry_count = 0;
    defaults.response_timeout_seconds = 0;
  }
  return defaults;
}

Json input_parameters_of(const TaskInWorkflow& task) {
  Json parameters = task.input_parameters;
  if (task.type == TaskType::kEvent) {
    parameters["sink"] = task.sink ? Json(*task.sink) : Json();
    parameters["asyncComplete"] = task.async_complete;
  }
  if (task.type == TaskType::kHttp) parameters["asyncComplete"] = task.async_complete;
  return parameters;
}

void prepare(Node& node, const Definitions& definitions) {
  const TaskInWorkflow& task = *node.task;
  node.definition = effective_definition(task, definitions);
  Json parameters = input_parameters_of(task);
  if (takes_input_template(task.type) && node.definition.input_template.is_object()) {
    for (const auto& [key, value] : node.definition.input_template.items()) {
      if (!parameters.contains(key)) parameters[key] = value;
    }
    node.input_fallback = node.definition.input_template;
  }
  node.input = InputTemplate(parameters);
  if (task.sub_workflow) {
    Json wanted = Json::object({{"name", task.sub_workflow->name}});
    if (task.sub_workflow->version) wanted["version"] = *task.sub_workflow->version;
    if (task.sub_workflow->workflow_definition.is_string()) {
      wanted["workflowDefinition"] = task.sub_workflow->workflow_definition;
    }
    const Json& domains = task.sub_workflow->task_to_domain;
    if (!domains.is_null()) wanted["taskToDomain"] = domains;
    node.sub_workflow = InputTemplate(wanted);
  }
  if (task.type != TaskType::kDoWhile) return;
  if (!task.items.empty()) {
    node.items = InputTemplate(Json(task.items));
  } else if (const auto items = task.input_parameters.find("_items");
             items != task.input_parameters.end() && !items->is_null()) {
    node.items = InputTemplate(*items);
  }
  if (task.loop_condition) node.condition_needs = ScriptNeeds(*task.loop_condition);
}

}  // namespace

Blueprint::Blueprint(WorkflowDefinition definition, const Definitions& definitions, bool registered,
                     ChildVersions child_versions)
    : definition_(std::move(definition)),
      registered_(registered),
      child_versions_(std::move(child_versions)) {
  top_level_ = build(definition_.tasks, nullptr, nullptr, false, definitions);
  mark_join_targets();
  output_ = InputTemplate(definition_.output_parameters);
}

std::vector<const Node*> Blueprint::build(const std::vector<TaskInWorkflow>& tasks,
                                          const Node* after, const Node* loop, bool in_fork,
                                          const Definitions& definitions) {
  std::vector<Node*> list;
  for (const TaskInWorkflow& task : tasks) {
    Node& node = nodes_.emplace_back();
    node.task = &task;
    node.loop = loop;
    prepare(node, definitions);
    if (task.type == TaskType::kSubWorkflow) bind_child(node, definitions);
    by_reference_.emplace(task.reference, &node);
    in_fork_.emplace(task.reference, in_fork);
    list.push_back(&node);
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    Node& node = *list[i];
    const TaskInWorkflow& task = *node.task;
    const Node* following = i + 1 < list.size() ? list[i + 1] : after;
    node.next = task.type == TaskType::kTerminate ? nullptr : following;
    const auto first_of = [&](const std::vector<TaskInWorkflow>& inner,
                              bool forked) -> const Node* {
      const auto built = build(inner, following, loop, forked, definitions);
      return built.empty() ? nullptr : built.front();
    };
    for (const auto& [name, inner] : task.decision_cases) {
      node.cases.emplace_back(name, first_of(inner, in_fork));
    }
    node.default_case = first_of(task.default_case, in_fork);
    for (const auto& branch : task.fork_tasks) {
      if (const Node* first = first_of(branch, true)) node.branches.push_back(first);
    }
    node.loop_over = build(task.loop_over, nullptr, &node, in_fork, definitions);
    collect_references(task.loop_over, node.loop_references);
  }
  return {list.begin(), list.end()};
}

void Blueprint::bind_child(Node& node, const Definitions& definitions) {
  const auto& wanted = node.task->sub_workflow;
  if (!wanted || wanted->version || wanted->workflow_definition.is_object()) return;
  const auto bound = child_versions_.find(node.reference());
  if (bound != child_versions_.end()) {
    node.child_version = bound->second;
  } else if (const WorkflowDefinition* latest = definitions.workflow(wanted->name, std::nullopt)) {
    node.child_version = latest->version;
    child_versions_.emplace(node.reference(), latest->version);
  } else if (!missing_child_) {
    missing_child_ = wanted->name;
  }
}

void Blueprint::mark_join_targets() {
  for (const Node& node : nodes_) {
    if (node.type() != TaskType::kJoin) continue;
    for (const std::string& reference : node.task->join_on) {
      const auto it = by_reference_.find(reference);
      if (it != by_reference_.end())
        it->second->evaluated_by_join = in_fork_.find(reference)->second;
    }
  }
}

const Node* Blueprint::find(std::string_view reference) const {
  const auto it = by_reference_.find(reference);
  return it == by_reference_.end() ? nullptr : it->second;
}

std::shared_ptr<const Node> make_dynamic_node(TaskInWorkflow task, const Definitions& definitions) {
  auto node = std::make_shared<Node>();
  node->owned = std::make_shared<const TaskInWorkflow>(std::move(task));
  node->task = node->owned.get();
  prepare(*node, definitions);
  return node;
}

void Definitions::add(TaskDefinition definition) {
  blueprints_.clear();
  std::string name = definition.name;
  tasks_.insert_or_assign(std::move(name), std::move(definition));
}

void Definitions::add(WorkflowDefinition definition) {
  blueprints_.clear();
  auto& versions = workflows_[definition.name];
  const std::int32_t version = definition.version;
  versions.insert_or_assign(version, std::move(definition));
}

void Definitions::add(EventHandler handler) {
  std::erase_if(event_handlers_,
                [&](const EventHandler& known) { return known.name == handler.name; });
  event_handlers_.push_back(std::move(handler));
}

std::vector<const EventHandler*> Definitions::event_handlers(std::string_view event) const {
  std::vector<const EventHandler*> handlers;
  for (const EventHandler& handler : event_handlers_) {
    if (handler.active && handler.event == event) handlers.push_back(&handler);
  }
  return handlers;
}

const TaskDefinition* Definitions::task(std::string_view name) const {
  const auto it = tasks_.find(name);
  return it == tasks_.end() ? nullptr : &it->second;
}

std::vector<std::string> Definitions::workflow_names() const {
  std::vector<std::string> names;
  for (const auto& [name, versions] : workflows_) names.push_back(name);
  return names;
}

const WorkflowDefinition* Definitions::workflow(std::string_view name,
                                                std::optional<std::int32_t> version) const {
  const auto it = workflows_.find(name);
  if (it == workflows_.end()) return nullptr;
  if (!version) return &it->second.rbegin()->second;
  const auto found = it->second.find(*version);
  return found == it->second.end() ? nullptr : &found->second;
}

std::shared_ptr<const Blueprint> Definitions::blueprint(std::string_view name,
                                                        std::optional<std::int32_t> version) const {
  const WorkflowDefinition* definition = workflow(name, version);
  if (!definition) return nullptr;
  auto& made = blueprints_[{definition->name, definition->version}];
  if (!made) made = std::make_shared<const Blueprint>(*definition, *this, true);
  return made;
}

std::shared_ptr<const Blueprint> Definitions::blueprint(
    std::string_view name, std::int32_t version,
    const Blueprint::ChildVersions& child_versions) const {
  std::shared_ptr<const Blueprint> now = blueprint(name, std::optional(version));
  if (!now || now->child_versions() == child_versions) return now;
  return std::make_shared<const Blueprint>(now->definition(), *this, true, child_versions);
}

}  // namespace soundcheck::conductor
