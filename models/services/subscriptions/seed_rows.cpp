#include "models/services/common/population.hpp"
#include "models/services/subscriptions/subscriptions.hpp"

namespace soundcheck::subscriptions {
namespace {

using Row = std::vector<SqlValue>;

bool subscription_row(const Population& population, std::int64_t user, Row& values) {
  const SeededUser seeded = seeded_user(population, user);
  if (!seeded.subscribes()) return false;
  values = {seeded.sub_id, seeded.user_id, seeded.plan};
  return true;
}

bool period_row(const Population& population, std::int64_t user, Row& values) {
  const SeededUser seeded = seeded_user(population, user);
  if (!seeded.subscribes()) return false;
  values = {seeded.sub_id + ":1", seeded.sub_id, seeded.paid_at_ms, seeded.paid_until_ms,
            seeded.payment_id};
  return true;
}

}  // namespace

std::vector<SeedRows> seed_rows() {
  return {{{"INSERT INTO subscriptions.subs (sub_id, user_id, plan_id, state, version) "
            "VALUES (?1, ?2, ?3, 'ACTIVE', 1)"},
           &subscription_row},
          {{"INSERT INTO subscriptions.periods (period_id, sub_id, start_at, end_at, payment_id) "
            "VALUES (?1, ?2, ?3, ?4, ?5)"},
           &period_row}};
}

}  // namespace soundcheck::subscriptions
