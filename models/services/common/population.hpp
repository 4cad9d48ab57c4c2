#pragma once

#include <cstdint>
#include <string>

#include "models/blueprint/blueprint.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

// The users that exist before a run starts, as all services know them. All have an active account,
// can log in and have a verified billing profile. The first ones took a plan some days ago and paid
// for it; the others are newcomers. Each service has its own rows of them (seed_rows of its
// blueprint); what these have in common is here.

// How many subscribe: a setting of `business:`.
struct Subscribers {
  Percentage subscribed = Percentage::of(0.3);
  static const ParameterTable<Subscribers>& parameters();
};
std::int64_t subscribers(const Population& population);
std::int64_t newcomers(const Population& population);

constexpr std::int64_t kDayMs = 86'400'000;

struct SeededUser {
  std::string user_id;
  std::string plan;        // of a subscriber, else empty
  std::int64_t price = 0;  // minor units
  std::string sub_id;
  std::string payment_id;
  std::int64_t paid_at_ms = 0;  // before the start: negative
  std::int64_t paid_until_ms = 0;

  bool subscribes() const { return !sub_id.empty(); }
};
SeededUser seeded_user(const Population& population, std::int64_t user);
std::string user_id_of(std::int64_t user);
std::string token_of(std::int64_t user);

// A share in [0, 1) that this user draws for `what`, the same whatever else is asked.
double lot_of(const Population& population, std::int64_t user, std::string_view what);

// Who sends a request (RequestType::user): by lot, or newcomers one after the other, each once.
std::int64_t anyone(const Population& population, RandomStream& random, std::uint64_t sequence);
std::int64_t a_subscriber(const Population& population, RandomStream& random,
                          std::uint64_t sequence);
std::int64_t the_next_newcomer(const Population& population, RandomStream& random,
                               std::uint64_t sequence);

}  // namespace soundcheck
