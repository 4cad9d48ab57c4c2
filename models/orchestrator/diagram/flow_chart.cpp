#include "models/orchestrator/diagram/flow_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace soundcheck::conductor {
namespace {

// Texts stand in double quotes, in which Mermaid knows entities like #quot; only.
std::string mermaid_text(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        result += "#quot;";
        break;
      case '#':
        result += "#35;";
        break;
      case '`':
        result += "#96;";
        break;
      case '<':
        result += "#lt;";
        break;
      case '>':
        result += "#gt;";
        break;
      case '\n':
      case '\r':
      case '\t':
        result += ' ';
        break;
      default:
        result += c;
    }
  }
  return result + "\"";
}

// "a<br/>b", each part quoted as a text.
std::string label(std::initializer_list<std::string_view> lines) {
  std::string result;
  for (const std::string_view line : lines) {
    if (line.empty()) continue;
    const std::string text = mermaid_text(line);
    result += (result.empty() ? "" : "<br/>") + text.substr(1, text.size() - 2);
  }
  return "\"" + result + "\"";
}

// An arrow that has left a node and waits for the next one.
struct OpenArrow {
  std::string from;
  std::string text;
  bool dotted = false;
  std::string last{};  // reference of the task that has run last on this way
};
using OpenArrows = std::vector<OpenArrow>;

class FlowChart {
 public:
  std::string draw(const WorkflowDefinition& definition) {
    text_ = "flowchart TD\n";
    line(fmt::format("begin([{}])", label({definition.name})));
    OpenArrows ends = list(definition.tasks, {{"begin", "", false}});
    if (!ends.empty()) {
      line("finish([\"end\"])");
      connect(ends, "finish");
    }
    if (!definition.failure_workflow.empty()) {
      line(fmt::format("failure[[{}]]", label({definition.failure_workflow})));
      connect({{"begin", "if it fails", true}}, "failure");
    }
    return text_ + edges_;
  }

 private:
  void line(const std::string& content) {
    text_ += std::string(indentation_, ' ') + content + "\n";
  }
  void connect(const OpenArrows& arrows, const std::string& to) {
    for (const OpenArrow& arrow : arrows) {
      const std::string_view shaft = arrow.dotted ? "-.->" : "-->";
      const std::string text = arrow.text.empty() ? "" : "|" + mermaid_text(arrow.text) + "|";
      edges_ += fmt::format("  {} {}{} {}\n", arrow.from, shaft, text, to);
    }
  }
  // A node in a shape, reached by all the arrows.
  std::string node(const OpenArrows& arrows, std::string_view open, const std::string& content,
                   std::string_view close) {
    const std::string id = fmt::format("t{}", ++nodes_);
    line(fmt::format("{}{}{}{}", id, open, content, close));
    connect(arrows, id);
    return id;
  }

  OpenArrows list(const std::vector<TaskInWorkflow>& tasks, OpenArrows arrows) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      if (tasks[i].type == TaskType::kForkJoin) {
        const bool joined = i + 1 < tasks.size() && tasks[i + 1].type == TaskType::kJoin;
        arrows = fork(tasks[i], joined ? &tasks[i + 1] : nullptr, arrows);
      } else {
        arrows = task(tasks[i], arrows);
      }
    }
    return arrows;
  }

  OpenArrows task(const TaskInWorkflow& task, const OpenArrows& arrows) {
    OpenArrows ends = shape(task, arrows);
    if (task.type == TaskType::kSwitch || task.type == TaskType::kDecision) return ends;
    for (OpenArrow& end : ends) {
      end.last = task.reference;
      nodes_of_tasks_[task.reference] = end.from;
    }
    return ends;
  }

  OpenArrows shape(const TaskInWorkflow& task, const OpenArrows& arrows) {
    switch (task.type) {
      case TaskType::kSwitch:
      case TaskType::kDecision:
        return decision(task, arrows);
      case TaskType::kDoWhile:
        return loop(task, arrows);
      case TaskType::kForkJoin:  // drawn with its join
      case TaskType::kForkJoinDynamic:
        return {{node(arrows, "{{", label({task.reference, "one branch for each"}), "}}"), "each"}};
      case TaskType::kJoin:
      case TaskType::kExclusiveJoin:
        return {{node(arrows, "{{", label({task.reference, task.type_text}), "}}"), ""}};
      case TaskType::kTerminate:
        node(arrows, "([", label({task.reference, "ends as " + final_status(task)}), "])");
        return {};
      case TaskType::kSubWorkflow:
        return {
            {node(arrows, "[[", label({task.reference, child_of(task), remark(task)}), "]]"), ""}};
      case TaskType::kWait:
      case TaskType::kHuman:
        return {{node(arrows, "[/", label({task.reference, task.type_text}), "\\]"), ""}};
      case TaskType::kHttp:
      case TaskType::kEvent:
      case TaskType::kStartWorkflow:
        return {
            {node(arrows, "[/", label({task.reference, task.type_text, remark(task)}), "/]"), ""}};
      case TaskType::kSimple:
      case TaskType::kUserDefined:
        return {{node(arrows, "[", label({task.reference, name_of(task), remark(task)}), "]"), ""}};
      default:  // what the server does by itself
        return {
            {node(arrows, "(", label({task.reference, task.type_text, remark(task)}), ")"), ""}};
    }
  }

  OpenArrows decision(const TaskInWorkflow& task, const OpenArrows& arrows) {
    const std::string id = node(arrows, "{", label({task.reference}), "}");
    nodes_of_tasks_[task.reference] = id;
    OpenArrows ends;
    const auto branch = [&](const std::vector<TaskInWorkflow>& tasks, const std::string& text) {
      OpenArrows more = list(tasks, {{id, text, false, task.reference}});
      ends.insert(ends.end(), more.begin(), more.end());
    };
    for (const auto& [value, tasks] : task.decision_cases) branch(tasks, value);
    branch(task.default_case, "else");
    return ends;
  }

  // A join waits for the tasks that it names, wherever they stand: a SWITCH among them has ended
  // when it has chosen, so what comes after it is not waited for.
  OpenArrows fork(const TaskInWorkflow& task, const TaskInWorkflow* join,
                  const OpenArrows& arrows) {
    const std::string id = node(arrows, "{{", label({task.reference, "FORK"}), "}}");
    OpenArrows ends;
    for (const std::vector<TaskInWorkflow>& branch : task.fork_tasks) {
      for (OpenArrow& end : list(branch, {{id, "", false, task.reference}})) {
        const bool awaited = join == nullptr || branch.empty() ||
                             std::ranges::find(join->join_on, end.last) != join->join_on.end();
        end.dotted = !awaited;
        if (!awaited) end.text = "not awaited";
        ends.push_back(std::move(end));
      }
    }
    for (const std::string& reference : join ? join->join_on : std::vector<std::string>()) {
      const auto drawn = nodes_of_tasks_.find(reference);
      const bool is_end = std::ranges::find(ends, reference, &OpenArrow::last) != ends.end();
      if (drawn != nodes_of_tasks_.end() && !is_end)
        ends.push_back({drawn->second, "awaited", false, reference});
    }
    return ends;
  }

  // The tasks inside run once before the loop decides whether to go on.
  OpenArrows loop(const TaskInWorkflow& task, const OpenArrows& arrows) {
    const std::string first = fmt::format("t{}", nodes_ + 1);
    const std::string frame = fmt::format("loop{}", ++loops_);
    line(fmt::format("subgraph {}[{}]", frame, label({task.reference, "DO_WHILE"})));
    indentation_ += 2;
    const OpenArrows ends = list(task.loop_over, arrows);
    const std::string id = node(ends, "{", label({condition_of(task)}), "}");
    indentation_ -= 2;
    line("end");
    if (!task.loop_over.empty()) connect({{id, "again", false}}, first);
    return {{id, "done", false}};
  }

  static std::string condition_of(const TaskInWorkflow& task) {
    return task.loop_condition ? "loop condition?" : "more items?";
  }
  static std::string final_status(const TaskInWorkflow& task) {
    const auto status = task.input_parameters.find("terminationStatus");
    return status != task.input_parameters.end() && status->is_string() ? status->get<std::string>()
                                                                        : std::string("COMPLETED");
  }
  static std::string child_of(const TaskInWorkflow& task) {
    return task.sub_workflow ? task.sub_workflow->name : std::string();
  }
  // Only where it says more than the reference.
  static std::string name_of(const TaskInWorkflow& task) {
    const std::string& name = task.type == TaskType::kUserDefined ? task.type_text : task.name;
    return name == task.reference ? std::string() : name;
  }
  static std::string remark(const TaskInWorkflow& task) {
    return task.optional ? "optional" : task.permissive ? "permissive" : "";
  }

  std::string text_;
  std::string edges_;  // last: an arrow within a subgraph would draw both its ends into it
  std::size_t indentation_ = 2;
  std::map<std::string, std::string> nodes_of_tasks_;
  int nodes_ = 0;
  int loops_ = 0;
};

}  // namespace

std::string flow_chart(const WorkflowDefinition& definition) {
  return FlowChart().draw(definition);
}

}  // namespace soundcheck::conductor
