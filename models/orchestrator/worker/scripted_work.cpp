#include "models/orchestrator/worker/scripted_work.hpp"

#include "sim/core/parameters_json.hpp"

namespace soundcheck::orchestrator {

const ParameterTable<Heartbeat>& Heartbeat::parameters() {
  static const auto table =
      ParameterTable<Heartbeat>("heartbeat", "Signs of life while a worker works.")
          .optional("every", &Heartbeat::every, "time between two", above_zero)
          .optional("callback_after", &Heartbeat::callback_after,
                    "report IN_PROGRESS with this callbackAfterSeconds, after which anybody may "
                    "get the task; left out: extend the lease",
                    at_least(Duration::seconds(1)));
  return table;
}

const ParameterTable<ScriptedWork>& ScriptedWork::parameters() {
  static const auto table =
      ParameterTable<ScriptedWork>("work", "What a scripted worker does with a task.")
          .optional("status", &ScriptedWork::status, "what it reports")
          .optional("output", &ScriptedWork::output, "output of the task")
          .optional("reason", &ScriptedWork::reason, "why it failed")
          .optional("time", &ScriptedWork::time, "how long it works before it reports")
          .optional("chance", &ScriptedWork::chance,
                    "of a person, at a HUMAN task or a WAIT without a time: that it is ever done")
          .optional("callback_after", &ScriptedWork::callback_after,
                    "with IN_PROGRESS: how long the task stays out of its queue, in whole seconds")
          .optional("heartbeat", &ScriptedWork::heartbeat,
                    "signs of life while it works; left out: none")
          .optional("domain", &ScriptedWork::domain,
                    "Conductor's task domain in which the worker polls; the entries of each domain "
                    "are a script of their own. Left out: none");
  return table;
}

TaskResult ScriptedWork::result() const {
  TaskResult result;
  result.status = status;
  result.output = output;
  result.reason = reason;
  result.callback_after = callback_after.value_or(Duration());
  return result;
}

}  // namespace soundcheck::orchestrator
