#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/database/databases.hpp"
#include "models/effects/saga_statements.hpp"
#include "sim/core/time.hpp"
#include "sim/env/task_effects.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// Keeps world.effects, a row for each stated step that an execution did or undid at the instant at
// which it is done, and world.executions, a row for each execution when its answer is known.
// What is done by a service that keeps a fence stands in its own table.
//
// A step is named by its reference; one of a further instance of a sub-workflow, or of a further
// iteration, is another step. An undo undoes those of them that belong to its own instance and
// iteration, if there are any, and else all that were done and not undone.
class EffectLedger final : public TaskEffects {
 public:
  // Before Databases::open(). World and databases outlive it.
  EffectLedger(World& world, Databases& databases, const SagaStatements& statements);
  EffectLedger(const EffectLedger&) = delete;
  EffectLedger& operator=(const EffectLedger&) = delete;

  std::uint32_t work_begins(const SagaContext& saga, std::string_view workflow_id,
                            std::string_view task) override;
  void work_ends() override { --at_work_; }
  std::uint32_t call_begins(const SagaContext& saga, std::string_view workflow_id,
                            std::string_view task) override;
  std::uint32_t call_arrives(std::uint32_t number, ProcessId callee) override;
  void committed(std::uint32_t number) override;
  bool take_effect(std::uint32_t execution) override;
  void answered(std::uint32_t number, bool taken) override;
  // Nothing happens any more: writes down the executions that nobody has heard of.
  void close();

  // Workers that are at some task now, whether or not anybody waits for them.
  std::uint64_t at_work() const { return at_work_; }

 private:
  // What an execution of a task means, by the statements.
  struct Meaning {
    std::string workflow, stated;  // the statement
    std::string step;              // what the books call it
    bool undo = false;
    StepRole role = StepRole::kNone;
    StepGuard guard = StepGuard::kNone;
  };
  struct Execution {
    SagaContext saga;
    std::string workflow_id;
    std::string task;
    Time began;
    Time done_at;
    std::uint64_t begun = 0;      // the number of the next commit then
    std::uint32_t call = 0;       // that it serves; 0: a worker's work, or itself a call
    std::uint32_t served_by = 0;  // the last callee of a call that was done with it
    bool is_call = false;
    bool done = false;
    bool refused = false;
    std::string_view effect;           // as in the table
    std::string_view answer = "LOST";  // until there is one
  };
  struct Done;  // an execution whose effect is being written down

  void write_down(std::uint32_t number, const Execution& execution);
  std::uint32_t begin(const SagaContext& saga, std::string_view workflow_id, std::string_view task);
  const std::vector<Meaning>& meanings_of(const Execution& execution) const;
  const std::vector<Meaning>* find(const std::string& workflow, std::string_view task) const;

  World& world_;
  Databases& databases_;
  SagaStatements statements_;
  // By workflow and task; undo tasks, which any workflow of the saga may run, by "" and task.
  std::map<std::pair<std::string, std::string>, std::vector<Meaning>, std::less<>> meanings_;
  std::map<std::uint32_t, Execution> executions_;  // that may still be done or answered
  std::uint32_t last_ = 0;
  std::uint64_t at_work_ = 0;
};

}  // namespace soundcheck
