#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "models/services/common/fence.hpp"
#include "models/services/subscriptions/api.hpp"
#include "sim/env/transaction.hpp"

namespace soundcheck::subscriptions {

inline constexpr Fence kFence = fence_of<"subscriptions">();

SubscriptionView find_subscription(Transaction& transaction, const std::string& user_id);

struct Reserve {
  std::string user_id;
  std::string plan;
  std::string key;  // of the client's wish; empty: that of the saga
  static constexpr auto fields() {
    return std::tuple{field("user_id", &Reserve::user_id), field("plan", &Reserve::plan),
                      field("key", &Reserve::key)};
  }
};
struct Reservation {
  std::string sub_id;
  std::int64_t price = 0;
  static constexpr auto fields() {
    return std::tuple{field("sub_id", &Reservation::sub_id), field("price", &Reservation::price)};
  }
};
// A PENDING subscription, locked by the saga. NOT_FOUND without such a plan, CONFLICT when the user
// has a live subscription; the fence's refusal is an empty id.
Result<Reservation> reserve(Transaction& transaction, const Step& step, const Reserve& request,
                            const FenceRules& rules);
// The undo: PENDING -> REJECTED, unlocked.
struct UndoReserve {
  std::string key;  // as in Reserve
  static constexpr auto fields() { return std::tuple{field("key", &UndoReserve::key)}; }
};
void reject(Transaction& transaction, const Step& step, const UndoReserve& request,
            const FenceRules& rules);

struct Activate {
  std::string sub_id;
  std::string payment_id;
  static constexpr auto fields() {
    return std::tuple{field("sub_id", &Activate::sub_id),
                      field("payment_id", &Activate::payment_id)};
  }
};
struct Activation {
  std::int64_t paid_until_ms = 0;
  static constexpr auto fields() {
    return std::tuple{field("paid_until_ms", &Activation::paid_until_ms)};
  }
};
// ACTIVE with its first period, unlocked. CONFLICT when the subscription is not this saga's to
// activate.
Result<Activation> activate(Transaction& transaction, const Step& step, const Activate& request,
                            const FenceRules& rules);

}  // namespace soundcheck::subscriptions
