#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "sim/env/rpc.hpp"

namespace soundcheck::auth {

// Is this the token of this user, and may the user log in?
struct Authentication {
  bool valid = false;
  static constexpr auto fields() { return std::tuple{field("valid", &Authentication::valid)}; }
};
struct Authenticate {
  static constexpr RpcName rpc{"auth", "authenticate", "POST /sessions/check"};
  using Reply = Authentication;
  std::string user_id;
  std::string token;
  static constexpr auto fields() {
    return std::tuple{field("user_id", &Authenticate::user_id),
                      field("token", &Authenticate::token)};
  }
};

// May this payment be taken from this user? The decision is recorded; an approval that is still
// good for `min_validity_ms` is given again when asked again.
struct BillingDecision {
  std::string decision_id;
  bool approved = false;
  std::string reason;
  std::int64_t expires_at_ms = 0;
  static constexpr auto fields() {
    return std::tuple{field("decision_id", &BillingDecision::decision_id),
                      field("approved", &BillingDecision::approved),
                      field("reason", &BillingDecision::reason),
                      field("expires_at_ms", &BillingDecision::expires_at_ms)};
  }
};
struct AuthorizeBilling {
  static constexpr RpcName rpc{"auth", "authorize-billing", "POST /decisions"};
  using Reply = BillingDecision;
  std::string payment_id;
  std::string user_id;
  std::int64_t amount = 0;
  std::int64_t min_validity_ms = 0;
  static constexpr auto fields() {
    return std::tuple{field("payment_id", &AuthorizeBilling::payment_id),
                      field("user_id", &AuthorizeBilling::user_id),
                      field("amount", &AuthorizeBilling::amount),
                      field("min_validity_ms", &AuthorizeBilling::min_validity_ms)};
  }
};

}  // namespace soundcheck::auth
