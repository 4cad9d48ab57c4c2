#pragma once

#include "models/blueprint/blueprint.hpp"
#include "models/services/common/fence.hpp"
#include "models/services/users/api.hpp"

namespace soundcheck::users {

// Accounts and households.
class Users final : public Service {
 public:
  explicit Users(const ServiceSettings& settings) : rules_(FenceRules::of(settings)) {}

  Task<Result<AccountView>> account(Env env, GetAccount request);
  Task<TaskResult> create(Env env, TaskInput task);
  Task<TaskResult> dissolve(Env env, TaskInput task);

 private:
  FenceRules rules_;
};

// The rows of users that exist before a run.
std::vector<SeedRows> seed_rows();

}  // namespace soundcheck::users
