#include "models/services/common/undo_plan.hpp"

#include <algorithm>
#include <tuple>

#include "models/services/common/defects.hpp"
#include "models/services/common/task_results.hpp"
#include "sim/env/fields.hpp"

namespace soundcheck {
namespace {

struct TaskRow {
  std::string reference;
  std::string status;
  std::int64_t start_time = 0;  // milliseconds; 0: never polled
  static constexpr auto fields() {
    return std::tuple{field("referenceTaskName", &TaskRow::reference),
                      field("status", &TaskRow::status), field("startTime", &TaskRow::start_time)};
  }
};

struct UndoInput {
  Json tasks;
  std::vector<std::string> steps;
  static constexpr auto fields() {
    return std::tuple{field("tasks", &UndoInput::tasks), field("steps", &UndoInput::steps)};
  }
};

bool calls_for_undo(const TaskRow& row, UndoRule rule) {
  return rule == UndoRule::kCompletedOnly ? row.status == "COMPLETED" : row.start_time > 0;
}

}  // namespace

UndoRule undo_rule_of(const ServiceSettings& settings) {
  if (settings.defect(kBlindUndo)) return UndoRule::kAll;
  if (settings.defect(kUndoCompletedOnly)) return UndoRule::kCompletedOnly;
  return UndoRule::kHandedOut;
}

std::vector<std::string> undo_plan(const Json& rows, const std::vector<std::string>& steps,
                                   UndoRule rule) {
  std::vector<std::string> plan;
  for (const std::string& step : steps) {
    const bool wanted =
        rule == UndoRule::kAll || std::any_of(rows.begin(), rows.end(), [&](const Json& json) {
          TaskRow row;
          return from_json_value(json, row) && row.reference == step && calls_for_undo(row, rule);
        });
    if (wanted) plan.push_back(step);
  }
  std::reverse(plan.begin(), plan.end());
  return plan;
}

TaskResult plan_undo(const TaskInput& task, UndoRule rule) {
  const std::optional<UndoInput> input = read_input<UndoInput>(task);
  if (!input || !input->tasks.is_array()) return bad_input(task);
  const std::vector<std::string> undo = undo_plan(input->tasks, input->steps, rule);
  Json plan = Json::object();
  for (const std::string& step : input->steps) {
    plan[step] = std::find(undo.begin(), undo.end(), step) == undo.end() ? "skip" : "undo";
  }
  return TaskResult::completed(Json{{"undo", undo}, {"plan", std::move(plan)}});
}

}  // namespace soundcheck
