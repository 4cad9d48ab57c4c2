#include "models/rpc/method_table.hpp"

#include <fmt/format.h>

#include "sim/core/assert.hpp"

namespace soundcheck {

MethodId MethodTable::add(ServiceId service, const MethodBinding& binding, EndpointCosts costs) {
  const MethodId id(static_cast<std::uint32_t>(methods_.size()));
  const std::string full = fmt::format("{}.{}", binding.name.service, binding.name.method);
  methods_.push_back({service, world_.names().intern(full), binding, std::move(costs),
                      ProcessStreams(world_, "rpc/endpoint/" + full),
                      ProcessStreams(world_, "rpc/retry-jitter/" + full)});
  const std::pair key(std::string(binding.name.service), std::string(binding.name.method));
  const bool fresh = ids_.emplace(key, id).second;
  SOUNDCHECK_ASSERT(fresh, "method {} added twice", full);
  return id;
}

MethodId MethodTable::find(std::string_view service, std::string_view method) const {
  const auto found = ids_.find({std::string(service), std::string(method)});
  return found == ids_.end() ? MethodId() : found->second;
}

MethodId MethodTable::find(const RpcName& name) {
  const auto address = reinterpret_cast<std::uintptr_t>(&name) / alignof(RpcName);
  KnownName& known = known_[(address ^ (address >> 8)) % known_.size()];
  if (known.name != &name) known = {&name, find(name.service, name.method)};
  return known.method;
}

}  // namespace soundcheck
