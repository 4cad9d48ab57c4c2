#include "models/orchestrator/decider/task_type.hpp"

#include <array>

#include "sim/core/assert.hpp"

namespace soundcheck::conductor {

namespace {

constexpr std::array<TaskTypeProperties, 22> kTaskTypes{{
    {TaskType::kSimple, "SIMPLE", false, false, false},
    {TaskType::kUserDefined, "USER_DEFINED", false, false, false},
    {TaskType::kDynamic, "DYNAMIC", false, false, false},
    {TaskType::kForkJoin, "FORK_JOIN", true, false, true},
    {TaskType::kForkJoinDynamic, "FORK_JOIN_DYNAMIC", true, false, true},
    {TaskType::kJoin, "JOIN", true, true, true},
    {TaskType::kExclusiveJoin, "EXCLUSIVE_JOIN", true, false, true},
    {TaskType::kSwitch, "SWITCH", true, false, true},
    {TaskType::kDecision, "DECISION", true, false, true},
    {TaskType::kDoWhile, "DO_WHILE", true, false, true},
    {TaskType::kSubWorkflow, "SUB_WORKFLOW", true, true, false},
    {TaskType::kStartWorkflow, "START_WORKFLOW", true, true, false},
    {TaskType::kWait, "WAIT", true, true, false},
    {TaskType::kHuman, "HUMAN", true, false, false},
    {TaskType::kEvent, "EVENT", true, false, false},
    {TaskType::kTerminate, "TERMINATE", true, false, false},
    {TaskType::kSetVariable, "SET_VARIABLE", true, false, false},
    {TaskType::kInline, "INLINE", true, false, false},
    {TaskType::kLambda, "LAMBDA", true, false, false},
    {TaskType::kJsonJqTransform, "JSON_JQ_TRANSFORM", true, false, false},
    {TaskType::kHttp, "HTTP", true, true, false},
    {TaskType::kNoop, "NOOP", true, false, false},
}};

}  // namespace

const TaskTypeProperties& properties(TaskType type) {
  const TaskTypeProperties& row = kTaskTypes.at(static_cast<std::size_t>(type));
  SOUNDCHECK_ASSERT(row.type == type, "task type table out of order at {}", row.text);
  return row;
}

TaskType task_type_from(std::string_view text) {
  for (const TaskTypeProperties& row : kTaskTypes) {
    if (row.text == text) return row.type;
  }
  return TaskType::kUserDefined;
}

std::vector<std::string_view> task_type_texts() {
  std::vector<std::string_view> texts;
  for (const TaskTypeProperties& row : kTaskTypes) {
    if (row.type != TaskType::kUserDefined) texts.push_back(row.text);
  }
  return texts;
}

}  // namespace soundcheck::conductor
