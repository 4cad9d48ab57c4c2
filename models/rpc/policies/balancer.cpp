#include "models/rpc/policies/balancer.hpp"

#include <string>

#include "sim/world/world.hpp"

namespace soundcheck {

namespace balancers {
#define SOUNDCHECK_BALANCER(function, name) StrategyKind function();
#include "models/rpc/policies/balancers.def"
#undef SOUNDCHECK_BALANCER
}  // namespace balancers

const StrategyFamily& Balancer::family() {
  static const StrategyFamily family("balancer", "round-robin", StrategyStyle::kText,
                                     {
#define SOUNDCHECK_BALANCER(function, name) {name, balancers::function()},
#include "models/rpc/policies/balancers.def"
#undef SOUNDCHECK_BALANCER
                                     });
  return family;
}

Balancers::Balancers(World& world) {
  for (std::uint32_t i = 0; i < world.service_count(); ++i) {
    const auto name = world.names().text(world.service_name(ServiceId(i)));
    random_.emplace_back(world, "rpc/balancer/" + std::string(name));
  }
}

void Balancers::forget(ProcessId caller) {
  if (caller.index() < entries_.size()) entries_[caller.index()].clear();
}

Balancer& Balancers::of(const Strategy<Balancer>& choice, ProcessId caller, ServiceId callee) {
  if (caller.index() >= entries_.size()) entries_.resize(caller.index() + 1);
  auto& of_caller = entries_[caller.index()];
  if (callee.index() >= of_caller.size()) of_caller.resize(callee.index() + 1);
  auto& of_callee = of_caller[callee.index()];
  for (const Entry& entry : of_callee) {
    if (entry.choice == &choice) return *entry.balancer;
  }
  return *of_callee.emplace_back(&choice, choice.make()).balancer;
}

}  // namespace soundcheck
