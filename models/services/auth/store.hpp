#pragma once

#include <cstdint>
#include <string>

#include "models/services/auth/api.hpp"
#include "models/services/common/fence.hpp"
#include "sim/core/parameters.hpp"
#include "sim/core/units.hpp"
#include "sim/env/transaction.hpp"

namespace soundcheck::auth {

inline constexpr Fence kFence = fence_of<"auth">();

// What is stored of a token.
std::string token_digest(const std::string& token);

Authentication check_token(Transaction& transaction, const Authenticate& request);

// Settings of auth.
struct BillingRules {
  Duration decision_lifetime = Duration::hours(1);
  Money amount_limit = Money::minor_units(100'000);
  static const ParameterTable<BillingRules>& parameters();
};
// Approves when the user may log in, has a verified billing profile and the amount is within the
// limit.
BillingDecision decide_billing(Transaction& transaction, const AuthorizeBilling& request,
                               const BillingRules& rules);

struct GrantAccess {
  std::string user_id;
  std::string plan;
  std::string sub_id;
  static constexpr auto fields() {
    return std::tuple{field("user_id", &GrantAccess::user_id), field("plan", &GrantAccess::plan),
                      field("sub_id", &GrantAccess::sub_id)};
  }
};
// False when the fence refuses.
bool grant_access(Transaction& transaction, const Step& step, const GrantAccess& request,
                  const FenceRules& rules);

}  // namespace soundcheck::auth
