#include "models/orchestrator/decider/dynamic_fork.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <optional>

#include "models/orchestrator/decider/definition_reader.hpp"
#include "models/orchestrator/decider/java_text.hpp"

namespace soundcheck::conductor {

namespace {

std::string text_in(const Json& input, const char* name) {
  const auto it = input.find(name);
  return it != input.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::shared_ptr<const Node> node_from(const Json& task, const Definitions& definitions) {
  Read<TaskInWorkflow> read = read_task_in_workflow(task);
  if (!read.ok()) return nullptr;
  return make_dynamic_node(std::move(read.value), definitions);
}

// Null stands for nothing to add.
std::expected<void, std::string> add_inputs(Json& task, const Json& inputs) {
  if (!inputs.is_null() && !inputs.is_object()) {
    return std::unexpected(
        fmt::format("Tasks could not be dynamically forked due to invalid input: {} is no map",
                    java_text(inputs)));
  }
  Json& parameters = task["inputParameters"];
  if (!parameters.is_object()) parameters = Json::object();
  if (inputs.is_object()) parameters.update(inputs);
  return {};
}

std::optional<std::int64_t> version_in(const Json& input) {
  const auto version = input.find("forkTaskWorkflowVersion");
  if (version == input.end()) return std::nullopt;
  if (version->is_number_integer()) return version->get<std::int64_t>();
  if (!version->is_string()) return std::nullopt;
  const std::int64_t number = std::atoi(version->get_ref<const std::string&>().c_str());
  return number > 0 ? std::optional(number) : std::nullopt;
}

// One branch per element of `elements`, all of one task or workflow. An element is the input of its
// branch, and what it has of the fields of a task (optional, retryCount, ...) holds for the branch.
std::expected<DynamicBranches, std::string> from_shorthand(const TaskInWorkflow& fork,
                                                           const Json& input, const Json& elements,
                                                           bool forked_before,
                                                           const Definitions& definitions) {
  const std::string workflow = text_in(input, "forkTaskWorkflow");
  std::string type = text_in(input, "forkTaskType");
  std::string name = text_in(input, "forkTaskName");
  if (name.empty() && !type.empty() && is_system(task_type_from(type))) name = type;
  if (name.empty()) name = fork.reference;
  if (type.empty()) type = "SIMPLE";
  const std::string prefix =
      forked_before ? fmt::format("_{}_{}", fork.reference, name) : "_" + name;
  Json own = Json::object({{"name", workflow.empty() ? name : workflow},
                           {"type", workflow.empty() ? type : "SUB_WORKFLOW"}});
  if (fork.optional) own["optional"] = true;
  if (!workflow.empty()) {
    own["subWorkflowParam"] = Json::object({{"name", workflow}});
    if (const auto version = version_in(input)) own["subWorkflowParam"]["version"] = *version;
  }
  DynamicBranches branches;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const Json& element = elements[i];
    own["taskReferenceName"] = fmt::format("{}_{}", prefix, i);
    own["inputParameters"] = element.is_object() ? element : Json::object({{"input", element}});
    own["inputParameters"]["__index"] = i;
    if (!workflow.empty())
      own["subWorkflowParam"]["taskToDomain"] =
          own["inputParameters"].value("taskToDomain", Json());
    Json task = element.is_object() ? element : Json::object();
    if (workflow.empty()) task.erase("taskDefinition");
    task.update(own);
    std::shared_ptr<const Node> node = node_from(task, definitions);
    if (!node) node = node_from(own, definitions);  // its fields were no fields of a task
    if (!node)
      return std::unexpected("Dynamic tasks could not be created from " + java_text(element));
    branches.push_back(std::move(node));
  }
  return branches;
}

std::expected<DynamicBranches, std::string> from_task_list(const TaskInWorkflow& fork,
                                                           const Json& input,
                                                           const Definitions& definitions) {
  const std::string& parameter = fork.dynamic_fork_tasks_param;
  const Json tasks = input.value(parameter, Json());
  const auto invalid = [&] {
    return std::unexpected(
        fmt::format("Input '{}' is invalid. Cannot deserialize a list of Workflow Tasks from '{}'",
                    parameter, java_text(tasks)));
  };
  if (!tasks.is_array()) return invalid();
  for (const Json& task : tasks) {
    if (!task.is_object() || !node_from(task, definitions)) return invalid();
  }
  const auto inputs = input.find(fork.dynamic_fork_tasks_input_param);
  if (inputs == input.end() || !inputs->is_object()) {
    return std::unexpected(
        "Input to the dynamically forked tasks is not a map -> expecting a map of K,V  but found " +
        (inputs == input.end() ? "null" : java_text(*inputs)));
  }
  DynamicBranches branches;
  for (Json task : tasks) {
    const auto own = inputs->find(text_in(task, "taskReferenceName"));
    const auto added = add_inputs(task, own == inputs->end() ? Json() : *own);
    if (!added) return std::unexpected(added.error());
    branches.push_back(node_from(task, definitions));
  }
  return branches;
}

std::expected<DynamicBranches, std::string> from_deprecated_list(const TaskInWorkflow& fork,
                                                                 const Json& input,
                                                                 const Definitions& definitions) {
  const std::string& parameter = fork.dynamic_fork_join_tasks_param;
  const auto list = input.find(parameter);
  if (list == input.end() || !list->is_object() || !list->contains("dynamicTasks") ||
      !list->at("dynamicTasks").is_array()) {
    return std::unexpected(
        fmt::format("Dynamic tasks could not be created. The value of {} from task's input {} has "
                    "no dynamic tasks to be scheduled",
                    parameter, java_text(input)));
  }
  DynamicBranches branches;
  for (const Json& element : list->at("dynamicTasks")) {
    Json task = Json::object({{"name", element.value("taskName", "")},
                              {"taskReferenceName", element.value("referenceName", "")},
                              {"type", element.value("type", "SIMPLE")}});
    const auto added = add_inputs(task, element.value("input", Json()));
    if (!added) return std::unexpected(added.error());
    std::shared_ptr<const Node> node = node_from(task, definitions);
    if (!node)
      return std::unexpected("Dynamic tasks could not be created from " + java_text(element));
    branches.push_back(std::move(node));
  }
  return branches;
}

}  // namespace

std::expected<DynamicBranches, std::string> make_dynamic_branches(const TaskInWorkflow& fork,
                                                                  const Json& input,
                                                                  bool forked_before,
                                                                  const Definitions& definitions) {
  const auto elements = input.find("forkTaskInputs");
  if (elements != input.end() && elements->is_array())
    return from_shorthand(fork, input, *elements, forked_before, definitions);
  if (!fork.dynamic_fork_tasks_param.empty()) return from_task_list(fork, input, definitions);
  return from_deprecated_list(fork, input, definitions);
}

}  // namespace soundcheck::conductor
