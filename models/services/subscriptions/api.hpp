#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "sim/env/rpc.hpp"

namespace soundcheck::subscriptions {

// A user's live subscription, if there is one.
struct SubscriptionView {
  bool found = false;
  std::string sub_id;
  std::string plan_id;
  std::string state;
  std::int64_t paid_until_ms = 0;
  static constexpr auto fields() {
    return std::tuple{
        field("found", &SubscriptionView::found), field("sub_id", &SubscriptionView::sub_id),
        field("plan_id", &SubscriptionView::plan_id), field("state", &SubscriptionView::state),
        field("paid_until_ms", &SubscriptionView::paid_until_ms)};
  }
};
struct GetSubscription {
  static constexpr RpcName rpc{"subscriptions", "get-subscription", "GET /subscriptions"};
  using Reply = SubscriptionView;
  std::string user_id;
  static constexpr auto fields() { return std::tuple{field("user_id", &GetSubscription::user_id)}; }
};

}  // namespace soundcheck::subscriptions
