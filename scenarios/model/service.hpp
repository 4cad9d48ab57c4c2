#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/model/text_forms.hpp"

namespace soundcheck {

// Where replicas are put: one zone after the other, one host of the first zone after the other, or
// all on one host.
enum class Spread { kZones, kHosts, kPacked };

struct ScenarioEndpoint {
  Distribution cpu;  // of one core of speed 1, before the handler's own calls
  std::optional<Bytes>
      request;  // on the wire; empty: the size of the message as JSON, with headers
  std::optional<Bytes> reply;
  static const ParameterTable<ScenarioEndpoint>& parameters();
};

struct ScenarioRetry {
  int attempts = 1;  // in all
  ScenarioBackoff backoff;
  Jitter jitter = Jitter::kFull;
  static const ParameterTable<ScenarioRetry>& parameters();
};

// A circuit breaker: opens when the share of errors in the window is reached, tries again after a
// while.
struct ScenarioBreaker {
  Percentage errors = Percentage::of(0.5);
  int calls = 20;
  Duration window = Duration::seconds(10);
  Duration open = Duration::seconds(5);
  static const ParameterTable<ScenarioBreaker>& parameters();
};

// How a service calls another one.
struct ScenarioCall {
  Duration timeout = Duration::seconds(1);  // of one attempt
  ScenarioRetry retry;
  Balancing balancer = Balancing::kRoundRobin;
  bool tls = false;
  std::optional<ScenarioBreaker> breaker;
  static const ParameterTable<ScenarioCall>& parameters();
};

enum class Fsync { kAlways, kNever };

struct ScenarioDatabase {
  int connections = 20;  // of each replica of the service
  Distribution commit = Distribution::constant(Duration::milliseconds(2));
  Distribution statement = Distribution::constant(Duration::microseconds(100));
  Bytes read;  // of each statement, from the disk of the host
  Fsync fsync = Fsync::kAlways;
  int replicas = 0;                                // not simulated yet: refused when not 0
  std::optional<ScenarioReplication> replication;  // likewise
  static const ParameterTable<ScenarioDatabase>& parameters();
};

// A step of an endpoint that is described in the scenario instead of written in C++. Exactly one of
// these.
struct DeclaredStep {
  enum class Kind { kCompute, kCall, kParallel, kRead, kWrite, kFail } kind = Kind::kCompute;
  Distribution compute;                // of kCompute
  std::string call;                    // of kCall: "service.endpoint"
  std::vector<DeclaredStep> parallel;  // of kParallel: all at once, done when the last is
  std::int64_t rows = 1;               // of kRead and kWrite
  Probability probability;             // of kFail
  int status = 500;                    // of kFail: the HTTP status answered
};

struct DeclaredService {
  Named<std::vector<DeclaredStep>> endpoints;
  static const ParameterTable<DeclaredService>& parameters();
};

struct ScenarioService {
  int replicas = 2;
  std::optional<Spread> spread;  // always there after loading
  std::string zone;              // all replicas there; empty: by `spread`
  int workers = 64;
  int queue = 256;
  Named<ScenarioEndpoint> endpoints;
  Named<ScenarioCall> calls;  // by callee ("auth") or by method ("auth.verify"), which wins
  ScenarioDatabase database;
  std::optional<DeclaredService> declared;
  static const ParameterTable<ScenarioService>& parameters();
};

template <>
struct ParameterChoices<Spread> {
  static constexpr ParameterChoice<Spread> kChoices[] = {
      {Spread::kZones, "zones", "one zone after the other"},
      {Spread::kHosts, "hosts", "hosts of one zone, one after the other"},
      {Spread::kPacked, "packed", "all on one host"},
  };
};
template <>
struct ParameterChoices<Fsync> {
  static constexpr ParameterChoice<Fsync> kChoices[] = {
      {Fsync::kAlways, "always", "a commit is answered when it is on disk"},
      {Fsync::kNever, "never", "a commit is answered at once; a crash may lose it"},
  };
};
template <>
struct ParameterForm<DeclaredStep> {
  static std::string phrase() {
    return "a step: compute: 3ms, call: service.endpoint, parallel: [...], read: {rows: 20}, "
           "write: {rows: 1} or fail: {probability: 1%}";
  }
  static void read(const ParameterNode& node, DeclaredStep& into, ParameterReader& reader);
  static ParameterNode print(const DeclaredStep& value);
  static Json schema(SchemaWriter& writer);
};

}  // namespace soundcheck
