#include <fmt/format.h>

#include <array>

#include "models/services/common/population.hpp"
#include "models/services/gateway/gateway.hpp"

namespace soundcheck::gateway {
namespace {

// Half of the newcomers want the individual plan, the others one of the two bigger ones.
std::string wanted_plan(RandomStream& random) {
  constexpr std::array<const char*, 4> kWishes{"individual", "individual", "family", "premium"};
  return kWishes[random.below(kWishes.size())];
}

Payload make_my_subscription(RandomStream&, std::int64_t user, std::uint64_t) {
  return Payload::of(MySubscription{user_id_of(user), token_of(user)});
}

Payload make_subscribe(RandomStream& random, std::int64_t user, std::uint64_t sequence) {
  Subscribe request{.user_id = user_id_of(user),
                    .token = token_of(user),
                    .client_key = fmt::format("{}-{}", user_id_of(user), sequence),
                    .plan = wanted_plan(random)};
  return Payload::of(std::move(request));
}

Payload renew_subscribe(Payload payload, std::uint32_t attempt) {
  auto request = payload.take<Subscribe>();
  request.client_key = fmt::format("{}-{}", request.client_key, attempt);
  return Payload::of(std::move(request));
}

}  // namespace

// Most clients look, few buy.
std::vector<RequestType> request_types() {
  return {{.name = "my-subscription",
           .help = "anybody looks at the own subscription",
           .rpc = MySubscription::rpc,
           .weight = 90,
           .user = &anyone,
           .make = &make_my_subscription},
          {.name = "subscribe",
           .help = "a newcomer takes a plan: starts the saga subscribe",
           .rpc = Subscribe::rpc,
           .weight = 10,
           .user = &the_next_newcomer,
           .make = &make_subscribe,
           .renew = &renew_subscribe,
           .users = &newcomers}};
}

}  // namespace soundcheck::gateway
