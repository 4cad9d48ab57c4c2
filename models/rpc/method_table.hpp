#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/rpc/policy.hpp"
#include "sim/env/http_headers.hpp"
#include "sim/env/service.hpp"
#include "sim/world/process_streams.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// What can be called.
struct Method {
  ServiceId service;
  NameId name;            // "payments.charge"
  MethodBinding binding;  // may have no handler: the endpoint only costs its CPU
  EndpointCosts costs;
  ProcessStreams random;  // of the costs, by server
  ProcessStreams jitter;  // of retries, by caller

  std::int64_t request_bytes(const Payload& payload) const {
    return costs.request ? costs.request->count() : kHttpHeaderBytes + payload.wire_size();
  }
  std::int64_t reply_bytes(const Payload& payload, bool failed) const {
    const bool given = costs.reply && !failed;
    return given ? costs.reply->count() : kHttpHeaderBytes + payload.wire_size();
  }
};

// All methods of a run, by service and name.
class MethodTable {
 public:
  explicit MethodTable(World& world) : world_(world) {}

  // `binding` is copied. No method is added twice.
  MethodId add(ServiceId service, const MethodBinding& binding, EndpointCosts costs);
  // Invalid if there is none.
  MethodId find(std::string_view service, std::string_view method) const;
  // The same, faster for a name that has been asked for before. It stays where it is.
  MethodId find(const RpcName& name);

  Method& operator[](MethodId id) { return methods_[id.index()]; }
  const Method& operator[](MethodId id) const { return methods_[id.index()]; }
  std::size_t size() const { return methods_.size(); }

 private:
  // What callers named last, found by the name's address: the address decides only how fast.
  struct KnownName {
    const RpcName* name = nullptr;
    MethodId method;
  };

  World& world_;
  std::vector<Method> methods_;
  std::map<std::pair<std::string, std::string>, MethodId> ids_;
  std::array<KnownName, 256> known_;
};

}  // namespace soundcheck
