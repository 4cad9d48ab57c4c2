#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "models/orchestrator/decider/definition_reader.hpp"
#include "models/orchestrator/decider/script_engine.hpp"
#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// What happens when an EVENT task has published: Conductor's event handlers. The payload of an
// event is the output of its task.

struct EventAction {
  enum class Kind : std::uint8_t { kStartWorkflow, kCompleteTask, kFailTask } kind;
  std::string workflow;  // to start
  std::optional<std::int32_t> version;
  // What may hold expressions over the payload: input and correlationId of a workflow to start;
  // workflowId, taskRefName, taskId, output and reasonForIncompletion of a task.
  Json parameters = Json::object();
  Json task_to_domain;  // of a workflow to start; null: as the payload says
  bool expand_inline_json = false;
};

struct EventHandler {
  std::string name;
  std::string event;  // conductor:<workflow>:<reference>, or a sink of another kind
  std::string condition;
  std::vector<EventAction> actions;
  bool active = false;  // Conductor's default: a handler that is not said to be active is none
  Json source;          // as it was written
};

Read<EventHandler> read_event_handler(const Json& json);

// An event as handlers see it.
struct PublishedEvent {
  std::string name, message_id;
  Json payload;
};

// Whether the handler acts on this event. A condition that throws counts as false.
bool applies(const EventHandler& handler, const PublishedEvent& event, ScriptEngine& scripts);
// The parameters of an action with its expressions resolved.
Json resolved(const EventAction& action, const PublishedEvent& event);

}  // namespace soundcheck::conductor
