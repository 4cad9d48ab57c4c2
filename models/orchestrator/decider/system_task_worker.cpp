// What Conductor's system task worker does with a message of an asynchronous system task.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/orchestrator/decider/calendar.hpp"
#include "models/orchestrator/decider/decision_step.hpp"
#include "models/orchestrator/decider/definition_reader.hpp"
#include "models/orchestrator/decider/endless.hpp"
#include "models/orchestrator/decider/java_text.hpp"

namespace soundcheck::conductor {

namespace {

constexpr Duration kSystemTaskPoll = Duration::milliseconds(50);

// Looks at a JOIN come every 50 ms at first; the n-th look after those waits 1.2^n whole seconds
// for the next one, 30 s at most.
class JoinLooks {
 public:
  JoinLooks(Time started, bool synchronous, const Settings& settings)
      : started_(started), synchronous_(synchronous), settings_(settings) {}

  Duration delay_after(std::int64_t look) const {
    const std::int64_t late = look - settings_.join_polls_without_delay;
    if (synchronous_ || late <= 0) return Duration();
    const std::int64_t most = settings_.system_callback / Duration::seconds(1);
    double seconds = 1;
    for (std::int64_t i = 0; i < late && seconds < static_cast<double>(most); ++i) seconds *= 1.2;
    return Duration::seconds(std::min(static_cast<std::int64_t>(seconds), most));
  }

  // The first look at or after `now`: its number (from 1) and its time.
  std::pair<std::int64_t, Time> at_or_after(Time now) const {
    const std::int64_t quick = settings_.join_polls_without_delay;
    const Duration waited = now - started_;
    const std::int64_t look = std::max<std::int64_t>(
        1, (waited + kSystemTaskPoll - Duration::nanoseconds(1)) / kSystemTaskPoll);
    if (synchronous_ || look <= quick) return {look, started_ + kSystemTaskPoll * look};
    std::int64_t number = quick;
    Time at = started_ + kSystemTaskPoll * quick;
    while (at < now) {
      const Duration delay = std::max(delay_after(number), kSystemTaskPoll);
      if (delay == settings_.system_callback) {  // from here on all the same
        const std::int64_t more = (now - at + delay - Duration::nanoseconds(1)) / delay;
        return {number + more, at + delay * more};
      }
      at += delay;
      ++number;
    }
    return {number, at};
  }

 private:
  Time started_;
  bool synchronous_;
  const Settings& settings_;
};

JoinLooks looks_of(const TaskRow& row, const Settings& settings) {
  return {row.started.value_or(Time()), row.node && row.node->task->join_synchronously, settings};
}

// What the JOIN of an agent's workflow takes over from a branch: of a tool its name and output, of
// a branch with a state only that, of any other everything.
Json output_for_agent(const TaskRow& row) {
  const auto tool = row.input.find("_agent_tool_name");
  if (tool != row.input.end() && !tool->is_null())
    return Json::object({{"_agent_tool_name", *tool}, {"_agent_tool_output", row.output}});
  Json state = Json::object();
  for (const char* const key : {"_state_updates", "state"}) {
    const auto found = row.output.find(key);
    if (found != row.output.end()) state[key] = *found;
  }
  return state.empty() ? row.output : state;
}

// Ends the JOIN if its branches allow; output and reasons are made once, at the end.
void evaluate_join(Workflow& workflow, std::size_t index) {
  const Workflow::Join& progress = workflow.join(index);
  if (progress.waiting > 0 && progress.broken == 0) return;
  TaskRow& join = workflow.modify(index);
  std::string reasons, errors;
  bool failed = false, only_canceled = true;
  for (const std::string& reference : progress.references) {
    workflow.add_work(1);
    const auto joined = workflow.latest(reference);
    if (!joined) continue;
    const TaskRow& row = workflow.row(*joined);
    if (!row.output.empty()) {
      join.output[reference] =
          workflow.blueprint->definition().agent ? output_for_agent(row) : row.output;
    }
    if (!row.successful()) {
      reasons += (reasons.empty() ? "" : " ") + (row.reason.empty() ? "null" : row.reason);
      if (!row.optional()) {
        failed = true;
        only_canceled = only_canceled && row.status == TaskStatus::kCanceled;
      }
    } else if (row.optional() && row.status == TaskStatus::kCompletedWithErrors) {
      errors += row.definition_name + "/" + row.id + " ";
    }
  }
  if (failed) {
    join.status = only_canceled ? TaskStatus::kCanceled : TaskStatus::kFailed;
    join.reason = reasons;
  } else if (!errors.empty()) {
    join.status = TaskStatus::kCompletedWithErrors;
    join.reason = errors + "completed with errors";
  } else {
    join.status = TaskStatus::kCompleted;
  }
}

std::string text_member(const Json& json, const char* name) {
  const auto it = json.find(name);
  return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::optional<std::int32_t> version_member(const Json& json, const char* name) {
  const auto it = json.find(name);
  if (it == json.end() || !it->is_number_integer() || *it == 0) return std::nullopt;
  return it->get<std::int32_t>();
}

void fail_row(TaskRow& row, std::string reason) {
  row.status = TaskStatus::kFailed;
  row.reason = std::move(reason);
}

// Why a workflow cannot be started, if so.
std::optional<std::string> not_startable(const StartRequest& request,
                                         const Definitions& definitions) {
  std::shared_ptr<const Blueprint> blueprint = request.definition;
  if (!blueprint) blueprint = definitions.blueprint(request.name, request.version);
  if (!blueprint) return missing_definition(request.name, request.version);
  if (!blueprint->missing_child()) return std::nullopt;
  return missing_child_definition(*blueprint->missing_child());
}

// Launches the child. Its id is a function of the attempt, so a second launch finds the first
// child.
void start_sub_workflow(DecisionStep& step, const Workflow& workflow, TaskRow& row,
                        const Definitions& definitions) {
  auto request = std::make_shared<StartRequest>();
  request->name = text_member(row.input, "subWorkflowName");
  request->version = version_member(row.input, "subWorkflowVersion");
  const auto inline_definition = row.input.find("subWorkflowDefinition");
  if (inline_definition != row.input.end() && inline_definition->is_object()) {
    Read<WorkflowDefinition> read = read_inline_definition(*inline_definition);
    if (!read.ok())
      return fail_row(row,
                      "the inline workflow definition is wrong: " + to_text(read.problems.front()));
    request->definition =
        std::make_shared<const Blueprint>(std::move(read.value), definitions, false);
  }
  if (const auto why = not_startable(*request, definitions)) return fail_row(row, *why);
  const auto input = row.input.find("workflowInput");
  const bool given = input != row.input.end() && input->is_object() && !input->empty();
  request->input = given ? *input : row.input;
  if (request->definition) request->input["_systemMetadata"]["dynamic"] = true;
  request->workflow_id = child_workflow_id(row);
  if (const auto why =
          endless_start(request->workflow_id, request->name, workflow.name(), step.now()))
    return fail_row(row, *why);
  request->correlation_id = workflow.correlation_id;
  const auto domains = row.input.find("subWorkflowTaskToDomain");
  const bool own_domains = domains != row.input.end() && domains->is_object();
  request->task_to_domain = own_domains ? *domains : workflow.task_to_domain;
  request->parent_id = workflow.id;
  request->parent_task_id = row.id;
  row.sub_workflow_id = request->workflow_id;
  row.output["subWorkflowId"] = request->workflow_id;
  row.status = TaskStatus::kInProgress;
  step.emit(StartWorkflow{std::move(request), false});
}

// Fire and forget. Launched twice (a server died in between) it starts two workflows.
void start_independent_workflow(DecisionStep& step, const Workflow& workflow, TaskRow& row,
                                const Definitions& definitions) {
  const auto wanted = row.input.find("startWorkflow");
  if (wanted == row.input.end() || wanted->is_null()) {
    return fail_row(row, "Missing 'startWorkflow' in input data.");
  }
  if (!wanted->is_object())
    return fail_row(row, "Error reading StartWorkflowRequest. " + java_text(*wanted));
  auto request = std::make_shared<StartRequest>();
  request->name = text_member(*wanted, "name");
  if (request->name.empty()) {
    return fail_row(
        row, "startWorkflow validation failed. 'name' -> Workflow name cannot be null or empty. ");
  }
  request->version = version_member(*wanted, "version");
  if (const auto definition = wanted->find("workflowDef");
      definition != wanted->end() && definition->is_object()) {
    Read<WorkflowDefinition> read = read_inline_definition(*definition);
    if (!read.ok())
      return fail_row(row,
                      "the inline workflow definition is wrong: " + to_text(read.problems.front()));
    request->definition =
        std::make_shared<const Blueprint>(std::move(read.value), definitions, false);
  }
  if (const auto why = not_startable(*request, definitions)) return fail_row(row, *why);
  if (const auto input = wanted->find("input"); input != wanted->end() && input->is_object())
    request->input = *input;
  request->correlation_id = text_member(*wanted, "correlationId");
  if (request->correlation_id.empty()) request->correlation_id = workflow.correlation_id;
  const auto domains = wanted->find("taskToDomain");
  const bool own_domains = domains != wanted->end() && domains->is_object() && !domains->empty();
  request->task_to_domain = own_domains ? *domains : workflow.task_to_domain;
  request->workflow_id = fmt::format("{}.started-{}", row.id, step.now().in_milliseconds());
  if (const auto why =
          endless_start(request->workflow_id, request->name, workflow.name(), step.now()))
    return fail_row(row, *why);
  row.output["workflowId"] = request->workflow_id;
  row.status = TaskStatus::kCompleted;
  step.emit(StartWorkflow{std::move(request), true});
}

const Json& requested(const TaskRow& row) {
  const auto wrapped = row.input.find("http_request");
  return wrapped != row.input.end() && !wrapped->is_null() ? *wrapped : row.input;
}

// The call to make, or nothing (and the row has failed) if the input names none.
std::optional<Json> http_request(TaskRow& row) {
  const Json& request = requested(row);
  if (!request.is_object() || text_member(request, "uri").empty()) {
    fail_row(row,
             "Missing HTTP URI.  See documentation for HttpTask for required input parameters");
    return std::nullopt;
  }
  if (text_member(request, "method").empty()) {
    fail_row(row, "No HTTP method specified");
    return std::nullopt;
  }
  return request;
}

// As Spring writes texts of others (LogFormatUtils).
std::string in_one_line(const std::string& text) {
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    if (letter == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    const bool control = static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
    if (letter == '\n' || letter == '\r')
      line += "<EOL>";
    else
      line += control ? '?' : letter;
  }
  return line;
}

// What Spring's RestTemplate throws for an answer of 400 or more (DefaultResponseErrorHandler of
// 6.2), or without an answer; HttpTask keeps nothing but its text.
std::string exception_of(const HttpAnswer& answer, const Json& request) {
  const std::string method = text_member(request, "method");
  const std::string uri = text_member(request, "uri");
  const std::string what =
      fmt::format("{} request for \"{}\"", method, uri.substr(0, uri.find('?')));
  if (!answer.answered)
    return fmt::format("java.lang.Exception: I/O error on {}: {}", what, answer.text);
  const std::string body = answer.body.is_string() ? answer.body.get<std::string>()
                           : answer.body.is_null() ? std::string()
                                                   : answer.body.dump();
  return fmt::format("java.lang.Exception: {} {} on {}: {}", answer.status_code,
                     answer.reason_phrase, what,
                     body.empty() ? "[no body]" : "\"" + in_one_line(body) + "\"");
}

}  // namespace

Time Decider::next_join_look(const Workflow& workflow, std::size_t row, Time now) const {
  return looks_of(workflow.row(row), settings_).at_or_after(whole_milliseconds(now)).second;
}

Decision Decider::execute_system_task(Workflow& workflow, const std::string& task_id,
                                      Limits& limits, Time now) const {
  DecisionStep step(*this, workflow, now);
  const auto index = workflow.find_task(task_id);
  if (!index) return step.take();
  if (workflow.row(*index).terminal()) {
    step.remove_message(workflow.row(*index));
    return step.take();
  }
  TaskRow& row = workflow.modify(*index);
  if (row.status == TaskStatus::kScheduled &&
      (limits.too_many_in_progress(row) || limits.too_fast(row, step.now()))) {
    step.emit(Push{row.queue(), row.id, settings_.task_postpone});
    return step.take();
  }
  if (workflow.terminal()) {
    row.status = TaskStatus::kCanceled;
    row.reason = fmt::format("Workflow is in {} state", to_text(workflow.status));
    step.store(*index);
    step.remove_message(row);
    return step.take();
  }
  const bool scheduled = row.status == TaskStatus::kScheduled;
  if (scheduled && row.kind == TaskType::kHttp) {
    std::optional<Json> request = http_request(row);
    if (request) {
      step.emit(CallHttp{row.id, std::move(*request)});
      return step.take();
    }
  }
  const bool async_complete = row.async_complete();
  if (row.kind == TaskType::kJoin) {
    // By the clock, not by this call: a caller may leave out looks that would find nothing new.
    row.poll_count =
        static_cast<std::int32_t>(looks_of(row, settings_).at_or_after(step.now()).first);
    evaluate_join(workflow, *index);
  } else if (scheduled || !async_complete) {
    ++row.poll_count;
  }
  if (scheduled) {
    row.started = step.now();
    if (row.kind == TaskType::kSubWorkflow) start_sub_workflow(step, workflow, row, definitions_);
    if (row.kind == TaskType::kStartWorkflow)
      start_independent_workflow(step, workflow, row, definitions_);
    if (row.kind == TaskType::kWait) row.status = TaskStatus::kInProgress;
  } else if (row.kind == TaskType::kWait && row.wait_until && step.now() >= *row.wait_until) {
    row.status = TaskStatus::kCompleted;
  }
  if (row.terminal() || (async_complete && row.status != TaskStatus::kScheduled)) {
    step.store(*index);
    step.remove_message(row);
    step.emit(Evaluate{});
    return step.take();
  }
  Duration delay = settings_.system_callback;
  if (row.kind == TaskType::kJoin) delay = looks_of(row, settings_).delay_after(row.poll_count);
  if (row.kind == TaskType::kWait && row.wait_until) {
    delay = Duration::seconds(
        std::max<std::int64_t>(1, (*row.wait_until - step.now()) / Duration::seconds(1)));
  }
  row.callback_after_seconds = delay / Duration::seconds(1);
  step.emit(Push{row.queue(), row.id, delay});
  // A JOIN that waits on has nothing new to store but the number of looks, which the clock tells:
  // written down at every look, its list of branches would cost their number squared.
  if (row.kind != TaskType::kJoin) step.store(*index);
  return step.take();
}

Decision Decider::http_answered(Workflow& workflow, const std::string& task_id,
                                const HttpAnswer& answer, Time sent, Time now) const {
  DecisionStep step(*this, workflow, now);
  const auto index = workflow.find_task(task_id);
  if (!index) return step.take();
  if (workflow.row(*index).terminal()) {
    step.remove_message(workflow.row(*index));
    return step.take();
  }
  TaskRow& row = workflow.modify(*index);
  ++row.poll_count;
  row.started = whole_milliseconds(sent);
  row.worker_id = "orchestrator";
  if (!answer.answered || answer.status_code >= 400) {
    const std::string exception = exception_of(answer, requested(row));
    fail_row(row, "Failed to invoke HTTP task due to: " + exception);
    row.output["response"] = exception;
  } else {
    if (answer.good())
      row.status = row.async_complete() ? TaskStatus::kInProgress : TaskStatus::kCompleted;
    else
      fail_row(row, "No response from the remote service");
    row.output["response"] = Json::object({{"statusCode", answer.status_code},
                                           {"reasonPhrase", answer.reason_phrase},
                                           {"headers", answer.headers},
                                           {"body", answer.good() ? answer.body : Json()}});
  }
  step.store(*index);
  step.remove_message(row);
  step.emit(Evaluate{});
  return step.take();
}

}  // namespace soundcheck::conductor
