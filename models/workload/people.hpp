#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/orchestrator/worker/scripted_work.hpp"
#include "models/runtime/simulated_runtime.hpp"
#include "sim/core/slab.hpp"
#include "sim/events/event_stream.hpp"

namespace soundcheck {

// What a person does with a task that waits for one, the first time in a saga, the second time,
// ...; the last entry repeats.
struct PersonScript {
  std::string workflow;   // its name
  std::string reference;  // without iteration
  std::vector<orchestrator::ScriptedWork> entries;
};

// People who end HUMAN tasks and WAITs without a time, some while after those were put before them,
// or never. They are told at once (by mail, say: the only listener to events that acts on them),
// stand outside of the system, and say what they decided to the orchestrator's API like anybody
// else; who gets no answer tries again.
class People final : public EventListener, public ReplyListener {
 public:
  // `process` is theirs, on whose host their messages start.
  People(SimulatedRuntime& runtime, ProcessId process, std::vector<PersonScript> scripts);

  void on_event(const Event& event) override;
  void on_reply(std::uint64_t ticket, Result<Payload>&& reply) override;

 private:
  // A task that somebody has seen, until its end was accepted.
  struct Open {
    std::uint64_t saga = 0;
    NameId workflow;
    NameId step;
    const orchestrator::ScriptedWork* work = nullptr;
  };

  const orchestrator::ScriptedWork* next(std::uint64_t saga, NameId workflow, NameId step);
  static void on_decided(void* self, std::uint64_t ticket);

  SimulatedRuntime& runtime_;
  ProcessId process_;
  std::map<std::pair<std::string, std::string>, PersonScript> scripts_;  // by workflow, reference
  std::map<std::pair<std::uint64_t, const PersonScript*>, std::size_t> played_;  // by saga
  Slab<Open> open_;
};

}  // namespace soundcheck
