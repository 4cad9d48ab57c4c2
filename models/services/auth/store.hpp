#pragma once

#include <cstdint>
#include <string>

#include "models/services/auth/api.hpp"
#include "models/services/common/fence.hpp"
#include "sim/env/transaction.hpp"

namespace soundcheck::auth {

inline constexpr Fence kFence = fence_of<"auth">();

// What is stored of a token.
std::string token_digest(const std::string& token);

Authentication check_token(Transaction& transaction, const Authenticate& request);

struct BillingRules {
  std::int64_t decision_lifetime_ms = 0;
  std::int64_t amount_limit = 0;  // minor units
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
