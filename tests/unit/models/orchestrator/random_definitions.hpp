#pragma once

#include <string>
#include <vector>

#include "models/orchestrator/decider/blueprint.hpp"
#include "sim/core/json.hpp"
#include "sim/core/random.hpp"

namespace soundcheck::conductor {

// Bounded random workflow definitions that always can end: forks, switches, loops over lists,
// children, waits, humans, events, dynamic forks; worker tasks named w0 .. w4 with random retries,
// timeouts and policies.
class RandomDefinitions {
 public:
  explicit RandomDefinitions(RandomStream& random) : random_(random) {}

  // Registers leaf_0, leaf_1, main and undo, which is main's failure workflow.
  void fill(Definitions& definitions);
  static std::vector<std::string> worker_tasks() { return {"w0", "w1", "w2", "w3", "w4"}; }
  // All queues that workers must poll: also those of dynamically forked tasks.
  std::vector<std::string> queues() const;
  const Json& main() const { return main_; }

 private:
  Json worker_definition(const std::string& name);
  Json workflow(const std::string& name, int tasks, int depth);
  Json tasks(int count, int depth, bool in_loop);
  void add_task(Json& list, int depth, bool in_loop);
  Json task(const char* type);
  Json worker();
  bool chance(double p) { return random_.chance(p); }
  int below(int bound) {
    return static_cast<int>(random_.below(static_cast<std::uint64_t>(bound)));
  }

  RandomStream& random_;
  int next_ = 0;
  bool leaf_ = false;
  Json main_;
  std::vector<std::string> dynamic_;  // names of dynamically forked tasks
};

}  // namespace soundcheck::conductor
