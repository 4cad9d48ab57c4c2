#include "scenarios/model/worker.hpp"

namespace soundcheck {

const ParameterTable<ScenarioHeartbeat>& ScenarioHeartbeat::parameters() {
  static const auto table =
      ParameterTable<ScenarioHeartbeat>("heartbeat", "Signs of life while a worker works.")
          .optional("every", &ScenarioHeartbeat::every, "time between two", above_zero)
          .optional("callback_after", &ScenarioHeartbeat::callback_after,
                    "report IN_PROGRESS with this callbackAfterSeconds, after which anybody may "
                    "get the task; left out: extend the lease",
                    at_least(Duration::seconds(1)));
  return table;
}

const ParameterTable<ScenarioWork>& ScenarioWork::parameters() {
  static const auto table =
      ParameterTable<ScenarioWork>("work", "What a scripted worker does with a task.")
          .optional("status", &ScenarioWork::status, "what it reports")
          .optional("output", &ScenarioWork::output, "output of the task")
          .optional("reason", &ScenarioWork::reason, "why it failed")
          .optional("time", &ScenarioWork::time, "how long it works before it reports")
          .optional("callback_after", &ScenarioWork::callback_after,
                    "with IN_PROGRESS: how long the task stays out of its queue, in whole seconds")
          .optional("heartbeat", &ScenarioWork::heartbeat,
                    "signs of life while it works; left out: none");
  return table;
}

}  // namespace soundcheck
