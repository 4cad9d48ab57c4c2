#include "scenarios/model/workload.hpp"

namespace soundcheck {

const ParameterTable<ScenarioWorkload>& ScenarioWorkload::parameters() {
  static const auto table =
      ParameterTable<ScenarioWorkload>("workload", "A stream of requests.")
          .including(Load::parameters())
          .optional("mix", &ScenarioWorkload::mix, "weights of the request types")
          .optional("workflow", &ScenarioWorkload::workflow,
                    "instead of a mix: every request starts this workflow")
          .optional("input", &ScenarioWorkload::input, "input of that workflow")
          .optional("task_to_domain", &ScenarioWorkload::task_to_domain,
                    "of that workflow: name of a task, or *, and the domains whose workers may "
                    "have it, as 'canary,NO_DOMAIN'")
          .optional("cancel", &ScenarioWorkload::cancel,
                    "clients who terminate the workflow that they started; left out: none")
          .optional("hosts", &ScenarioWorkload::hosts,
                    "how many hosts the clients come from, whose links they share; left out: each "
                    "comes from a host of its own",
                    between(1, 10'000))
          .optional("link", &ScenarioWorkload::link,
                    "between such a host and the internet; left out: as of every host");
  return table;
}

const ParameterTable<ScenarioCancellation>& ScenarioCancellation::parameters() {
  static const auto table =
      ParameterTable<ScenarioCancellation>("cancellation",
                                           "Clients who terminate the workflow that they started.")
          .optional("after", &ScenarioCancellation::after, "time after the start was answered")
          .optional("chance", &ScenarioCancellation::chance, "share of the clients");
  return table;
}

const ParameterTable<ScenarioPopulation>& ScenarioPopulation::parameters() {
  static const auto table =
      ParameterTable<ScenarioPopulation>("population", "What the databases hold before the start.")
          .optional("users", &ScenarioPopulation::users, "accounts that can log in",
                    between(1, 10'000'000))
          .optional("seed", &ScenarioPopulation::seed, "of the population alone");
  return table;
}

}  // namespace soundcheck
