#include "models/services/common/population.hpp"

#include <fmt/format.h>

#include "models/services/subscriptions/plans.hpp"
#include "sim/core/fingerprint.hpp"

namespace soundcheck {
namespace {

std::uint64_t draw(const Population& population, std::int64_t user, std::string_view what) {
  const std::uint64_t key = hash_text(what, population.seed);
  return mix64(key ^ static_cast<std::uint64_t>(user), 0x9e3779b97f4a7c15ULL ^ key);
}

std::int64_t one_of(std::int64_t count, RandomStream& random) {
  return count > 0 ? static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(count)))
                   : -1;
}

}  // namespace

const ParameterTable<Subscribers>& Subscribers::parameters() {
  static const auto table =
      ParameterTable<Subscribers>("subscribers", "Who has a plan when the run starts.")
          .optional("subscribed", &Subscribers::subscribed,
                    "share of the users who have a plan when the run starts",
                    at_most(Percentage::of(1)));
  return table;
}

std::int64_t subscribers(const Population& population) {
  return static_cast<std::int64_t>(static_cast<double>(population.users) *
                                   population.settings.of<Subscribers>().subscribed.share());
}

std::int64_t newcomers(const Population& population) {
  return population.users - subscribers(population);
}

std::string user_id_of(std::int64_t user) {
  return fmt::format("u{:07}", user);
}

std::string token_of(std::int64_t user) {
  return fmt::format("{:016x}", hash_text(user_id_of(user), hash_text("token")));
}

double lot_of(const Population& population, std::int64_t user, std::string_view what) {
  return static_cast<double>(draw(population, user, what) >> 11) * 0x1.0p-53;
}

SeededUser seeded_user(const Population& population, std::int64_t user) {
  SeededUser seeded{.user_id = user_id_of(user)};
  if (user >= subscribers(population)) return seeded;
  const auto& plans = subscriptions::kPlans;
  const subscriptions::Plan& plan = plans[draw(population, user, "plan") % plans.size()];
  const auto days = static_cast<std::int64_t>(1 + draw(population, user, "day") % 28);
  seeded.plan = plan.name;
  seeded.price = plan.price;
  seeded.sub_id = "sub-" + seeded.user_id;
  seeded.payment_id = "pay-" + seeded.user_id;
  seeded.paid_at_ms = -days * kDayMs;
  seeded.paid_until_ms = seeded.paid_at_ms + plan.period_days * kDayMs;
  return seeded;
}

std::int64_t anyone(const Population& population, RandomStream& random, std::uint64_t) {
  return one_of(population.users, random);
}

std::int64_t a_subscriber(const Population& population, RandomStream& random, std::uint64_t) {
  return one_of(subscribers(population), random);
}

std::int64_t the_next_newcomer(const Population& population, RandomStream&,
                               std::uint64_t sequence) {
  if (sequence >= static_cast<std::uint64_t>(newcomers(population))) return -1;
  return subscribers(population) + static_cast<std::int64_t>(sequence);
}

}  // namespace soundcheck
