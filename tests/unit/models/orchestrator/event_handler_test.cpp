#include "models/orchestrator/decider/event_handler.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace soundcheck::conductor {
namespace {

std::vector<std::string> problems_of(const char* text) {
  std::vector<std::string> texts;
  for (const DefinitionProblem& problem : read_event_handler(Json::parse(text)).problems)
    texts.push_back(to_text(problem));
  return texts;
}

TEST(EventHandler, IsReadWithConductorsFields) {
  const auto read = read_event_handler(Json::parse(R"({
    "name": "h", "event": "conductor:w:e", "condition": "$.x > 1", "evaluatorType": "javascript",
    "active": true,
    "actions": [
      {"action": "start_workflow",
       "start_workflow": {"name": "s", "version": 2, "input": {"a": "${x}"}}},
      {"action": "complete_task",
       "complete_task": {"workflowId": "${w}", "taskRefName": "t", "output": {"b": 1}},
       "expandInlineJSON": true},
      {"action": "fail_task", "fail_task": {"taskId": "${t}", "reasonForIncompletion": "no"}}]})"));
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read.problems.empty());
  ASSERT_EQ(read.value.actions.size(), 3u);
  EXPECT_EQ(read.value.actions[0].kind, EventAction::Kind::kStartWorkflow);
  EXPECT_EQ(read.value.actions[0].version, 2);
  EXPECT_EQ(read.value.actions[1].kind, EventAction::Kind::kCompleteTask);
  EXPECT_TRUE(read.value.actions[1].expand_inline_json);
  EXPECT_EQ(read.value.actions[2].parameters["reasonForIncompletion"], "no");
}

TEST(EventHandler, NamesWhatIsMissingOrNotDone) {
  EXPECT_EQ(problems_of(R"({"name": "h", "event": "e", "active": true})"),
            std::vector<std::string>{"'actions' is missing"});
  EXPECT_EQ(problems_of(R"({"name": "h", "event": "e", "active": true,
                            "actions": [{"action": "terminate_workflow"}]})"),
            std::vector<std::string>{
                "actions[0].action: 'terminate_workflow' is none of start_workflow, complete_task, "
                "fail_task, which are what Conductor does at an event"});
  EXPECT_EQ(problems_of(R"({"name": "h", "event": "e", "active": true,
                            "actions": [{"action": "complete_task"}]})"),
            std::vector<std::string>{"actions[0]: 'complete_task' is missing"});
  EXPECT_EQ(problems_of(R"({"name": "h", "event": "e",
                            "actions": [{"action": "start_workflow",
                                         "start_workflow": {"name": "s"}}]})"),
            std::vector<std::string>{
                "name: warning: the handler is not 'active', which is Conductor's default: it does "
                "nothing"});
}

// ParametersUtils.replace over the payload; JsonUtils.expand where it is asked for.
TEST(EventHandler, ResolvesExpressionsOverThePayload) {
  EventAction action{};
  action.parameters = {
      {"whole", "${order.lines}"}, {"text", "order ${order.id}"}, {"no", "${x.y}"}};
  const PublishedEvent event{"e", "m", {{"order", {{"id", 7}, {"lines", {1, 2}}}}}};
  EXPECT_EQ(resolved(action, event),
            Json({{"whole", {1, 2}}, {"text", "order 7"}, {"no", nullptr}}));
  const PublishedEvent inner{"e", "m", {{"order", R"({"id": 8})"}}};
  action.parameters = {{"id", "${order.id}"}};
  EXPECT_EQ(resolved(action, inner), Json({{"id", nullptr}}));
  action.expand_inline_json = true;
  EXPECT_EQ(resolved(action, inner), Json({{"id", 8}}));
}

}  // namespace
}  // namespace soundcheck::conductor
