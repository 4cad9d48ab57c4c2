#include "tests/conformance/case_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/orchestrator/decider/definition_reader.hpp"
#include "models/orchestrator/decider/workflow_json.hpp"
#include "sim/core/http_status.hpp"
#include "tests/conformance/case_json.hpp"

namespace soundcheck::conductor {

namespace {

std::string path_of_uri(const std::string& uri) {
  const std::size_t scheme = uri.find("://");
  const std::size_t path = uri.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  return path == std::string::npos ? "/" : uri.substr(path);
}

}  // namespace

std::vector<std::string> CaseRun::run() {
  std::vector<std::string> failures;
  if (const Outcome prepared = prepare(); !prepared) return {prepared.error()};
  const Json& steps = case_.value("steps", Json::array());
  const bool refusal_expected =
      !steps.empty() && part(part(steps.front(), "check"), "noWorkflowStarted") != Json();
  if (!refused_start_.empty() && !refusal_expected) return {refused_start_};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    step_ = i + 1;
    const Outcome outcome = step(steps[i]);
    if (!outcome) return {fmt::format("step {}: {}", i + 1, outcome.error())};
  }
  if (case_.contains("final")) {
    Json final_check = case_["final"];
    if (!final_check.contains("wf")) final_check["wf"] = "main";
    if (const Outcome outcome = check(final_check); !outcome) return {"final: " + outcome.error()};
  }
  return failures;
}

// --- definitions and start -----------------------------------------------------------------------

CaseRun::Outcome CaseRun::prepare() {
  for (const TaskDefinition& definition : folder_.base_definitions) definitions_.add(definition);
  for (const Json& json : part(case_, "taskDefOverrides")) {
    Read<TaskDefinition> read = read_task_definition(json);
    if (!read.ok()) return wrong("taskDefOverrides: " + to_text(read.problems.front()));
    definitions_.add(std::move(read.value));
  }
  for (const Json& json : part(case_, "eventHandlers")) {
    Read<EventHandler> read = read_event_handler(json);
    for (const DefinitionProblem& problem : read.problems) {
      if (!problem.warning) return wrong("eventHandlers: " + to_text(problem));
    }
    definitions_.add(std::move(read.value));
  }
  for (const Json& workflow : part(case_, "workflows")) {
    if (const Outcome outcome = register_workflow(workflow); !outcome) return outcome;
  }
  Settings settings;
  for (const auto& [key, value] : part(case_, "engineConfig").items()) {
    if (key == "maxVariablesKB") {
      settings.most_variables_kilobytes = value.get<std::int64_t>();
    } else {
      return wrong(fmt::format("engineConfig: nothing is known about '{}'", key));
    }
  }
  engine_ = std::make_unique<InMemoryEngine>(definitions_, scripts_, settings);
  engine_->on_http([this](const Json& request) { return answer(request); });
  // A refusal is an answer too: the first step says whether it was expected.
  const Outcome started = case_.contains("start") ? start(case_["start"], "main") : Outcome();
  if (case_.contains("start")) record(started ? std::string() : started.error());
  const std::string expected_error =
      part(case_, "start") != Json() ? case_["start"].value("expectError", "") : std::string();
  if (started) return expected_error.empty() ? Outcome() : wrong("start was not refused");
  if (expected_error.empty() || started.error().find(expected_error) == std::string::npos)
    refused_start_ = started.error();
  return {};
}

CaseRun::Outcome CaseRun::register_workflow(const Json& workflow) {
  std::expected<Json, std::string> json = workflow;
  const std::string file =
      workflow.is_string() ? workflow.get<std::string>() : std::string("the inline workflow");
  if (workflow.is_string()) json = read_definition_file(folder_, file);
  if (!json) return wrong(json.error());
  for (const Json& patch : part(case_, "patches")) {
    if (patch.value("workflow", "") != json->value("name", "")) continue;
    for (const auto& [path, value] : part(patch, "set").items()) {
      if (const Outcome set = set_at_path(*json, path, value); !set) return set;
    }
  }
  Read<WorkflowDefinition> read = read_workflow_definition(*json);
  for (const DefinitionProblem& problem : read.problems) {
    if (!problem.warning) return wrong(file + ": " + to_text(problem));
  }
  definitions_.add(std::move(read.value));
  return {};
}

CaseRun::Outcome CaseRun::start(const Json& request, const std::string& handle) {
  StartRequest start;
  start.name = request.value("name", "");
  if (request.contains("version") && request["version"].is_number_integer())
    start.version = request["version"];
  if (request.contains("input") && request["input"].is_object()) start.input = request["input"];
  // Input that names workflows of the case: their ids.
  for (const auto& [name, workflow] : part(request, "inputFrom").items()) {
    const auto id = id_of(workflow.get<std::string>());
    if (!id) return wrong(id.error());
    start.input[name] = *id;
  }
  if (request.contains("correlationId") && request["correlationId"].is_string()) {
    start.correlation_id = request["correlationId"];
  }
  if (request.contains("taskToDomain")) start.task_to_domain = request["taskToDomain"];
  const Result<std::string> id = engine_->start(start);
  if (!id) return wrong("start: " + id.error().text.str());
  handles_[handle] = *id;
  starts_.push_back(*id);
  settle();
  return {};
}

void CaseRun::settle() {
  do {
    engine_->run_until_quiet();
  } while (engine_->decide_all());
}

HttpAnswer CaseRun::answer(const Json& request) {
  const std::string path = path_of_uri(request.value("uri", ""));
  const std::string method = request.value("method", "");
  http_order_.push_back(method + " " + path);
  const Json answers = case_.value("httpAnswers", Json::object());
  HttpAnswer answer;
  for (const std::string& key :
       {method + " " + path, method + " " + path.substr(0, path.find('?'))}) {
    if (!answers.contains(key)) continue;
    // A list is one answer after the other; the last one stays.
    Json chosen = answers[key];
    if (chosen.is_array()) chosen = chosen[std::min(http_calls_[key]++, chosen.size() - 1)];
    answer.status_code = chosen.value("status", 200);
    answer.reason_phrase = http_phrase_of(answer.status_code);
    answer.body = chosen.value("body", Json());
    return answer;
  }
  answer.answered = false;
  answer.text = fmt::format("no answer is scripted for {} {}", method, path);
  return answer;
}

// --- handles
// ---------------------------------------------------------------------------------------

std::expected<std::string, std::string> CaseRun::id_of(const std::string& handle) const {
  if (const auto known = handles_.find(handle); known != handles_.end()) return known->second;
  for (const char* prefix : {"failure:", "started:"}) {
    if (!handle.starts_with(prefix)) continue;
    const std::string rest = handle.substr(std::string_view(prefix).size());
    if (prefix == std::string_view("failure:")) {
      const auto id = id_of(rest);
      if (!id) return id;
      const Json started = engine_->find(*id)->output.value("conductor.failure_workflow", Json());
      if (started.is_string() && engine_->find(started.get<std::string>()))
        return started.get<std::string>();
      return wrong(fmt::format("'{}' has no failure workflow", rest));
    }
    const std::size_t dot = rest.rfind('.');
    if (dot == std::string::npos) return wrong(fmt::format("'{}' names no task", handle));
    const auto id = id_of(rest.substr(0, dot));
    if (!id) return id;
    const auto row = latest_row(*engine_->find(*id), rest.substr(dot + 1));
    if (!row) return wrong(row.error());
    const Json started = (*row)->output.value("workflowId", Json());
    if (!started.is_string()) return wrong(fmt::format("'{}' has started no workflow", rest));
    return started.get<std::string>();
  }
  const std::size_t dot = handle.rfind('.');
  if (dot == std::string::npos) return wrong(fmt::format("no workflow is known as '{}'", handle));
  const auto parent = id_of(handle.substr(0, dot));
  if (!parent) return parent;
  const auto row = latest_row(*engine_->find(*parent), handle.substr(dot + 1));
  if (!row) return wrong(row.error());
  if ((*row)->sub_workflow_id.empty() || !engine_->find((*row)->sub_workflow_id)) {
    return wrong(fmt::format("task '{}' has started no child", handle));
  }
  return (*row)->sub_workflow_id;
}

std::expected<const Workflow*, std::string> CaseRun::workflow_of(const Json& step) const {
  const auto id = id_of(step.value("wf", "main"));
  if (!id) return wrong(id.error());
  const Workflow* workflow = engine_->find(*id);
  if (!workflow) return wrong(fmt::format("there is no workflow {}", *id));
  return workflow;
}

std::expected<const TaskRow*, std::string> CaseRun::latest_row(const Workflow& workflow,
                                                               const std::string& reference) const {
  auto row = workflow.latest(reference);
  if (!row) row = workflow.latest_named(reference);
  if (!row) return wrong(fmt::format("workflow {} has no task '{}'", workflow.id, reference));
  return &workflow.row(*row);
}

// --- steps
// -------------------------------------------------------------------------------------------

CaseRun::Outcome CaseRun::step(const Json& step) {
  if (step.contains("check")) return check(step["check"]);
  if (step.contains("httpOrder")) {
    if (step["httpOrder"] == Json(http_order_)) return {};
    return wrong(
        fmt::format("HTTP calls were {}, not {}", shown(http_order_), shown(step["httpOrder"])));
  }
  const std::string what = step.value("do", "");
  if (what.empty()) return wrong("a step needs 'do', 'check' or 'httpOrder': " + shown(step));
  polled_task_.clear();
  Outcome outcome = act(what, step);
  const std::string refused = outcome ? std::string() : outcome.error();
  const std::string expected_error = step.value("expectError", "");
  if (!expected_error.empty()) {
    if (outcome) return wrong(fmt::format("{} was not refused", what));
    if (outcome.error().find(expected_error) == std::string::npos) {
      return wrong(fmt::format("{} was refused with '{}', not with '{}'", what, outcome.error(),
                               expected_error));
    }
    outcome = Outcome();
  }
  if (outcome) settle();
  record(refused);
  return outcome;
}

void CaseRun::record(const std::string& refused) {
  if (!recorder_) return;
  Json workflows = Json::array();
  for (const std::string& id : engine_->workflow_ids())
    workflows.push_back(to_json(*engine_->find(id)));
  recorder_({{"step", step_},
             {"refused", refused},
             {"polled", polled_task_},
             {"starts", starts_},
             {"workflows", std::move(workflows)}});
}

CaseRun::Outcome CaseRun::act(const std::string& what, const Json& step) {
  if (what == "complete" || what == "fail" || what == "fail_terminal" || what == "poll" ||
      what == "callback") {
    return work(what, step);
  }
  if (what == "finish" || what == "extend_lease") return finish(step);
  if (what == "set_task") return set_task(step);
  if (what == "advance") {
    engine_->advance(
        Duration::milliseconds(static_cast<std::int64_t>(step.value("seconds", 0.0) * 1000)));
    engine_->sweep_all();
    return {};
  }
  if (what == "start") return start(step, step.value("as", "main"));
  if (what == "register") {
    for (const char* name : {"workflow", "file", "workflowDef"}) {
      if (step.contains(name)) return register_workflow(step[name]);
    }
    Read<TaskDefinition> read = read_task_definition(step.value("taskDef", Json::object()));
    if (!read.ok()) return wrong("register: " + to_text(read.problems.front()));
    definitions_.add(std::move(read.value));
    return {};
  }
  if (what == "remember") {
    const auto id = id_of(step.value("wf", "main"));
    if (!id) return wrong(id.error());
    handles_[step.value("as", "")] = *id;
    return {};
  }
  if (what == "lose_queue_message" || what == "reset_offset" || what == "sweep_repair")
    return queue_step(what, step);
  return api_call(what, step);
}

// A worker polls the named type and (unless it goes silent) reports at once.
CaseRun::Outcome CaseRun::work(const std::string& what, const Json& step) {
  const std::string type = step.value("task", "");
  const Json domain = step.value("domain", Json());
  const std::string queue = queue_name(
      type, domain.is_string() ? std::optional(domain.get<std::string>()) : std::nullopt);
  const std::optional<InMemoryEngine::WorkerTask> task =
      engine_->poll(queue, step.value("as", "worker"));
  if (step.value("expect", "") == "none") {
    return task ? Outcome(wrong(fmt::format("a poll for {} got task {}", queue, task->task_id)))
                : Outcome();
  }
  if (!task) return wrong(fmt::format("a poll for {} got nothing", queue));
  polled_task_ = task->task_id;
  for (const auto& [key, value] : part(step, "expectInput").items()) {
    const Json actual = value_at(task->input, key);
    if (actual != value)
      return wrong(fmt::format("input {} of {} is {}, not {}", key, task->reference, shown(actual),
                               shown(value)));
  }
  if (what == "poll") {
    silent_workers_[step.value("as", "")] = *task;
    return {};
  }
  TaskResult result;
  result.task_id = task->task_id;
  result.worker_id = step.value("as", "worker");
  result.reason = step.value("reason", "");
  result.output = step.value("output", Json::object());
  if (what == "fail") result.status = TaskStatus::kFailed;
  if (what == "fail_terminal") result.status = TaskStatus::kFailedWithTerminalError;
  if (what == "callback") {
    result.status = TaskStatus::kInProgress;
    result.callback_after_seconds = step.value("seconds", 0);
    if (step.contains("as")) silent_workers_[step.value("as", "")] = *task;
  }
  const Result<void> updated = engine_->update(task->workflow_id, result);
  return updated ? Outcome() : Outcome(wrong(updated.error().text));
}

CaseRun::Outcome CaseRun::finish(const Json& step) {
  const std::string worker = step.value("as", "");
  const auto silent = silent_workers_.find(worker);
  if (silent == silent_workers_.end())
    return wrong(fmt::format("no worker '{}' holds a task", worker));
  TaskResult result;
  result.task_id = silent->second.task_id;
  result.worker_id = worker;
  result.extend_lease = step.value("do", "") == "extend_lease";
  result.reason = step.value("reason", "");
  result.output = step.value("output", Json::object());
  result.status =
      task_status_from(step.value("status", "COMPLETED")).value_or(TaskStatus::kScheduled);
  const Result<void> updated = engine_->update(silent->second.workflow_id, result);
  return updated ? Outcome() : Outcome(wrong(updated.error().text));
}

CaseRun::Outcome CaseRun::set_task(const Json& step) {
  const auto workflow = workflow_of(step);
  if (!workflow) return wrong(workflow.error());
  const auto row = latest_row(**workflow, step.value("ref", ""));
  if (!row) return wrong(row.error());
  TaskResult result;
  result.task_id = (*row)->id;
  result.status = task_status_from(step.value("status", "")).value_or(TaskStatus::kScheduled);
  result.output = step.value("output", Json::object());
  result.reason = step.value("reason", "");
  const Result<void> updated = engine_->update((*workflow)->id, result);
  return updated ? Outcome() : Outcome(wrong(updated.error().text));
}

CaseRun::Outcome CaseRun::api_call(const std::string& what, const Json& step) {
  const auto id = id_of(step.value("wf", "main"));
  if (!id) return wrong(id.error());
  Result<void> done;
  if (what == "terminate") {
    done = engine_->terminate(*id, step.value("reason", ""));
  } else if (what == "pause") {
    done = engine_->pause(*id);
  } else if (what == "resume") {
    done = engine_->resume(*id);
  } else if (what == "retry") {
    done = engine_->retry(*id, step.value("resumeSubworkflowTasks", false));
  } else if (what == "restart") {
    done =
        engine_->restart(*id, step.value("useLatestDefinitions", step.value("useLatest", false)));
  } else if (what == "skip") {
    done = engine_->skip(*id, step.value("ref", ""), step.value("input", Json::object()),
                         step.value("output", Json::object()));
  } else if (what == "reset_callbacks") {
    done = engine_->reset_callbacks(*id);
  } else if (what == "rerun") {
    Decider::Rerun request;
    const std::string reference = step.value("fromTaskRef", "");
    if (!reference.empty()) {
      const auto row = latest_row(*engine_->find(*id), reference);
      if (!row) return wrong(row.error());
      request.from_task_id = (*row)->id;
    }
    if (step.contains("taskInput")) request.task_input = step["taskInput"];
    if (step.contains("workflowInput")) request.workflow_input = step["workflowInput"];
    if (step.contains("correlationId")) request.correlation_id = step.value("correlationId", "");
    done = engine_->rerun(*id, request);
  } else {
    return wrong(fmt::format("nothing is known about a step '{}'", what));
  }
  return done ? Outcome() : Outcome(wrong(done.error().text));
}

CaseRun::Outcome CaseRun::queue_step(const std::string& what, const Json& step) {
  const auto workflow = workflow_of(step);
  if (!workflow) return wrong(workflow.error());
  if (what == "sweep_repair") {
    engine_->sweep((*workflow)->id);
    return {};
  }
  const auto row = latest_row(**workflow, step.value("ref", ""));
  if (!row) return wrong(row.error());
  if (what == "lose_queue_message") {
    engine_->queues().remove((*row)->queue(), (*row)->id);
  } else {
    engine_->queues().reschedule((*row)->queue(), (*row)->id, engine_->now(), false);
  }
  return {};
}

}  // namespace soundcheck::conductor
