#pragma once

#include <string_view>
#include <vector>

namespace soundcheck::sagas {

// The text of a file in this folder, compiled into the program: "subscribe.json".
std::string_view document(std::string_view file);

// A saga of the reference architecture: Conductor workflow definitions, unchanged, so that a
// Conductor server takes them.
struct Saga {
  std::string_view name;  // of the forward workflow
  // Files: the forward workflow, its compensation, the alarm.
  std::vector<std::string_view> workflows;
};
std::vector<Saga> sagas();

// The task definitions of all sagas: a JSON array.
std::string_view task_definitions();

}  // namespace soundcheck::sagas
