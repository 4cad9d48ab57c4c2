// Checkpoints of a case: what a workflow and its rows must look like.

#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/case_json.hpp"
#include "tests/conformance/case_run.hpp"

namespace soundcheck::conductor {

namespace {

// "t1 integration_task_1 COMPLETED ~" without the mark of a row that is not asserted.
struct ExpectedRow {
  std::string reference, type, status;
  bool asserted = true;
};

ExpectedRow expected_row(std::string text) {
  ExpectedRow row;
  if (text.ends_with("~")) {
    row.asserted = false;
    text = text.substr(0, text.find_last_not_of(" ~") + 1);
  }
  const std::size_t first = text.find(' ');
  const std::size_t last = text.rfind(' ');
  row.reference = text.substr(0, first);
  row.type = text.substr(first + 1, last - first - 1);
  row.status = text.substr(last + 1);
  return row;
}

// What a check may name. Another key would be a check that is never made.
constexpr std::string_view kKeys[] = {"wf",
                                      "status",
                                      "tasks",
                                      "taskCount",
                                      "taskCountAsserted",
                                      "sampleOnly",
                                      "noWorkflowStarted",
                                      "reason",
                                      "reasonContains",
                                      "correlationId",
                                      "output",
                                      "outputExact",
                                      "outputHasKeys",
                                      "outputLacksKeys",
                                      "variables",
                                      "failedReferenceTaskNames",
                                      "failureWorkflowInput",
                                      "input",
                                      "inputLacksKeys",
                                      "differsFrom",
                                      "taskOutput",
                                      "taskInput",
                                      "taskRetryCount",
                                      "taskIteration",
                                      "taskPollCount",
                                      "taskCallbackSeconds",
                                      "taskReasonContains"};

std::string text_of(const TaskRow& row) {
  return fmt::format("{} {} {}", row.reference, row.type, to_text(row.status));
}

std::vector<const TaskRow*> rows_in_order(const Workflow& workflow) {
  std::vector<const TaskRow*> rows;
  for (const TaskRow& row : workflow.rows()) {
    if (!row.removed) rows.push_back(&row);
  }
  return rows;
}

std::string side_by_side(const Json& expected, const std::vector<const TaskRow*>& actual) {
  std::string text = fmt::format("\n      {:<60} {}", "expected", "actual");
  for (std::size_t i = 0; i < std::max<std::size_t>(expected.size(), actual.size()); ++i) {
    const std::string left = i < expected.size() ? expected[i].get<std::string>() : "-";
    const std::string right = i < actual.size() ? text_of(*actual[i]) : "-";
    const bool same = i < expected.size() && expected_row(left).reference + " " +
                                                     expected_row(left).type + " " +
                                                     expected_row(left).status ==
                                                 right;
    text += fmt::format("\n    {} {:<60} {}", same ? " " : ">", left, right);
  }
  return text;
}

// The rows are among those of the workflow, in this order.
std::expected<void, std::string> check_sample(const Json& list,
                                              const std::vector<const TaskRow*>& rows,
                                              const std::string& place) {
  std::size_t next = 0;
  for (const Json& text : list) {
    const ExpectedRow row = expected_row(text.get<std::string>());
    const auto is_it = [&](const TaskRow* actual) {
      return row.reference == actual->reference && row.type == actual->type &&
             row.status == to_text(actual->status);
    };
    while (next < rows.size() && !is_it(rows[next])) ++next;
    if (next == rows.size())
      return wrong(fmt::format("{} has no row '{}' at its place{}", place, text.get<std::string>(),
                               side_by_side(list, rows)));
    ++next;
  }
  return {};
}

}  // namespace

// ---------------------------------------------------------------------------------------

CaseRun::Outcome CaseRun::check(const Json& expected) {
  for (const auto& [key, value] : expected.items()) {
    if (std::ranges::find(kKeys, key) == std::end(kKeys))
      return wrong(fmt::format("check: nothing is known about '{}'", key));
  }
  if (expected.contains("noWorkflowStarted"))
    return check_none_started(expected["noWorkflowStarted"]);
  const auto workflow = workflow_of(expected);
  if (!workflow) return wrong(workflow.error());
  const std::string status = expected.value("status", "");
  if (!status.empty() && status != to_text((*workflow)->status)) {
    const Json rows = expected.value("tasks", Json::array());
    return wrong(fmt::format("{} is {}, not {}; reason: '{}'{}", expected.value("wf", "main"),
                             to_text((*workflow)->status), status, (*workflow)->reason,
                             side_by_side(rows, rows_in_order(**workflow))));
  }
  if (const Outcome rows = check_rows(**workflow, expected); !rows) return rows;
  if (const Outcome values = check_values(**workflow, expected); !values) return values;
  return check_tasks(**workflow, expected);
}

CaseRun::Outcome CaseRun::check_none_started(const Json& name) const {
  for (const std::string& id : engine_->workflow_ids()) {
    const Workflow* const workflow = engine_->find(id);
    if (workflow && (!name.is_string() || name == workflow->name()))
      return wrong(fmt::format("workflow {} of {} was started", id, workflow->name()));
  }
  return {};
}

CaseRun::Outcome CaseRun::check_rows(const Workflow& workflow, const Json& expected) {
  if (!expected.contains("tasks")) return {};
  const Json& list = expected["tasks"];
  const std::vector<const TaskRow*> rows = rows_in_order(workflow);
  const std::string place = expected.value("wf", "main");
  if (expected.value("sampleOnly", false)) return check_sample(list, rows, place);
  const bool count_asserted = expected.value("taskCountAsserted", true);
  const std::size_t count = expected.value("taskCount", list.size());
  if (rows.size() != count) {
    const std::string text = fmt::format("{} has {} rows, not {}{}", place, rows.size(), count,
                                         side_by_side(list, rows));
    if (count_asserted) return wrong(text);
    remarks_.push_back(text);
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    const ExpectedRow row = expected_row(list[i].get<std::string>());
    const TaskRow* actual = i < rows.size() ? rows[i] : nullptr;
    const bool same_task = actual && row.reference == actual->reference && row.type == actual->type;
    if (same_task && row.status == to_text(actual->status)) continue;
    const std::string text = fmt::format("rows of {} differ{}", place, side_by_side(list, rows));
    if (row.asserted) return wrong(text);
    remarks_.push_back(text);
    break;
  }
  return {};
}

CaseRun::Outcome CaseRun::check_values(const Workflow& workflow, const Json& expected) {
  if (expected.contains("reason") && expected["reason"] != workflow.reason)
    return wrong(
        fmt::format("the reason is '{}', not {}", workflow.reason, shown(expected["reason"])));
  if (expected.contains("correlationId") && expected["correlationId"] != workflow.correlation_id)
    return wrong(fmt::format("the correlationId is '{}', not {}", workflow.correlation_id,
                             shown(expected["correlationId"])));
  const std::string reason = expected.value("reasonContains", "");
  if (workflow.reason.find(reason) == std::string::npos) {
    return wrong(fmt::format("the reason is '{}', without '{}'", workflow.reason, reason));
  }
  if (expected.contains("outputExact") && workflow.output != expected["outputExact"]) {
    return wrong(fmt::format("the output is {}, not {}", shown(workflow.output),
                             shown(expected["outputExact"])));
  }
  for (const auto& [key, value] : part(expected, "output").items()) {
    const Json actual = value_at(workflow.output, key);
    if (actual != value)
      return wrong(fmt::format("output {} is {}, not {}", key, shown(actual), shown(value)));
  }
  for (const Json& key : part(expected, "outputHasKeys")) {
    if (!workflow.output.contains(key.get<std::string>()))
      return wrong(fmt::format("the output has no {}", shown(key)));
  }
  for (const Json& key : part(expected, "outputLacksKeys")) {
    if (workflow.output.contains(key.get<std::string>()))
      return wrong(fmt::format("the output has {}", shown(key)));
  }
  if (expected.contains("variables") && workflow.variables != expected["variables"]) {
    return wrong(fmt::format("the variables are {}, not {}", shown(workflow.variables),
                             shown(expected["variables"])));
  }
  if (expected.contains("failedReferenceTaskNames") &&
      Json(workflow.failed_references) != expected["failedReferenceTaskNames"]) {
    return wrong(
        fmt::format("failedReferenceTaskNames are {}", shown(Json(workflow.failed_references))));
  }
  for (const auto& [key, value] : part(expected, "input").items()) {
    const Json actual = value_at(workflow.input, key);
    if (actual != value)
      return wrong(fmt::format("input {} is {}, not {}", key, shown(actual), shown(value)));
  }
  if (expected.contains("failureWorkflowInput")) {
    const Workflow* const undo = engine_->find(Decider::failure_workflow_id(workflow));
    if (!undo) return wrong("there is no failure workflow");
    for (const auto& [key, value] : expected["failureWorkflowInput"].items()) {
      const Json actual = value_at(undo->input, key);
      if (actual != value)
        return wrong(fmt::format("input {} of the failure workflow is {}, not {}", key,
                                 shown(actual), shown(value)));
    }
  }
  for (const Json& key : part(expected, "inputLacksKeys")) {
    if (workflow.input.contains(key.get<std::string>()))
      return wrong(fmt::format("the input has {}", shown(key)));
  }
  if (expected.contains("differsFrom")) {
    const auto other = id_of(expected["differsFrom"].get<std::string>());
    if (!other) return wrong(other.error());
    if (*other == workflow.id)
      return wrong(fmt::format("it is the same workflow as {}", shown(expected["differsFrom"])));
  }
  return {};
}

CaseRun::Outcome CaseRun::check_tasks(const Workflow& workflow, const Json& expected) {
  const auto for_each = [&](const char* name, const auto& compare) -> Outcome {
    for (const auto& [reference, value] : part(expected, name).items()) {
      const auto row = latest_row(workflow, reference);
      if (!row) return wrong(row.error());
      if (const std::string difference = compare(**row, value); !difference.empty()) {
        return wrong(fmt::format("{} of {}: {}", name, reference, difference));
      }
    }
    return {};
  };
  const auto members = [](const Json& actual, const Json& value) -> std::string {
    for (const auto& [key, member] : value.items()) {
      const Json found = value_at(actual, key);
      if (found != member) return fmt::format("{} is {}, not {}", key, shown(found), shown(member));
    }
    return "";
  };
  const auto number = [](std::int64_t actual, const Json& value) {
    return value == actual ? std::string() : fmt::format("is {}, not {}", actual, shown(value));
  };
  Outcome outcome = for_each("taskOutput", [&](const TaskRow& row, const Json& value) {
    return members(row.output, value);
  });
  if (outcome) {
    outcome = for_each("taskInput", [&](const TaskRow& row, const Json& value) {
      return members(row.input, value);
    });
  }
  if (outcome) {
    outcome = for_each("taskRetryCount", [&](const TaskRow& row, const Json& value) {
      return number(row.retry_count, value);
    });
  }
  if (outcome) {
    outcome = for_each("taskIteration", [&](const TaskRow& row, const Json& value) {
      return number(row.iteration, value);
    });
  }
  if (outcome) {
    outcome = for_each("taskPollCount", [&](const TaskRow& row, const Json& value) {
      return number(row.poll_count, value);
    });
  }
  if (outcome) {
    outcome = for_each("taskCallbackSeconds", [&](const TaskRow& row, const Json& value) {
      return number(row.callback_after_seconds, value);
    });
  }
  if (outcome) {
    outcome = for_each("taskReasonContains", [&](const TaskRow& row, const Json& value) {
      const std::string part = value.get<std::string>();
      return row.reason.find(part) == std::string::npos
                 ? fmt::format("is '{}', without '{}'", row.reason, part)
                 : std::string();
    });
  }
  return outcome;
}

}  // namespace soundcheck::conductor
