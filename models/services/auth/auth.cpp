#include "models/services/auth/auth.hpp"

#include <utility>

#include "models/services/common/embedded.hpp"
#include "models/services/common/task_results.hpp"

namespace soundcheck::auth {

Auth::Auth(const ServiceSettings& settings)
    : fence_rules_(FenceRules::of(settings)),
      billing_rules_(settings.of<BillingRules>()),
      soft_failure_(settings.defect(kSoftFailure)) {}

Task<Result<Authentication>> Auth::authenticate(Env env, Authenticate request) {
  Result<Authentication> checked = co_await env.read(&check_token, std::move(request));
  co_return checked;
}

Task<Result<BillingDecision>> Auth::authorize_billing(Env env, AuthorizeBilling request) {
  const TransactOptions options{
      .locks = {row("auth.decisions", request.payment_id)}, .read_only = false, .statements = 5};
  Result<BillingDecision> decision =
      co_await env.transact_with(options, &decide_billing, std::move(request), billing_rules_);
  co_return decision;
}

Task<TaskResult> Auth::grant(Env env, TaskInput task) {
  std::optional<GrantAccess> input = read_input<GrantAccess>(task);
  if (!input) co_return bad_input(task);
  Result<bool> granted =
      co_await env.transact(&grant_access, step_of(task), std::move(*input), fence_rules_);
  if (granted && *granted) co_return TaskResult::completed();
  const Error error =
      granted ? Error::of(ErrorCode::kConflict, "the step was undone before") : granted.error();
  if (soft_failure_) co_return TaskResult::completed(Json{{"error", error.text}});
  co_return step_failed(error);
}

ServiceBlueprint blueprint() {
  ServiceBlueprint blueprint;
  blueprint.name = "auth";
  blueprint.help =
      "authenticates requests, approves payments by user and billing profile, grants access";
  blueprint.cost = Distribution::lognormal(1_ms, 4_ms);
  blueprint.schema = services::embedded_sql("auth/schema.sql");
  blueprint.schema += effects_table("auth");
  blueprint.invariants = services::embedded_sql("auth/invariants.sql");
  blueprint.seed_rows = seed_rows();
  blueprint.settings = {&BillingRules::parameters()};
  blueprint.defects = {kBlindUndo, kNoFence, kSoftFailure};
  blueprint.created_as<Auth>();
  blueprint.handles<&Auth::authenticate>();
  blueprint.handles<&Auth::authorize_billing>();
  blueprint.works_on<&Auth::grant>("grant_access");
  return blueprint;
}

}  // namespace soundcheck::auth
