#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/orchestrator/decider/decider.hpp"
#include "models/orchestrator/execution/execution.hpp"
#include "sim/core/task.hpp"

namespace soundcheck::orchestrator {

// What the executor needs from the server that it runs in: the store of executions, the queues, the
// locks that servers share, a way to call services. The clock, failpoints and spawning come with
// Env. A server may die in any of the tasks, which then never end.
class ExecutionHost {
 public:
  virtual ~ExecutionHost() = default;

  // No other server works on these workflows: what memory holds of them is true, and no lease is
  // needed.
  virtual bool alone() const = 0;
  // False: nothing keeps anybody off a workflow, neither servers nor the threads of one.
  virtual bool locks() const { return true; }
  // Keeps other servers off a workflow. False: another one has it, and did not give it back in
  // time.
  virtual Task<bool> lease(Env env, std::string workflow_id) = 0;
  virtual void release(const std::string& workflow_id) = 0;

  virtual Task<Result<std::optional<StoredWorkflow>>> read(Env env, std::string workflow_id) = 0;
  // Status, reason and output of a workflow, for its parent.
  virtual Task<Result<std::optional<conductor::ChildSummary>>> summary(Env env,
                                                                       std::string workflow_id) = 0;
  // All of it in one transaction; there is something to write. False, and nothing is written, when
  // a workflow that is to be created exists already.
  virtual Task<Result<bool>> write(Env env, ExecutionRef execution, Changes changes,
                                   std::vector<QueueWrite> messages) = 0;
  virtual Task<Result<bool>> write(Env env, std::vector<QueueWrite> messages) = 0;

  // Since or from when on a message is visible, as far as is known without asking the store; one
  // that was handed out, since then. Nothing: there is no such message.
  virtual std::optional<Time> visible(const std::string& queue,
                                      const std::string& message) const = 0;
  // A SUB_WORKFLOW task of this workflow has started a child, or found the one of a former attempt
  // to start it.
  virtual void child_started(const Execution& /*parent*/, const std::string& /*reference*/,
                             const std::string& /*child_id*/) {}
  // A look at a message of this workflow has found nothing to do and put it back. It came out at
  // `came`, and until `next_change` looks at it will find nothing either, unless somebody works on
  // the workflow (`rouse`) or something breaks: a host may leave them out.
  virtual void found_nothing(const Env&, const std::string& /*queue*/,
                             const std::string& /*message*/, const std::string& /*workflow_id*/,
                             Time /*came*/, std::optional<Time> /*next_change*/) {}
  virtual void rouse(const Env&, const std::string& /*workflow_id*/) {}
  // The call of an HTTP task, with what Conductor's client does by itself.
  virtual Task<conductor::HttpAnswer> call_http(Env env, Json request) = 0;
};

}  // namespace soundcheck::orchestrator
