#pragma once

#include <array>
#include <cstdint>

namespace soundcheck::subscriptions {

// What can be subscribed to: the rows of subscriptions.plans.
struct Plan {
  const char* name;
  std::int64_t price;  // of a period, in minor units
  std::int64_t period_days;
  std::int64_t seats;
};
inline constexpr std::array<Plan, 3> kPlans{
    {{"individual", 1099, 30, 1}, {"family", 1699, 30, 6}, {"premium", 1499, 30, 1}}};

}  // namespace soundcheck::subscriptions
