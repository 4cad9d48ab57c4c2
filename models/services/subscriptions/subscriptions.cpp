#include "models/services/subscriptions/subscriptions.hpp"

#include <fmt/format.h>

#include <utility>

#include "models/services/common/embedded.hpp"
#include "models/services/common/population.hpp"
#include "models/services/common/task_results.hpp"
#include "models/services/subscriptions/plans.hpp"

namespace soundcheck::subscriptions {
namespace {

// Steps of `subscribe` that others refer to.
constexpr std::string_view kAuthorizeStep = "authorize_payment";
constexpr std::string_view kActivateStep = "activate_subscription";

constexpr SeededDefect kKeyPerAttempt{"key_per_attempt",
                                      "a new key although the outcome was unknown (P2)"};
constexpr SeededDefect kPivotTooEarly{
    "pivot_too_early", "the subscription is activated before the money is taken (S2)"};

struct Payable {
  std::string user_id;
  std::string sub_id;
  std::int64_t amount = 0;
  std::string payment_id;
  static constexpr auto fields() {
    return std::tuple{field("user_id", &Payable::user_id), field("sub_id", &Payable::sub_id),
                      field("amount", &Payable::amount), field("payment_id", &Payable::payment_id)};
  }
};

payments::Authorize authorization_of(const Payable& payable, std::string idem) {
  return {.idem = std::move(idem),
          .user_id = payable.user_id,
          .purpose = "SUBSCRIBE",
          .ref_id = payable.sub_id,
          .amount = payable.amount};
}

TaskResult with_payment(const payments::Receipt& receipt) {
  return TaskResult::completed(Json{{"payment_id", receipt.payment_id}, {"state", receipt.state}});
}

std::string rows_of_plans() {
  std::string sql;
  for (const Plan& plan : kPlans) {
    sql += fmt::format(
        "INSERT INTO subscriptions.plans (plan_id, price, period_days, seats) "
        "VALUES ('{}', {}, {}, {});\n",
        plan.name, plan.price, plan.period_days, plan.seats);
  }
  return sql;
}

}  // namespace

Subscriptions::Subscriptions(const ServiceSettings& settings)
    : rules_(FenceRules::of(settings)),
      undo_rule_(undo_rule_of(settings)),
      key_per_attempt_(settings.defect(kKeyPerAttempt)),
      pivot_too_early_(settings.defect(kPivotTooEarly)),
      soft_failure_(settings.defect(kSoftFailure)) {}

Task<Result<SubscriptionView>> Subscriptions::subscription(Env env, GetSubscription request) {
  Result<SubscriptionView> view = co_await env.read(&find_subscription, std::move(request.user_id));
  co_return view;
}

Task<TaskResult> Subscriptions::reserve_step(Env env, TaskInput task) {
  std::optional<Reserve> input = read_input<Reserve>(task);
  if (!input) co_return bad_input(task);
  // Two sagas of one user must not both find that there is no subscription yet.
  const TransactOptions options{.locks = {row("subscriptions.subs.user_id", input->user_id)},
                                .statements = 6};
  Result<Reservation> reserved =
      co_await env.transact_with(options, &reserve, step_of(task), std::move(*input), rules_);
  if (!reserved) co_return step_failed(reserved.error());
  if (reserved->sub_id.empty()) co_return TaskResult::terminal("the step was undone before");
  co_return TaskResult::completed(to_json_value(*reserved));
}

Task<TaskResult> Subscriptions::authorize_step(Env env, TaskInput task) {
  std::optional<Payable> input = read_input<Payable>(task);
  if (!input) co_return bad_input(task);
  payments::Authorize request = authorization_of(*input, step_of(task).key());
  Result<payments::Receipt> receipt = co_await env.call(std::move(request));
  if (!receipt) co_return step_failed(receipt.error());
  if (receipt->state == "DECLINED") co_return TaskResult::terminal(receipt->decline_reason);
  if (receipt->state == "VOIDED") co_return TaskResult::terminal("the payment was released before");
  co_return with_payment(*receipt);
}

Task<Result<payments::Receipt>> Subscriptions::charge(Env env, TaskInput task) {
  const Payable payable = read_input<Payable>(task).value_or(Payable{});
  payments::Capture request{.payment_id = payable.payment_id, .idem = step_of(task).key()};
  if (key_per_attempt_ && task.retry_count > 0) {
    // The defect: what is not known to have happened is taken for not having happened, and done
    // anew.
    request.idem = fmt::format("{}:{}", request.idem, task.retry_count);
    payments::Authorize anew = authorization_of(payable, request.idem + ":hold");
    Result<payments::Receipt> authorized = co_await env.call(std::move(anew));
    if (!authorized || authorized->declined()) co_return authorized;
    request.payment_id = authorized->payment_id;
  }
  Result<payments::Receipt> captured = co_await env.call(std::move(request));
  co_return captured;
}

Task<TaskResult> Subscriptions::charge_step(Env env, TaskInput task) {
  std::optional<Payable> input = read_input<Payable>(task);
  if (!input) co_return bad_input(task);
  if (pivot_too_early_) {
    TaskResult early = co_await activate_now(env, Step{task.saga_id, std::string(kActivateStep)},
                                             Activate{input->sub_id, input->payment_id});
    if (early.status != TaskStatus::kCompleted) co_return early;
  }
  Result<payments::Receipt> receipt = co_await charge(env, task);
  TaskResult result;
  if (!receipt) {
    result = step_failed(receipt.error());
  } else if (receipt->declined()) {
    result = TaskResult::terminal(receipt->decline_reason);
  } else {
    result = with_payment(*receipt);
  }
  if (soft_failure_ && result.status != TaskStatus::kCompleted) {
    co_return TaskResult::completed(Json{{"error", result.reason}});
  }
  co_return result;
}

Task<TaskResult> Subscriptions::activate_now(Env env, Step step, Activate request) {
  const TransactOptions options{.statements = 7};
  Result<Activation> activation =
      co_await env.transact_with(options, &activate, std::move(step), std::move(request), rules_);
  if (!activation) co_return step_failed(activation.error());
  co_return TaskResult::completed(to_json_value(*activation));
}

Task<TaskResult> Subscriptions::activate_step(Env env, TaskInput task) {
  std::optional<Activate> input = read_input<Activate>(task);
  if (!input) co_return bad_input(task);
  TaskResult result = co_await activate_now(env, step_of(task), std::move(*input));
  co_return result;
}

Task<TaskResult> Subscriptions::undo_reserve(Env env, TaskInput task) {
  std::optional<UndoReserve> input = read_input<UndoReserve>(task);
  if (!input) co_return bad_input(task);
  Result<void> rejected = co_await env.transact(&reject, step_of(task), std::move(*input), rules_);
  if (!rejected) co_return undo_failed(rejected.error());
  co_return TaskResult::completed();
}

Task<TaskResult> Subscriptions::release(Env env, TaskInput task, bool capture_only) {
  payments::Release request{.idem = Step{task.saga_id, std::string(kAuthorizeStep)}.key(),
                            .capture_only = capture_only};
  Result<payments::Released> released = co_await env.call(std::move(request));
  if (!released) co_return undo_failed(released.error());
  co_return TaskResult::completed(to_json_value(*released));
}

Task<TaskResult> Subscriptions::undo_authorize(Env env, TaskInput task) {
  TaskResult result = co_await release(std::move(env), std::move(task), false);
  co_return result;
}

Task<TaskResult> Subscriptions::undo_charge(Env env, TaskInput task) {
  TaskResult result = co_await release(std::move(env), std::move(task), true);
  co_return result;
}

Task<TaskResult> Subscriptions::plan(Env, TaskInput task) {
  co_return plan_undo(task, undo_rule_);
}

ServiceBlueprint blueprint() {
  ServiceBlueprint blueprint;
  blueprint.name = "subscriptions";
  blueprint.help = "plans, periods and locks; its workers run the money steps of sagas";
  blueprint.cost = Distribution::lognormal(1_ms, 4_ms);
  blueprint.schema = services::embedded_sql("subscriptions/schema.sql");
  blueprint.schema += effects_table("subscriptions") + rows_of_plans();
  blueprint.invariants = services::embedded_sql("subscriptions/invariants.sql");
  blueprint.seed_rows = seed_rows();
  blueprint.settings = {&Subscribers::parameters()};
  blueprint.defects = {kBlindUndo,     kKeyPerAttempt, kNoFence,
                       kPivotTooEarly, kSoftFailure,   kUndoCompletedOnly};
  blueprint.created_as<Subscriptions>();
  blueprint.handles<&Subscriptions::subscription>();
  blueprint.works_on<&Subscriptions::reserve_step>("reserve_subscription");
  blueprint.works_on<&Subscriptions::authorize_step>("authorize_payment");
  blueprint.works_on<&Subscriptions::charge_step>("charge_payment");
  blueprint.works_on<&Subscriptions::activate_step>("activate_subscription");
  blueprint.works_on<&Subscriptions::undo_reserve>("undo_reserve_subscription");
  blueprint.works_on<&Subscriptions::undo_authorize>("undo_authorize_payment");
  blueprint.works_on<&Subscriptions::undo_charge>("undo_charge_payment");
  blueprint.works_on<&Subscriptions::plan>("plan_undo");
  return blueprint;
}

}  // namespace soundcheck::subscriptions
