#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/rpc/policies/admission.hpp"
#include "models/rpc/policies/backoff.hpp"
#include "models/rpc/policies/balancer.hpp"
#include "models/rpc/policies/breaker.hpp"
#include "models/rpc/policies/hedge_delay.hpp"
#include "models/rpc/policies/jitter.hpp"
#include "sim/core/distribution.hpp"
#include "sim/core/parameters.hpp"
#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

// What is done when an attempt fails.
struct RetryPolicy {
  int attempts = 1;  // in all, so 1 means no retry
  Strategy<Backoff> backoff;
  Strategy<Jitter> jitter;
  static const ParameterTable<RetryPolicy>& parameters();
};

// Further attempts before the first has failed (Dean and Barroso, "The Tail at Scale", 2013; gRPC's
// hedging policy, gRFC A6).
struct HedgePolicy {
  int attempts = 2;  // in all, each at a replica of its own
  Strategy<HedgeDelay> delay;
  Percentage budget = Percentage::of(0.1);  // further attempts, as a share of the calls
  static const ParameterTable<HedgePolicy>& parameters();
};

// How a service calls another one, or one method of it: a call site.
struct CallPolicy {
  // Of one attempt, connecting included; of all together where calls are hedged; zero: none.
  Duration timeout = Duration::seconds(1);
  RetryPolicy retry;
  std::optional<HedgePolicy> hedge;  // instead of retries
  Strategy<Balancer> balancer;
  bool tls = false;  // a new connection takes two round trips instead of one
  std::optional<Strategy<Breaker>> breaker;
  static const ParameterTable<CallPolicy>& parameters();
};

// What becomes of requests in the accept queue whose clients have gone.
enum class Abandoned { kServe, kDrop };

// How a replica takes requests in.
struct ServerPolicy {
  std::uint32_t workers = 64;  // requests worked on at a time; a worker waits with its request
  std::uint32_t queue = 256;   // requests that may wait; more are refused
  Abandoned abandoned = Abandoned::kServe;
  std::vector<Strategy<Admission>> admission;  // each must let a request pass, in this order
  static const ParameterTable<ServerPolicy>& parameters();
};

// What a request of a method costs before its handler runs, and on the wire.
struct EndpointCosts {
  Distribution cpu;              // of one core of speed 1; constant(0s): nothing
  std::optional<Bytes> request;  // empty: the size of the message as JSON plus headers
  std::optional<Bytes> reply;
  static const ParameterTable<EndpointCosts>& parameters();
};

template <>
struct ParameterChoices<Abandoned> {
  static constexpr ParameterChoice<Abandoned> kChoices[] = {
      {Abandoned::kServe, "serve", "worked on, for nobody"},
      {Abandoned::kDrop, "drop", "they leave the queue as soon as the client's close arrives"},
  };
};

}  // namespace soundcheck
