#pragma once

#include "sim/core/parameters.hpp"
#include "sim/env/service.hpp"

namespace soundcheck {

// Durations and amounts of the business, the same for all services: `business:` of a scenario.
struct Business {
  Duration decision_lifetime = Duration::hours(1);
  Duration decision_margin = Duration::minutes(2);
  Duration key_lifetime = Duration::hours(24);
  Duration outbox_sweep = Duration::seconds(30);
  Money amount_limit = Money::minor_units(100'000);
  Percentage subscribed = Percentage::of(0.3);
  static const ParameterTable<Business>& parameters();
};

// What services are told: the business and the seeded defects that are switched on.
ServiceSettings service_settings(const Business& business, const std::vector<std::string>& defects);

}  // namespace soundcheck
