#pragma once

#include <cstdint>
#include <string_view>

#include "sim/core/ids.hpp"
#include "sim/env/context.hpp"

namespace soundcheck {

// The books of what the tasks of workflows have really done, kept by the world and not by the
// orchestrator: an execution took effect whether or not its answer was waited for. An execution is
// a worker's work on a task that it got, or a service's work on the call of an HTTP task. Its
// number goes with the context of the work.
class TaskEffects {
 public:
  virtual ~TaskEffects() = default;

  // A worker has got a task. Saga, workflow, step and attempt are those of its context.
  virtual std::uint32_t work_begins(const SagaContext& saga, std::string_view workflow_id,
                                    std::string_view task) = 0;
  // It works on it no more: it is done, or has died.
  virtual void work_ends() = 0;
  // An orchestrator is about to make the call of an HTTP task: a number for the call, under which
  // each callee that begins with it gets an execution.
  virtual std::uint32_t call_begins(const SagaContext& saga, std::string_view workflow_id,
                                    std::string_view task) = 0;
  // A request with this number has come to its callee. The number of the callee's execution, if it
  // is the call of an HTTP task, and else the same number.
  virtual std::uint32_t call_arrives(std::uint32_t number, ProcessId callee) = 0;
  // A transaction on behalf of this number has become visible: if it is the call of an HTTP task,
  // that has taken effect, whatever becomes of its callee.
  virtual void committed(std::uint32_t number) = 0;
  // The work is done: an execution takes effect once. False: its worker refuses, as the step was
  // undone before.
  virtual bool take_effect(std::uint32_t execution) = 0;
  // The orchestrator has the answer to a piece of work or to a call, and has taken or dropped it.
  virtual void answered(std::uint32_t number, bool taken) = 0;
};

}  // namespace soundcheck
