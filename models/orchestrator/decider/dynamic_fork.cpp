#include "models/orchestrator/decider/dynamic_fork.hpp"

#include <fmt/format.h>

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

// One branch per element of `elements`, all of one task or workflow.
std::expected<DynamicFork, std::string> from_shorthand(const TaskInWorkflow& fork,
                                                       const Json& input, const Json& elements,
                                                       const Definitions& definitions) {
  const std::string workflow = text_in(input, "forkTaskWorkflow");
  std::string type = text_in(input, "forkTaskType");
  std::string name = text_in(input, "forkTaskName");
  if (name.empty() && !type.empty() && is_system(task_type_from(type))) name = type;
  if (name.empty()) name = fork.reference;
  if (type.empty()) type = "SIMPLE";
  DynamicFork made;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    Json parameters =
        elements[i].is_object() ? elements[i] : Json::object({{"input", elements[i]}});
    parameters["__index"] = i;
    Json task = Json::object({{"name", workflow.empty() ? name : workflow},
                              {"type", workflow.empty() ? type : "SUB_WORKFLOW"},
                              {"taskReferenceName", fmt::format("_{}_{}", name, i)},
                              {"inputParameters", parameters},
                              {"optional", fork.optional}});
    if (!workflow.empty()) {
      task["subWorkflowParam"] = Json::object({{"name", workflow}});
      const auto version = input.find("forkTaskWorkflowVersion");
      if (version != input.end() && version->is_number_integer())
        task["subWorkflowParam"]["version"] = *version;
      if (version != input.end() && version->is_string()) {
        const int number = std::atoi(version->get_ref<const std::string&>().c_str());
        if (number > 0) task["subWorkflowParam"]["version"] = number;
      }
    }
    std::shared_ptr<const Node> node = node_from(task, definitions);
    if (!node)
      return std::unexpected("Dynamic tasks could not be created from " + java_text(elements[i]));
    made.inputs[node->reference()] = std::move(parameters);
    made.branches.push_back({std::move(node)});
  }
  return made;
}

std::expected<DynamicFork, std::string> from_task_list(const TaskInWorkflow& fork,
                                                       const Json& input,
                                                       const Definitions& definitions) {
  const std::string& parameter = fork.dynamic_fork_tasks_param;
  const Json tasks = input.value(parameter, Json());
  const auto invalid = [&] {
    return std::unexpected(
        fmt::format("Input '{}' is invalid. Cannot deserialize a list of Workflow Tasks from '{}'",
                    parameter, java_text(tasks)));
  };
  DynamicFork made;
  if (!tasks.is_array()) return invalid();
  for (const Json& task : tasks) {
    std::shared_ptr<const Node> node = task.is_object() ? node_from(task, definitions) : nullptr;
    if (!node) return invalid();
    made.branches.push_back({std::move(node)});
  }
  const auto inputs = input.find(fork.dynamic_fork_tasks_input_param);
  if (inputs == input.end() || !inputs->is_object()) {
    return std::unexpected(
        "Input to the dynamically forked tasks is not a map -> expecting a map of K,V  but found " +
        (inputs == input.end() ? "null" : java_text(*inputs)));
  }
  made.inputs = *inputs;
  return made;
}

std::expected<DynamicFork, std::string> from_deprecated_list(const TaskInWorkflow& fork,
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
  DynamicFork made;
  for (const Json& element : list->at("dynamicTasks")) {
    const Json task = Json::object({{"name", element.value("taskName", "")},
                                    {"taskReferenceName", element.value("referenceName", "")},
                                    {"type", element.value("type", "SIMPLE")}});
    std::shared_ptr<const Node> node = node_from(task, definitions);
    if (!node)
      return std::unexpected("Dynamic tasks could not be created from " + java_text(element));
    made.inputs[node->reference()] = element.value("input", Json::object());
    made.branches.push_back({std::move(node)});
  }
  return made;
}

}  // namespace

std::expected<DynamicFork, std::string> make_dynamic_fork(const TaskInWorkflow& fork,
                                                          const Json& input,
                                                          const Definitions& definitions) {
  const auto elements = input.find("forkTaskInputs");
  if (elements != input.end() && elements->is_array())
    return from_shorthand(fork, input, *elements, definitions);
  if (!fork.dynamic_fork_tasks_param.empty()) return from_task_list(fork, input, definitions);
  return from_deprecated_list(fork, input, definitions);
}

}  // namespace soundcheck::conductor
