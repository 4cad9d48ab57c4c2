#include "models/orchestrator/decider/event_handler.hpp"

#include "models/orchestrator/decider/input_template.hpp"
#include "models/orchestrator/decider/object_reader.hpp"

namespace soundcheck::conductor {

namespace {

// ${field.inner} of the payload itself, as ParametersUtils.replace(input, payload) reads it.
class PayloadScope final : public ExpressionScope {
 public:
  explicit PayloadScope(const Json& payload) : payload_(payload) {}
  const Json* value(const std::string& root, const std::string& field, Json&) const override {
    const auto outer = payload_.find(root);
    if (outer == payload_.end() || !outer->is_object()) return nullptr;
    const auto inner = outer->find(field);
    return inner == outer->end() ? nullptr : &*inner;
  }
  Json document() const override { return payload_; }
  std::optional<std::string> variable(const std::string&) const override { return std::nullopt; }

 private:
  const Json& payload_;
};

// JSON in texts of maps becomes values (JsonUtils.expand).
Json expanded(const Json& value) {
  if (!value.is_object()) return value;
  Json result = Json::object();
  for (const auto& [name, member] : value.items()) {
    Json inner;
    if (member.is_string()) {
      const auto& text = member.get_ref<const std::string&>();
      const std::size_t first = text.find_first_not_of(" \t\r\n");
      const bool may_be = first != std::string::npos && (text[first] == '{' || text[first] == '[');
      inner = may_be ? Json::parse(text, nullptr, false) : member;
      if (inner.is_discarded()) inner = member;
    } else {
      inner = expanded(member);
    }
    result[name] = std::move(inner);
  }
  return result;
}

void read_start(ObjectReader& outer, const char* name, EventAction& action) {
  const Json* const json = outer.member(name);
  const PathScope scope(outer.context(), std::string(name));
  ObjectReader reader(outer.context(), *json);
  action.kind = EventAction::Kind::kStartWorkflow;
  reader.text("name", action.workflow);
  reader.integer("version", action.version, 0);
  Json input = Json::object();
  reader.object("input", input);
  action.parameters["input"] = std::move(input);
  reader.any("correlationId", action.parameters["correlationId"]);
  Json domains;
  reader.object("taskToDomain", domains);
  action.task_to_domain = std::move(domains);
  reader.require("name", !action.workflow.empty());
  reader.finish();
}

void read_task_details(ObjectReader& outer, const char* name, EventAction& action) {
  const Json* const json = outer.member(name);
  const PathScope scope(outer.context(), std::string(name));
  ObjectReader reader(outer.context(), *json);
  for (const char* const field :
       {"workflowId", "taskRefName", "taskId", "reasonForIncompletion", "output"})
    reader.any(field, action.parameters[field]);
  reader.ignored({"outputMessage", "outputMessageFields"});
  const auto given = [&](const char* field) { return !action.parameters[field].is_null(); };
  if (!given("taskId") && !(given("workflowId") && given("taskRefName")))
    reader.error(name, "a task is named by 'workflowId' and 'taskRefName', or by 'taskId'");
  reader.finish();
}

EventAction read_action(ReadingContext& context, const Json& json) {
  EventAction action{};
  ObjectReader reader(context, json);
  std::string what;
  reader.text("action", what);
  reader.boolean("expandInlineJSON", action.expand_inline_json);
  const auto read = [&](auto read_body) {
    if (reader.member(what.c_str()))
      read_body(reader, what.c_str(), action);
    else
      reader.require(what.c_str(), false);
  };
  if (what == "start_workflow") {
    read(read_start);
  } else if (what == "complete_task" || what == "fail_task") {
    action.kind =
        what == "fail_task" ? EventAction::Kind::kFailTask : EventAction::Kind::kCompleteTask;
    read(read_task_details);
  } else {
    reader.error("action", "'" + what +
                               "' is none of start_workflow, complete_task, fail_task, which are "
                               "what Conductor does at an event");
  }
  reader.ignored({"start_workflow", "complete_task", "fail_task"});
  reader.finish();
  return action;
}

EventHandler read_handler(ReadingContext& context, const Json& json) {
  EventHandler handler;
  handler.source = json;
  ObjectReader reader(context, json);
  reader.text("name", handler.name);
  reader.text("event", handler.event);
  reader.text("condition", handler.condition);
  std::string evaluator = "javascript";
  reader.text("evaluatorType", evaluator);
  if (evaluator != "javascript" && evaluator != "graaljs")
    reader.error("evaluatorType", "'" + evaluator + "' is none of javascript, graaljs");
  reader.boolean("active", handler.active);
  if (const Json* const actions = reader.member("actions"); actions && actions->is_array()) {
    const PathScope scope(context, std::string("actions"));
    for (std::size_t i = 0; i < actions->size(); ++i) {
      const PathScope inner(context, i);
      handler.actions.push_back(read_action(context, (*actions)[i]));
    }
  }
  reader.ignored({"description", "ownerApp", "createTime", "updateTime", "createdBy", "updatedBy",
                  "accessPolicy", "createdOn", "orgId", "tags"});
  reader.require("name", !handler.name.empty());
  reader.require("event", !handler.event.empty());
  reader.require("actions", !handler.actions.empty());
  if (!handler.active)
    reader.warn("name",
                "the handler is not 'active', which is Conductor's default: it does nothing");
  reader.finish();
  return handler;
}

}  // namespace

Read<EventHandler> read_event_handler(const Json& json) {
  ReadingContext context;
  EventHandler handler = read_handler(context, json);
  return {std::move(handler), std::move(context.problems)};
}

bool applies(const EventHandler& handler, const PublishedEvent& event, ScriptEngine& scripts) {
  if (!handler.active || handler.event != event.name) return false;
  if (handler.condition.empty()) return true;
  const std::expected<Json, std::string> value =
      scripts.javascript(handler.condition, expanded(event.payload));
  return value && is_true(*value);
}

Json resolved(const EventAction& action, const PublishedEvent& event) {
  const Json payload = action.expand_inline_json ? expanded(event.payload) : event.payload;
  return InputTemplate(action.parameters).resolve(PayloadScope(payload));
}

}  // namespace soundcheck::conductor
