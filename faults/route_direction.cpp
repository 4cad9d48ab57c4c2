#include "faults/route_direction.hpp"

namespace soundcheck {

RouteDirection sample_direction(RandomStream& random) {
  return random.chance(0.5) ? RouteDirection::kForward : RouteDirection::kBoth;
}

NetworkRule rule_for_route(const World& world, const Victims& victims, RouteDirection direction) {
  NetworkRule rule;
  rule.from.resize(world.process_count());
  rule.to.resize(world.process_count());
  for (const ProcessId process : victims.from) rule.from[process.index()] = true;
  for (const ProcessId process : victims.to) rule.to[process.index()] = true;
  rule.both_ways = direction == RouteDirection::kBoth;
  return rule;
}

}  // namespace soundcheck
