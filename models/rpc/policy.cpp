#include "models/rpc/policy.hpp"

namespace soundcheck {

const ParameterTable<RetryPolicy>& RetryPolicy::parameters() {
  static const auto table =
      ParameterTable<RetryPolicy>("retry", "What is done when an attempt fails.")
          .optional("attempts", &RetryPolicy::attempts, "attempts in all; 1 means no retry",
                    between(1, 1000))
          .optional("backoff", &RetryPolicy::backoff, "wait before the next attempt")
          .optional("jitter", &RetryPolicy::jitter, "how much of the wait is left to chance");
  return table;
}

const ParameterTable<HedgePolicy>& HedgePolicy::parameters() {
  static const auto table =
      ParameterTable<HedgePolicy>("hedge", "Asks a further replica when no answer has come.")
          .optional("attempts", &HedgePolicy::attempts,
                    "attempts in all, each at a replica of its own", between(2, 10))
          .optional("delay", &HedgePolicy::delay, "wait for an answer before the next attempt")
          .optional("budget", &HedgePolicy::budget,
                    "further attempts, as a share of the calls; what is left over is kept, up to "
                    "10 attempts",
                    above_zero);
  return table;
}

const ParameterTable<CallPolicy>& CallPolicy::parameters() {
  static const auto table =
      ParameterTable<CallPolicy>("call", "How this service calls another one.")
          .optional("timeout", &CallPolicy::timeout, "of one attempt; of all together with 'hedge'",
                    above_zero)
          .optional("retry", &CallPolicy::retry, "further attempts when one fails")
          .optional("hedge", &CallPolicy::hedge,
                    "further attempts before one fails, instead of retries; left out: none")
          .optional("balancer", &CallPolicy::balancer, "how a replica is chosen")
          .optional("tls", &CallPolicy::tls, "whether a new connection takes a second round trip")
          .optional("breaker", &CallPolicy::breaker, "circuit breaker; left out: none");
  return table;
}

const ParameterTable<ServerPolicy>& ServerPolicy::parameters() {
  static const auto table =
      ParameterTable<ServerPolicy>("server", "How a replica takes requests in.")
          .optional("workers", &ServerPolicy::workers, "requests that a replica works on at a time",
                    between(1, 1'000'000))
          .optional("queue", &ServerPolicy::queue,
                    "requests that may wait in a replica; more are refused",
                    between(0, 100'000'000))
          .optional("abandoned", &ServerPolicy::abandoned,
                    "what becomes of requests in the queue whose clients have gone")
          .optional("admission", &ServerPolicy::admission,
                    "rate limits and load shedding of a replica; left out: none");
  return table;
}

const ParameterTable<EndpointCosts>& EndpointCosts::parameters() {
  static const auto table =
      ParameterTable<EndpointCosts>("endpoint", "What a request of this endpoint costs.")
          .optional("cpu", &EndpointCosts::cpu, "computing time of a request")
          .optional("request", &EndpointCosts::request,
                    "size on the wire; left out: that of the message as JSON")
          .optional("reply", &EndpointCosts::reply,
                    "size on the wire; left out: that of the message as JSON");
  return table;
}

}  // namespace soundcheck
