#pragma once

#include <optional>
#include <string>

#include "models/database/database_parameters.hpp"
#include "models/declared/declared_step.hpp"
#include "models/rpc/policy.hpp"
#include "sim/core/parameters.hpp"

namespace soundcheck {

// Where replicas are put: one zone after the other, one host of the first zone after the other, or
// all on one host.
enum class Spread { kZones, kHosts, kPacked };

// What keeps two decisions about one workflow apart.
enum class WorkflowLock { kDatabase, kNone };

// A service, its copies, its calls and its database. What a replica does with requests that come in
// stands among its own fields.
struct ScenarioService : ServerPolicy {
  int replicas = 2;
  std::optional<Spread> spread;  // always there after loading
  std::string zone;              // all replicas there; empty: by `spread`
  Named<EndpointCosts> endpoints;
  Named<CallPolicy> calls;  // by callee ("auth") or by method ("auth.verify"), which wins
  DatabaseParameters database;
  std::optional<WorkflowLock> lock;  // of an orchestrator; empty: by its database
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
struct ParameterChoices<WorkflowLock> {
  static constexpr ParameterChoice<WorkflowLock> kChoices[] = {
      {WorkflowLock::kDatabase, "database", "all servers see it; a dead one's ends after 60 s"},
      {WorkflowLock::kNone, "none", "decisions overlap, as in Conductor without a lock"},
  };
};

}  // namespace soundcheck
