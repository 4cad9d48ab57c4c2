#include "scenarios/model/service.hpp"

namespace soundcheck {

const ParameterTable<ScenarioService>& ScenarioService::parameters() {
  static const auto table =
      ParameterTable<ScenarioService>("service",
                                      "A service, its copies, its calls and its database.")
          .optional("replicas", &ScenarioService::replicas, "how many copies run",
                    between(1, 10'000))
          .optional("spread", &ScenarioService::spread, "where the replicas are put")
          .optional("zone", &ScenarioService::zone,
                    "all replicas in this zone; left out: by 'spread'")
          .including(ServerPolicy::parameters())
          .optional("endpoints", &ScenarioService::endpoints, "costs of its endpoints")
          .optional(
              "calls", &ScenarioService::calls,
              "how it calls others: by service, or by service.endpoint, which wins as a whole")
          .optional("database", &ScenarioService::database, "its database server")
          .optional("lock", &ScenarioService::lock,
                    "of the orchestrator: what keeps two decisions about a workflow apart; left "
                    "out: its database")
          .optional("declared", &ScenarioService::declared,
                    "what its endpoints do, for a service without C++ behind it");
  return table;
}

}  // namespace soundcheck
