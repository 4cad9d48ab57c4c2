#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/core/time.hpp"
#include "sim/env/payload.hpp"

namespace soundcheck {

// Name of a method. A request type carries one, and the type of its answer:
//
//   struct AuthorizeBilling {
//     static constexpr RpcName rpc{"auth", "authorize-billing", "POST /decisions"};
//     using Reply = BillingDecision;
//     std::string user_id; ...
//     static constexpr auto fields() { ... }
//   };
struct RpcName {
  std::string_view service;  // "auth"
  std::string_view method;  // "authorize-billing": unique within the service, as scenarios write it
  std::string_view http;    // "POST /decisions": for callers by HTTP and for traces
};

template <class T>
concept RpcRequest = HasFields<T> && HasFields<typename T::Reply> && requires {
  { T::rpc } -> std::convertible_to<RpcName>;
};

// Differences from what the scenario says for this call site. Most calls need none.
struct CallOptions {
  std::optional<Duration> timeout;
  // Of the caller, over all attempts and the pauses between them; left out: it never ends.
  std::optional<Duration> patience = {};
  // A long poll: when the answer says that there is nothing, the caller sends the same call again
  // at once, for as long as it lives. The callee may then park it: see Runtime.
  bool repeats = false;
};

}  // namespace soundcheck
