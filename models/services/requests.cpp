#include "models/services/requests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "models/services/gateway/api.hpp"

namespace soundcheck {
namespace {

// Half of the newcomers want the individual plan, the others one of the two bigger ones.
std::string wanted_plan(RandomStream& random) {
  constexpr std::array<const char*, 4> kWishes{"individual", "individual", "family", "premium"};
  return kWishes[random.below(kWishes.size())];
}

Payload make_my_subscription(RandomStream&, std::int64_t user, std::uint64_t) {
  return Payload::of(gateway::MySubscription{user_id_of(user), token_of(user)});
}

Payload make_subscribe(RandomStream& random, std::int64_t user, std::uint64_t sequence) {
  gateway::Subscribe request{.user_id = user_id_of(user),
                             .token = token_of(user),
                             .client_key = fmt::format("{}-{}", user_id_of(user), sequence),
                             .plan = wanted_plan(random)};
  return Payload::of(std::move(request));
}

constexpr std::array kTypes{
    RequestType{"my-subscription", gateway::MySubscription::rpc, UserGroup::kAnyone,
                &make_my_subscription},
    RequestType{"subscribe", gateway::Subscribe::rpc, UserGroup::kNewcomers, &make_subscribe},
};

}  // namespace

std::span<const RequestType> request_types() {
  return kTypes;
}

const RequestType* find_request_type(std::string_view name) {
  const auto* const found = std::find_if(
      kTypes.begin(), kTypes.end(), [&](const RequestType& type) { return type.name == name; });
  return found == kTypes.end() ? nullptr : found;
}

std::int64_t pick_user(const PopulationSettings& population, UserGroup group, RandomStream& random,
                       std::uint64_t sequence) {
  const std::int64_t newcomers = population.users - population.subscribers;
  const auto among = [&](std::int64_t count) -> std::int64_t {
    return count > 0 ? static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(count)))
                     : -1;
  };
  switch (group) {
    case UserGroup::kAnyone:
      return among(population.users);
    case UserGroup::kSubscribers:
      return among(population.subscribers);
    case UserGroup::kNewcomers:
      break;
  }
  if (newcomers <= 0) return -1;
  return population.subscribers +
         static_cast<std::int64_t>(sequence % static_cast<std::uint64_t>(newcomers));
}

}  // namespace soundcheck
