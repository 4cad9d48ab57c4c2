#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/core/ids.hpp"
#include "sim/core/random.hpp"

namespace soundcheck {

class World;

// Random streams for one purpose, one for each process: "<purpose>/<name of the process>". What a
// process draws shifts no draw of another one, and neither does a process that is added.
class ProcessStreams {
 public:
  ProcessStreams(World& world, std::string purpose)
      : world_(&world), purpose_(std::move(purpose)) {}

  // Stays where it is for the whole run.
  RandomStream& of(ProcessId process) {
    const std::size_t index = process.index();
    if (index < streams_.size() && streams_[index] != nullptr) [[likely]]
      return *streams_[index];
    return make(process);
  }

 private:
  RandomStream& make(ProcessId process);

  World* world_;
  std::string purpose_;
  std::vector<std::unique_ptr<RandomStream>> streams_;  // by process; null: nothing drawn yet
};

}  // namespace soundcheck
