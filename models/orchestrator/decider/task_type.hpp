#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace soundcheck::conductor {

enum class TaskType : std::uint8_t {
  kSimple,       // a worker polls a queue named after the task
  kUserDefined,  // a type Conductor does not know: a worker polls a queue named after the type
  kDynamic,
  kForkJoin,
  kForkJoinDynamic,
  kJoin,
  kExclusiveJoin,
  kSwitch,
  kDecision,
  kDoWhile,
  kSubWorkflow,
  kStartWorkflow,
  kWait,
  kHuman,
  kEvent,
  kTerminate,
  kSetVariable,
  kInline,
  kLambda,
  kJsonJqTransform,
  kHttp,
  kNoop,
};

struct TaskTypeProperties {
  TaskType type;
  std::string_view text;  // the `type` of a task in a definition
  bool system;            // the server runs it; else a worker does
  bool async;             // by a system task worker from a queue; else inside decide
  bool built_in;          // never retried
};

const TaskTypeProperties& properties(TaskType type);
inline bool is_system(TaskType type) {
  return properties(type).system;
}
inline bool is_async_system(TaskType type) {
  return properties(type).async;
}
inline bool is_sync_system(TaskType type) {
  return properties(type).system && !properties(type).async;
}

// UserDefined for a text that is no type of Conductor's.
TaskType task_type_from(std::string_view text);
// Every type a definition may name, for "did you mean".
std::vector<std::string_view> task_type_texts();

}  // namespace soundcheck::conductor
