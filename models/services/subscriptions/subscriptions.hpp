#pragma once

#include "models/blueprint/blueprint.hpp"
#include "models/services/common/fence.hpp"
#include "models/services/common/undo_plan.hpp"
#include "models/services/payments/api.hpp"
#include "models/services/subscriptions/api.hpp"
#include "models/services/subscriptions/store.hpp"

namespace soundcheck::subscriptions {

// Plans and who has one. Works on the steps of the saga `subscribe`, also on those that payments
// carries out: one task then hides the hops to payments, auth and the bank, and a reply lost at any
// of them looks the same from here.
class Subscriptions final : public Service {
 public:
  explicit Subscriptions(const ServiceSettings& settings);

  Task<Result<SubscriptionView>> subscription(Env env, GetSubscription request);

  Task<TaskResult> reserve_step(Env env, TaskInput task);
  Task<TaskResult> authorize_step(Env env, TaskInput task);
  Task<TaskResult> charge_step(Env env, TaskInput task);
  Task<TaskResult> activate_step(Env env, TaskInput task);
  Task<TaskResult> undo_reserve(Env env, TaskInput task);
  Task<TaskResult> undo_authorize(Env env, TaskInput task);
  Task<TaskResult> undo_charge(Env env, TaskInput task);
  Task<TaskResult> plan(Env env, TaskInput task);

 private:
  Task<TaskResult> activate_now(Env env, Step step, Activate request);
  Task<Result<payments::Receipt>> charge(Env env, TaskInput task);
  Task<TaskResult> release(Env env, TaskInput task, bool capture_only);

  FenceRules rules_;
  UndoRule undo_rule_;
  bool key_per_attempt_;
  bool pivot_too_early_;
  bool soft_failure_;
};

// The rows of users that exist before a run.
std::vector<SeedRows> seed_rows();

}  // namespace soundcheck::subscriptions
