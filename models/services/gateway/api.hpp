#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "sim/env/rpc.hpp"

// The requests of browsers and devices.
namespace soundcheck::gateway {

// Answered 202: accepted, the saga goes on behind it. The same client key finds the same saga.
struct SagaAccepted {
  std::int64_t http_status = 202;
  std::string saga_id;
  static constexpr auto fields() {
    return std::tuple{field("http_status", &SagaAccepted::http_status),
                      field("saga_id", &SagaAccepted::saga_id)};
  }
};
struct Subscribe {
  static constexpr RpcName rpc{"gateway", "subscribe", "POST /subscriptions"};
  using Reply = SagaAccepted;
  std::string user_id;
  std::string token;
  std::string client_key;  // made by the client, kept for its retries
  std::string plan;        // individual family premium
  static constexpr auto fields() {
    return std::tuple{field("user_id", &Subscribe::user_id), field("token", &Subscribe::token),
                      field("client_key", &Subscribe::client_key), field("plan", &Subscribe::plan)};
  }
};

struct MySubscriptionView {
  bool found = false;
  std::string plan;
  std::string state;
  std::int64_t paid_until_ms = 0;
  static constexpr auto fields() {
    return std::tuple{field("found", &MySubscriptionView::found),
                      field("plan", &MySubscriptionView::plan),
                      field("state", &MySubscriptionView::state),
                      field("paid_until_ms", &MySubscriptionView::paid_until_ms)};
  }
};
struct MySubscription {
  static constexpr RpcName rpc{"gateway", "my-subscription", "GET /subscriptions/mine"};
  using Reply = MySubscriptionView;
  std::string user_id;
  std::string token;
  static constexpr auto fields() {
    return std::tuple{field("user_id", &MySubscription::user_id),
                      field("token", &MySubscription::token)};
  }
};

// How far a saga is, for the user who started it. Once it has told a user COMPLETED, the request
// counts as answered with 200.
struct SagaView {
  std::string status;
  static constexpr auto fields() { return std::tuple{field("status", &SagaView::status)}; }
};
struct SagaStatus {
  static constexpr RpcName rpc{"gateway", "saga-status", "GET /sagas/{id}"};
  using Reply = SagaView;
  std::string user_id;
  std::string token;
  std::string saga_id;
  static constexpr auto fields() {
    return std::tuple{field("user_id", &SagaStatus::user_id), field("token", &SagaStatus::token),
                      field("saga_id", &SagaStatus::saga_id)};
  }
};

}  // namespace soundcheck::gateway
