#include "models/rpc/call_sites.hpp"

namespace soundcheck {

Breaker* CallSite::breaker_of(ProcessId caller) {
  if (!policy.breaker) return nullptr;
  std::unique_ptr<Breaker>& breaker = breakers[caller.index()];
  if (breaker == nullptr) breaker = policy.breaker->make();
  return breaker.get();
}

void CallSites::set(ServiceId caller, ServiceId callee, const CallPolicy& policy,
                    const std::string& method) {
  sites_[{caller.index(), callee.index(), method}].policy = policy;
  found_[caller.index()].clear();
}

CallSite& CallSites::find(ServiceId caller, MethodId method) {
  const Method& called = methods_[method];
  const std::uint32_t callee = called.service.index();
  const std::string name(called.binding.name.method);
  auto found = sites_.find({caller.index(), callee, name});
  if (found == sites_.end()) found = sites_.find({caller.index(), callee, ""});
  if (found == sites_.end()) found = sites_.find({caller.index(), ServiceId().index(), ""});
  return found == sites_.end() ? default_ : found->second;
}

void CallSites::forget(ProcessId caller) {
  for (auto& [key, site] : sites_) site.breakers.erase(caller.index());
}

}  // namespace soundcheck
