#pragma once

#include <expected>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/json.hpp"
#include "sim/core/parameters.hpp"
#include "sim/core/result.hpp"
#include "sim/core/task.hpp"
#include "sim/env/env.hpp"
#include "sim/env/payload.hpp"
#include "sim/env/rpc.hpp"

namespace soundcheck {

// A mistake that a scenario can switch on (`defects:`), so that the invariants can be seen to find
// it. Services that share one list the same constant.
struct SeededDefect {
  std::string_view name;
  std::string_view help;  // what goes wrong, and in brackets which invariants find it
};

// What the scenario tells a service: the seeded defects that are switched on, and the values of the
// settings that services declare.
struct ServiceSettings {
  std::set<std::string, std::less<>> defects;
  std::vector<Settings> values;  // by table; those of a table that is not there are its defaults

  bool defect(const SeededDefect& which) const { return defects.contains(which.name); }
  // The values of T, a struct with a table of parameters that the service lists in its blueprint.
  template <class T>
  T of() const {
    for (const Settings& each : values) {
      if (each.table() == &T::parameters()) return each.as<T>();
    }
    return T();
  }
};

// One replica of a service: what lives in the memory of its process. Made anew by every restart.
class Service {
 public:
  virtual ~Service() = default;
  // Runs from the start of the process until it dies: outbox publishers and other background loops.
  virtual Task<void> background(Env) { co_return; }
};

// How the framework runs a handler without knowing its types.
struct MethodBinding {
  RpcName name;
  // Makes the handler's coroutine (not started); the frame is released to the caller, who hands it
  // to a Scope.
  CoroutineBase& (*start)(Service& service, Env env, Payload request, const void* data) = nullptr;
  // Reads the result out of a finished one.
  Result<Payload> (*finish)(CoroutineBase& handler) = nullptr;
  // A request from JSON, for callers by HTTP; an error text when a member has the wrong type.
  std::expected<Payload, std::string> (*parse)(const Json& request) = nullptr;
  const void* data = nullptr;  // passed to start: the declaration of a service without C++
};

}  // namespace soundcheck
