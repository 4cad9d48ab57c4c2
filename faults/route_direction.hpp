#pragma once

#include <cstdint>
#include <vector>

#include "faults/injection.hpp"
#include "sim/core/parameters_form.hpp"

namespace soundcheck {

// Which messages of a route a network fault strikes.
enum class RouteDirection : std::uint8_t { kForward, kBoth };

template <>
struct ParameterChoices<RouteDirection> {
  static constexpr ParameterChoice<RouteDirection> kChoices[] = {
      {RouteDirection::kForward, "forward", "only messages from sender to receiver"},
      {RouteDirection::kBoth, "both", "messages both ways"}};
};

RouteDirection sample_direction(RandomStream& random);

// A rule that applies to the messages of the route and does nothing to them yet.
NetworkRule rule_for_route(const World& world, const Victims& victims, RouteDirection direction);

}  // namespace soundcheck
