#include "models/services/logging/logging.hpp"

#include <utility>

#include "models/services/common/embedded.hpp"
#include "models/services/logging/store.hpp"

namespace soundcheck::logging {

Task<Result<Recorded>> Logging::record(Env env, RecordTransactions request) {
  const TransactOptions options{.statements = static_cast<int>(request.events.size()) + 1};
  Result<std::int64_t> fresh =
      co_await env.transact_with(options, &record_transactions, std::move(request.events));
  if (!fresh) co_return std::unexpected(fresh.error());
  co_return Recorded{*fresh};
}

ServiceBlueprint blueprint() {
  ServiceBlueprint blueprint;
  blueprint.name = "logging";
  blueprint.help = "records of users and transactions, fed by outboxes";
  blueprint.workers = 32;
  blueprint.cost = Distribution::lognormal(1_ms, 4_ms);
  blueprint.schema = services::embedded_sql("logging/schema.sql");
  blueprint.schema += effects_table("logging");
  blueprint.invariants = services::embedded_sql("logging/invariants.sql");
  blueprint.seed_rows = seed_rows();
  blueprint.created_as<Logging>();
  blueprint.handles<&Logging::record>();
  return blueprint;
}

}  // namespace soundcheck::logging
