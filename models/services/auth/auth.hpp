#pragma once

#include "models/blueprint/blueprint.hpp"
#include "models/services/auth/api.hpp"
#include "models/services/auth/store.hpp"
#include "models/services/common/fence.hpp"

namespace soundcheck::auth {

// Who may do what: tokens of users, decisions about payments, grants of paid content.
class Auth final : public Service {
 public:
  explicit Auth(const ServiceSettings& settings);

  Task<Result<Authentication>> authenticate(Env env, Authenticate request);
  Task<Result<BillingDecision>> authorize_billing(Env env, AuthorizeBilling request);
  Task<TaskResult> grant(Env env, TaskInput task);

 private:
  FenceRules fence_rules_;
  BillingRules billing_rules_;
  bool soft_failure_;
};

// The rows of users that exist before a run.
std::vector<SeedRows> seed_rows();

}  // namespace soundcheck::auth
