#include "scenarios/model/service.hpp"

namespace soundcheck {

const ParameterTable<ScenarioEndpoint>& ScenarioEndpoint::parameters() {
  static const auto table =
      ParameterTable<ScenarioEndpoint>("endpoint", "What a request of this endpoint costs.")
          .optional("cpu", &ScenarioEndpoint::cpu, "computing time of a request")
          .optional("request", &ScenarioEndpoint::request,
                    "size on the wire; left out: that of the message as JSON")
          .optional("reply", &ScenarioEndpoint::reply,
                    "size on the wire; left out: that of the message as JSON");
  return table;
}

const ParameterTable<ScenarioRetry>& ScenarioRetry::parameters() {
  static const auto table =
      ParameterTable<ScenarioRetry>("retry", "What is done when an attempt fails.")
          .optional("attempts", &ScenarioRetry::attempts, "attempts in all; 1 means no retry",
                    between(1, 1000))
          .optional("backoff", &ScenarioRetry::backoff, "wait before the next attempt")
          .optional("jitter", &ScenarioRetry::jitter, "how much of the wait is left to chance");
  return table;
}

const ParameterTable<ScenarioBreaker>& ScenarioBreaker::parameters() {
  static const auto table =
      ParameterTable<ScenarioBreaker>("breaker", "Stops calls to a callee that fails.")
          .optional("errors", &ScenarioBreaker::errors, "share of failed attempts that opens it",
                    above_zero, at_most(Percentage::of(1)))
          .optional("calls", &ScenarioBreaker::calls,
                    "attempts in the window from which on it may open", between(1, 1'000'000))
          .optional("window", &ScenarioBreaker::window, "time over which attempts are counted",
                    above_zero)
          .optional("open", &ScenarioBreaker::open, "time before a call is tried again",
                    above_zero);
  return table;
}

const ParameterTable<ScenarioCall>& ScenarioCall::parameters() {
  static const auto table =
      ParameterTable<ScenarioCall>("call", "How this service calls another one.")
          .optional("timeout", &ScenarioCall::timeout, "of one attempt", above_zero)
          .optional("retry", &ScenarioCall::retry, "further attempts")
          .optional("balancer", &ScenarioCall::balancer, "how a replica is chosen")
          .optional("tls", &ScenarioCall::tls, "whether a new connection takes a second round trip")
          .optional("breaker", &ScenarioCall::breaker, "circuit breaker; left out: none");
  return table;
}

const ParameterTable<ScenarioDatabase>& ScenarioDatabase::parameters() {
  static const auto table =
      ParameterTable<ScenarioDatabase>("database", "The database server of a service.")
          .optional("connections", &ScenarioDatabase::connections,
                    "connections of each replica of the service", between(1, 100'000))
          .optional("commit", &ScenarioDatabase::commit, "time to make a commit durable")
          .optional("statement", &ScenarioDatabase::statement, "computing time of a statement")
          .optional("read", &ScenarioDatabase::read,
                    "what each statement reads from the host's disk", at_least(Bytes()))
          .optional("fsync", &ScenarioDatabase::fsync, "when a commit is answered")
          .optional("replicas", &ScenarioDatabase::replicas, "copies besides the primary",
                    between(0, 100))
          .optional("replication", &ScenarioDatabase::replication, "how the copies are fed");
  return table;
}

const ParameterTable<DeclaredService>& DeclaredService::parameters() {
  static const auto table =
      ParameterTable<DeclaredService>("declared service",
                                      "A service described by what its endpoints do.")
          .required("endpoints", &DeclaredService::endpoints, "steps of each endpoint, in order");
  return table;
}

const ParameterTable<ScenarioService>& ScenarioService::parameters() {
  static const auto table =
      ParameterTable<ScenarioService>("service",
                                      "A service, its copies, its calls and its database.")
          .optional("replicas", &ScenarioService::replicas, "how many copies run",
                    between(1, 10'000))
          .optional("spread", &ScenarioService::spread, "where the replicas are put")
          .optional("zone", &ScenarioService::zone,
                    "all replicas in this zone; left out: by 'spread'")
          .optional("workers", &ScenarioService::workers,
                    "requests that a replica works on at a time", between(1, 1'000'000))
          .optional("queue", &ScenarioService::queue,
                    "requests that may wait in a replica; more are refused",
                    between(0, 100'000'000))
          .optional("endpoints", &ScenarioService::endpoints, "costs of its endpoints")
          .optional(
              "calls", &ScenarioService::calls,
              "how it calls others: by service, or by service.endpoint, which wins as a whole")
          .optional("database", &ScenarioService::database, "its database server")
          .optional("declared", &ScenarioService::declared,
                    "what its endpoints do, for a service without C++ behind it");
  return table;
}

}  // namespace soundcheck
