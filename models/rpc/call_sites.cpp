#include "models/rpc/call_sites.hpp"

#include <algorithm>
#include <cmath>

namespace soundcheck {
namespace {

constexpr std::int64_t kOneAttempt = 1'000'000;
constexpr std::int64_t kMostLeft = 10 * kOneAttempt;

}  // namespace

Hedging::Hedging(const HedgePolicy& policy)
    : delay_(policy.delay.make()),
      for_each_call_(std::llround(policy.budget.share() * kOneAttempt)),
      left_(kMostLeft) {}

void Hedging::count_call() {
  left_ = std::min(left_ + for_each_call_, kMostLeft);
}

bool Hedging::spend() {
  if (left_ < kOneAttempt) return false;
  left_ -= kOneAttempt;
  return true;
}

Breaker* CallSite::breaker_of(ProcessId caller) {
  if (!policy.breaker) return nullptr;
  std::unique_ptr<Breaker>& breaker = breakers[caller.index()];
  if (breaker == nullptr) breaker = policy.breaker->make();
  return breaker.get();
}

Hedging& CallSite::hedging_of(ProcessId caller) {
  std::unique_ptr<Hedging>& known = hedging[caller.index()];
  if (known == nullptr) known = std::make_unique<Hedging>(*policy.hedge);
  return *known;
}

CallSites::CallSites(const World& world, const MethodTable& methods)
    : methods_(methods), found_(world.service_count()) {
  groups_.reserve(world.process_count());
  for (std::uint32_t process = 0; process < world.process_count(); ++process)
    groups_.push_back(world.process(ProcessId(process)).service.index());
}

void CallSites::set(ServiceId caller, ServiceId callee, const CallPolicy& policy,
                    const std::string& method) {
  sites_[{caller.index(), callee.index(), method}].set(policy);
  found_[caller.index()].clear();
}

void CallSites::set(ProcessId caller, const CallPolicy& policy) {
  std::uint32_t& group = groups_[caller.index()];
  group = static_cast<std::uint32_t>(found_.size());
  found_.emplace_back();
  sites_[{group, ServiceId().index(), ""}].set(policy);
}

CallSite& CallSites::find(std::uint32_t group, MethodId method) {
  const Method& called = methods_[method];
  const std::uint32_t callee = called.service.index();
  const std::string name(called.binding.name.method);
  auto found = sites_.find({group, callee, name});
  if (found == sites_.end()) found = sites_.find({group, callee, ""});
  if (found == sites_.end()) found = sites_.find({group, ServiceId().index(), ""});
  return found == sites_.end() ? default_ : found->second;
}

void CallSites::forget(ProcessId caller) {
  for (auto& [key, site] : sites_) {
    site.breakers.erase(caller.index());
    site.hedging.erase(caller.index());
  }
}

}  // namespace soundcheck
