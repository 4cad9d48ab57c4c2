#include "models/services/users/users.hpp"

#include <utility>

#include "models/services/common/embedded.hpp"
#include "models/services/common/task_results.hpp"
#include "models/services/users/store.hpp"

namespace soundcheck::users {

Task<Result<AccountView>> Users::account(Env env, GetAccount request) {
  Result<AccountView> account = co_await env.read(&find_account, std::move(request.user_id));
  co_return account;
}

Task<TaskResult> Users::create(Env env, TaskInput task) {
  std::optional<CreateHousehold> input = read_input<CreateHousehold>(task);
  if (!input) co_return bad_input(task);
  const TransactOptions options{.locks = {row("users.accounts", input->user_id)}, .statements = 4};
  Result<Household> created = co_await env.transact_with(options, &create_household, step_of(task),
                                                         std::move(*input), rules_);
  if (!created) co_return step_failed(created.error());
  if (created->household_id.empty()) co_return TaskResult::terminal("the step was undone before");
  co_return TaskResult::completed(to_json_value(*created));
}

Task<TaskResult> Users::dissolve(Env env, TaskInput task) {
  Result<void> dissolved = co_await env.transact(&dissolve_household, step_of(task), rules_);
  if (!dissolved) co_return undo_failed(dissolved.error());
  co_return TaskResult::completed();
}

ServiceBlueprint blueprint() {
  ServiceBlueprint blueprint;
  blueprint.name = "users";
  blueprint.help = "accounts and households";
  blueprint.cost = Distribution::lognormal(1_ms, 4_ms);
  blueprint.schema = services::embedded_sql("users/schema.sql");
  blueprint.schema += effects_table("users");
  blueprint.invariants = services::embedded_sql("users/invariants.sql");
  blueprint.seed_rows = seed_rows();
  blueprint.defects = {kBlindUndo, kNoFence};
  blueprint.created_as<Users>();
  blueprint.handles<&Users::account>();
  blueprint.works_on<&Users::create>("create_household");
  blueprint.works_on<&Users::dissolve>("undo_create_household");
  return blueprint;
}

}  // namespace soundcheck::users
