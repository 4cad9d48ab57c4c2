// DO_WHILE: one iteration after the other, by a condition or over a list.

#include <fmt/format.h>

#include <algorithm>

#include "models/orchestrator/decider/decision_step.hpp"

namespace soundcheck::conductor {

OrTermination<bool> DecisionStep::execute_loop(std::size_t index) {
  workflow_.modify(index);
  if (workflow_.loop(index).rows.empty()) {
    Json scratch;
    const Json* items = loop_items(index, scratch);
    TaskRow& row = workflow_.modify(index);
    if (items && items->empty()) {
      row.output["iteration"] = 0;
      row.status = TaskStatus::kCompleted;
      return true;
    }
    row.iteration = 1;
    if (auto scheduled = next_iteration(index); !scheduled)
      return std::unexpected(scheduled.error());
    return true;
  }

  Workflow::Loop& loop = workflow_.loop(index);
  Json& output = workflow_.modify(index).output[std::to_string(workflow_.row(index).iteration)];
  if (!output.is_object()) output = Json::object();
  for (const std::size_t changed : loop.changed) {
    const TaskRow& task = workflow_.row(changed);
    output[without_iteration(task.reference)] = task.output;
  }
  workflow_.add_work(loop.changed.size());
  loop.changed.clear();
  keep_last_iterations(index);

  if (loop.failed > 0) {
    const auto failed = std::find_if(loop.rows.begin(), loop.rows.end(), [&](std::size_t task) {
      return !workflow_.row(task).successful() &&
             workflow_.latest(workflow_.row(task).reference) == task;
    });
    TaskRow& row = workflow_.modify(index);
    row.reason = failed == loop.rows.end() ? "" : workflow_.row(*failed).reason + " ";
    row.status = TaskStatus::kFailed;
    return true;
  }
  if (loop.open > 0 || !iteration_complete(index)) return false;

  const std::expected<bool, std::string> goes_on = loop_goes_on(index);
  std::string error = goes_on ? "" : goes_on.error();
  if (goes_on && *goes_on) {
    ++workflow_.modify(index).iteration;
    const OrTermination<void> scheduled = next_iteration(index);
    if (scheduled) return true;
    error = scheduled.error().reason;
  }
  TaskRow& row = workflow_.modify(index);
  if (goes_on && !*goes_on) {
    row.status = TaskStatus::kCompleted;
  } else {
    row.status = TaskStatus::kFailedWithTerminalError;
    row.reason = fmt::format("Unable to evaluate condition {}, exception {}",
                             row.node->task->loop_condition.value_or("null"), error);
  }
  return true;
}

// Schedules the first task of the iteration that the row now names; the decider does the others.
OrTermination<void> DecisionStep::next_iteration(std::size_t index) {
  const std::int32_t iteration = workflow_.row(index).iteration;
  const Node& node = *workflow_.row(index).node;
  Json scratch;
  const Json* items = loop_items(index, scratch);
  const std::size_t at = static_cast<std::size_t>(iteration) - 1;
  Json& output = workflow_.modify(index).output;
  output["iteration"] = iteration;
  if (items) {
    output["loopIndex"] = at;
    if (at < items->size()) output["loopItem"] = (*items)[at];
  }
  workflow_.start_iteration(index);
  if (node.loop_over.empty()) return terminates("No tasks in the loop " + node.reference());
  std::vector<TaskRow> rows;
  const OrTermination<void> mapped =
      map(*node.loop_over.front(), nullptr, workflow_.row(index).retry_count, iteration, rows);
  if (!mapped) return mapped;
  std::vector<std::size_t> created;
  for (TaskRow& row : rows) {
    if (has_row(row.reference, row.retry_count)) continue;
    set_domain(row);
    created.push_back(workflow_.append(std::move(row)));
  }
  schedule(created);
  return {};
}

// All tasks of the loop have a row in this iteration, and no successor is still to be scheduled.
bool DecisionStep::iteration_complete(std::size_t index) {
  const Node& node = *workflow_.row(index).node;
  const std::int32_t iteration = workflow_.row(index).iteration;
  const Workflow::Loop& loop = workflow_.loop(index);
  const auto ran = [&](const Node& task) {
    return workflow_.latest(with_iteration(task.reference(), iteration)).has_value();
  };
  workflow_.add_work(loop.rows.size());
  return std::all_of(node.loop_over.begin(), node.loop_over.end(),
                     [&](const Node* task) { return ran(*task); }) &&
         std::all_of(loop.rows.begin(), loop.rows.end(), [&](std::size_t task) {
           const Node* next = workflow_.row(task).node->next;
           return !next || ran(*next);
         });
}

void DecisionStep::keep_last_iterations(std::size_t index) {
  const TaskRow& row = workflow_.row(index);
  const auto keep = row.node->task->input_parameters.find("keepLastN");
  if (keep == row.node->task->input_parameters.end() || !keep->is_number_integer()) return;
  const std::int64_t oldest =
      row.iteration - keep->get<std::int64_t>();  // dropped, and all before it
  if (oldest <= 0) return;
  Json& output = workflow_.modify(index).output;
  const auto dropped_output = output.find(std::to_string(oldest));
  if (dropped_output == output.end()) return;
  output.erase(dropped_output);
  for (const std::string& reference : row.node->loop_references) {
    auto old = workflow_.latest(with_iteration(reference, static_cast<std::int32_t>(oldest)));
    while (old) {
      const auto before = workflow_.previous_of_reference(*old);
      emit(DeleteTask{workflow_.row(*old).id});
      workflow_.remove(*old);
      old = before;
    }
  }
}

std::expected<bool, std::string> DecisionStep::loop_goes_on(std::size_t index) {
  const TaskRow& row = workflow_.row(index);
  const Node& node = *row.node;
  Json scratch;
  const Json* items = loop_items(index, scratch);
  const auto at = static_cast<std::size_t>(row.iteration) - 1;
  const bool more_items = !items || at + 1 < items->size();
  const std::string condition = node.task->loop_condition.value_or("");
  if (condition.find_first_not_of(" \t\r\n") == std::string::npos) return items && more_items;

  // Inputs, the loop's own output, the outputs of its tasks: as far as the condition reads them.
  const ScriptNeeds& needs = node.condition_needs;
  Json input = resolve_input(node, row.id);
  if (needs.any_of(row.reference)) input[row.reference] = needs.parts_of(row.reference, row.output);
  for (const std::string& name : node.loop_references) {
    const auto task = needs.any_of(name) ? workflow_.latest_named(name) : std::nullopt;
    if (task) input[name] = needs.parts_of(name, workflow_.row(*task).output);
  }
  if (items) {
    input["loopIndex"] = at;
    if (at < items->size()) input["loopItem"] = (*items)[at];
  }
  std::expected<Json, std::string> value = decider_.scripts_.javascript(condition, input);
  if (!value) return std::unexpected("Error evaluating the script `" + value.error() + "`");
  return is_true(*value) && more_items;
}

// The list of a DO_WHILE over a list, without a copy where it can be had; a single value is a list
// of one. Null for other loops.
const Json* DecisionStep::loop_items(std::size_t index, Json& scratch) const {
  const TaskRow& row = workflow_.row(index);
  if (!row.node->items) return nullptr;
  const Json& items = row.node->items->find(scope(row.id), scratch);
  if (items.is_array()) return &items;
  scratch = items.is_null() ? Json::array() : Json::array({items});
  return &scratch;
}

}  // namespace soundcheck::conductor
